// What the parts of the AMI mapper share. Only ami_map*.cpp include this.
#pragma once

#include "hal/pbx/asterisk/ami_fields.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

// One message being mapped.
struct AmiContext {
  const AmiFields& fields;
  const SipKey& key;
  Time at;
  std::optional<Time> pbx_at;
  std::vector<CallEvent>& out;

  void add(CallEventBody body) const { out.push_back({at, pbx_at, std::move(body)}); }
  std::string text(AmiKey name) const { return clean_text(fields[name]); }
  // 0 when missing or no number.
  uint32_t count(AmiKey name) const { return to_number<uint32_t>(fields[name]).value_or(0); }
  std::optional<Duration> seconds(AmiKey name) const { return to_seconds(fields[name]); }
  CallerKey caller() const { return caller_key(key, fields[AmiKey::calleridnum]); }
};

using AmiHandler = void (*)(const AmiContext&);

// ami_map_channel.cpp
void map_new_channel(const AmiContext& c);
void map_new_state(const AmiContext& c);
void map_new_exten(const AmiContext& c);
void map_music_start(const AmiContext& c);
void map_music_stop(const AmiContext& c);
void map_bridge_enter(const AmiContext& c);
void map_bridge_leave(const AmiContext& c);
void map_hold(const AmiContext& c);
void map_unhold(const AmiContext& c);
void map_hangup_request(const AmiContext& c);
void map_soft_hangup_request(const AmiContext& c);
void map_hangup(const AmiContext& c);
void map_dial_end(const AmiContext& c);
void map_blind_transfer(const AmiContext& c);
void map_attended_transfer(const AmiContext& c);
ChannelState channel_state(std::string_view number);

// ami_map_queue.cpp
void map_caller_join(const AmiContext& c);
void map_caller_leave(const AmiContext& c);
void map_caller_abandon(const AmiContext& c);
void map_var_set(const AmiContext& c);
void map_device_state(const AmiContext& c);
void map_agent_called(const AmiContext& c);
void map_agent_connect(const AmiContext& c);
void map_agent_complete(const AmiContext& c);
void map_ring_no_answer(const AmiContext& c);
void map_member(const AmiContext& c);
void map_member_added(const AmiContext& c);
void map_member_removed(const AmiContext& c);
void map_user_event(const AmiContext& c);

// ami_map_voice.cpp
void map_rtp_quality(const AmiContext& c);

// ami_map_picture.cpp
void map_response(const AmiContext& c);
void map_queue_params(const AmiContext& c);
void map_listed_member(const AmiContext& c);
void map_queue_entry(const AmiContext& c);
void map_queues_complete(const AmiContext& c);
void map_listed_channel(const AmiContext& c);
void map_channels_complete(const AmiContext& c);
void map_fully_booted(const AmiContext& c);
void map_shutdown(const AmiContext& c);
void map_reload(const AmiContext& c);
// The dialplan's step that runs `application`; nothing for what does not bear on waiting.
std::optional<StepKind> step_kind(std::string_view application);

}  // namespace hf::pbx
