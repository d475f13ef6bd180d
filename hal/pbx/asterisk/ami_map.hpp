// Asterisk Manager Interface, meaning: one message becomes a list of CallEvents. Memoryless and pure: stitching is
// agent/calls' work. In: the text of a message (ami_frame) and when it was received. Out: events, none for most
// messages. What one version does differently is told in ami_map_*.cpp beside the line that copes with it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hal/pbx/asterisk/ami_fields.hpp"
#include "hal/pbx/call_event.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

class AmiMapper {
 public:
  // `site_key` turns callers' numbers into pseudonyms; the numbers and the callers' names go no further than here.
  // `cel_steps`: the dialplan's steps are taken from CEL events, for a login that gets no Newexten (class dialplan); with both a step would be told twice.
  explicit AmiMapper(const SipKey& site_key, bool cel_steps = false) : key_(site_key), cel_steps_(cel_steps) {}

  // Appends what the message means. `at` is the receive time; the PBX's own, where the message tells one, becomes
  // pbx_at.
  void map(std::string_view message, Time at, std::vector<CallEvent>& out);

  // Messages of a kind this mapper has never heard of.
  uint64_t unknown() const { return unknown_; }

 private:
  SipKey key_;
  bool cel_steps_;
  AmiFields fields_;  // scratch: holds nothing from one message to the next
  uint64_t unknown_ = 0;
};

// The value of the first key: "QueueCallerJoin" of "Event: QueueCallerJoin", empty when the first key is not `key`.
std::string_view ami_first_value(std::string_view message, std::string_view key);

}  // namespace hf::pbx
