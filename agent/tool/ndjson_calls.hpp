// Calls and agents' intervals as NDJSON for the command line tool: one object a line, times in unix seconds with
// microseconds, unknown as null.
#pragma once

#include <string>
#include <string_view>

#include "agent/calls/call.hpp"

namespace hf::app {

// {"uniqueid","line","queue","queues","arrived","connected","ended","outcome","caller_wait_s","queue_wait_s","hold_s","talk_s","agent"}
// and a line feed. `queue` is the last one, queue_wait_s the stay in it; for a call that is open only what is past is a
// number. Where `source` shows no channels, nothing is known of the time before the queue nor of holding: those are
// null.
std::string call_ndjson(const calls::Call& call, const pbx::SourceUp& source);

// {"agent","queue","from","to","state"} and a line feed. `queue` is null for a talk that no queue brought; `to` is null
// while it lasts.
std::string agent_ndjson(const calls::AgentInterval& interval);

std::string_view to_string(calls::Outcome outcome);   // "lost_by_restart"
std::string_view to_string(calls::AgentState state);  // "wrap_up"

}  // namespace hf::app
