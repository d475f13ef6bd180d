// A capture followed by the tracker: every call and interval that it told.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "hal/pbx/call_event.hpp"

namespace hf::golden {

struct Followed {
  std::map<std::string, calls::Call> calls;  // as they ended; open ones as they stand
  std::vector<calls::AgentInterval> intervals;
  uint64_t events = 0;
  size_t ended_twice = 0;
};

// All events of a capture, in order. `keep` decides which the PBX would have sent.
std::vector<pbx::CallEvent> read_events(const std::string& path);
Followed follow(const std::vector<pbx::CallEvent>& events);

// What is left when the login asks for the classes call, agent, system and user only: no dialplan steps and variables.
std::vector<pbx::CallEvent> without_dialplan(std::vector<pbx::CallEvent> events);

}  // namespace hf::golden
