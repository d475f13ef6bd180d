// What the parts of the ESL mapper share. Only esl_map*.cpp include this.
#pragma once

#include "hal/pbx/freeswitch/esl_map.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

// One event being mapped.
struct EslContext {
  const EslFields& fields;
  const SipKey& key;
  Time at;
  std::optional<Time> pbx_at;
  EslMemory& memory;
  std::vector<CallEvent>& out;

  void add(CallEventBody body) const { out.push_back({at, pbx_at, std::move(body)}); }
  void add_all(std::vector<CallEventBody> bodies) const {
    for (CallEventBody& body : bodies) add(std::move(body));
  }
  std::string text(EslKey name) const { return clean_text(fields[name]); }
  // From one header of whole unix seconds to another; nothing when either is missing or 0.
  std::optional<Duration> between(EslKey from, EslKey to) const;
};

using EslHandler = void (*)(const EslContext&);

struct EslEntry {
  std::string_view name;
  EslHandler handler;  // null: known, and says nothing about waiting
};

// esl_map_channel.cpp
void map_create(const EslContext& c);
void map_progress(const EslContext& c);
void map_answer(const EslContext& c);
void map_execute(const EslContext& c);
void map_playback_start(const EslContext& c);
void map_playback_stop(const EslContext& c);
void map_bridge(const EslContext& c);
void map_unbridge(const EslContext& c);
void map_hold(const EslContext& c);
void map_unhold(const EslContext& c);
void map_hangup_complete(const EslContext& c);
HangupSide hangup_side(std::string_view disposition);

// esl_map_device.cpp: which device a leg stands for.
std::string device_of_leg(const EslContext& c);
// Of a row of "show channels": name, direction ("inbound"), address, presence id.
std::string device_of_row(const EslFloor& floor, std::string_view name, bool inbound, std::string_view address,
                          std::string_view presence);

// esl_map_queue.cpp: callcenter::info and holdfast::survey.
void map_custom(const EslContext& c);
bool callcenter_action_known(std::string_view action);

// esl_map_picture.cpp
void map_job(const EslContext& c);
void map_heartbeat(const EslContext& c);
void map_shutdown(const EslContext& c);
void map_reload(const EslContext& c);
void map_question(const EslContext& c, std::string_view question, std::string_view answer);
// The PBX's clock has just become known.
void clock_known(const EslContext& c);

}  // namespace hf::pbx
