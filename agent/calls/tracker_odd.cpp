// What cannot be, counted before it is believed; orders that cannot be are counted by the handlers, which look the call
// up anyway.
#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {
constexpr Duration kPbxClockBack = std::chrono::seconds(2);
constexpr Duration kForEver = std::chrono::hours(24);
}  // namespace

void Tracker::State::count_odd(const pbx::CallEvent& event, bool negative) {
  if (event.at < last_at) ++odd.clock_back;
  last_at = event.at;
  if (event.pbx_at) {
    if (last_pbx_at && *event.pbx_at + kPbxClockBack < *last_pbx_at) ++odd.clock_back;
    last_pbx_at = event.pbx_at;
  }
  if (negative) ++odd.negative;
}

// Nobody works a whole day in one state: a phone that was left logged in.
void Tracker::State::count_old_members(Time t) {
  odd.members_for_ever = 0;
  for (const AgentNow& a : agents.now())
    if (a.state != AgentState::logged_out && t - a.since > kForEver) ++odd.members_for_ever;
}

}  // namespace hf::calls
