// FreeSWITCH Event Socket, meaning: one frame becomes a list of CallEvents. Pure. In: a frame (esl_frame) or the answer
// to a question, and when it was received. Out: events, none for most frames. A channel's and a caller's events need no
// memory; what agents do needs the tables of the same connection (esl_floor). What one version does differently is told
// in esl_map_*.cpp beside the line that copes with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/freeswitch/esl_fields.hpp"
#include "hal/pbx/freeswitch/esl_floor.hpp"
#include "hal/pbx/freeswitch/esl_frame.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

// What a connection has told so far and later messages are read with.
struct EslMemory {
  EslFloor floor;
  PbxClock clock;
  std::optional<Time> booted;        // told last
  std::optional<Duration> up_since;  // "status" said that the PBX is up so long, and its clock was not known yet
  Time up_said{};
  std::vector<CallEventBody> channels;  // a picture that waits for the word whether the PBX was restarted
};

class EslMapper {
 public:
  // `site_key` turns callers' numbers into pseudonyms; the numbers and the callers' names go no further than here.
  explicit EslMapper(const SipKey& site_key) : key_(site_key) {}

  // Appends what an event means; other frames say nothing by themselves. `at` is the receive time; the PBX's own
  // becomes pbx_at.
  void map(const EslFrame& frame, Time at, std::vector<CallEvent>& out);
  // Appends what an answer means: of "callcenter_config ... list", "show channels as json" and "status". A background
  // job's event brings its question along and comes by map().
  void answer(std::string_view question, std::string_view text, Time at, std::vector<CallEvent>& out);

  // A new connection: nothing of the old one holds.
  void reset() { memory_ = {}; }
  // Queues whose members must be asked for before the picture is whole.
  std::vector<std::string> wanted() const { return memory_.floor.wanted(); }
  // Events of a kind this mapper has never heard of.
  uint64_t unknown() const { return unknown_; }

 private:
  SipKey key_;
  EslFields fields_;  // scratch: holds nothing from one frame to the next
  EslMemory memory_;
  uint64_t unknown_ = 0;
};

// "FreeSWITCH 1.10.12-release" of an answer to "status" or "version", or of a FreeSWITCH-Version header; empty when
// there is none.
std::string esl_product(std::string_view text);

}  // namespace hf::pbx
