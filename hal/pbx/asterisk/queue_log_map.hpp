// Asterisk's queue_log: one line becomes a list of CallEvents. Memoryless and pure.
// In: "unix-seconds|uniqueid|queue|agent|event|data..." (fields are not escaped). Out: events in the order AMI would
// have sent them. The log names an agent by the member's name in CONNECT, COMPLETE*, RINGNOANSWER and PAUSE, by the
// interface in ADDMEMBER and REMOVEMEMBER: `member` holds whichever the line has, and who is free cannot be known from
// here.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hal/pbx/call_event.hpp"

namespace hf::pbx {

class QueueLogMapper {
 public:
  // Appends what the line means; the event's time is the line's own. False for a line that is no queue_log line
  // (counted).
  bool map(std::string_view line, std::vector<CallEvent>& out);

  uint64_t unknown() const { return unknown_; }  // verbs never heard of: whatever the dialplan wrote with QueueLog()
  uint64_t malformed() const { return malformed_; }  // lines without a time or an event

 private:
  uint64_t unknown_ = 0, malformed_ = 0;
};

// The time of a line, if it is a queue_log line.
std::optional<Time> queue_log_time(std::string_view line);

}  // namespace hf::pbx
