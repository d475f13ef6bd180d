// The figures and the evidence of an artificial hold, as records. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/detect/hold_case.hpp"

namespace hf::detect {

// Appends one "totals" Finding (affected, waiting, imposed_s; avoidable_s with agent state; imposed_wait_s once one
// held caller was answered) and the evidence:
//   held_beside_free   callers, wait_s, free, usual_s      callers late on their way beside spare people (H3, H4)
//   constant_wait      callers, wait_s, spread_s, usual_s          answered ones: one constant time (H1, H2)
//   hidden_from_queue  callers, queue_wait_s, caller_wait_s        what the queue's own figures show (H11)
//   left_while_held    left, callers                               who hung up
// usual_s is left out when the line was never seen without the hold.
void tell_hold(const std::map<std::string, HeldLine>& named, const Ways& ways, Time now, bool agent_state,
               std::vector<Finding>& out);

}  // namespace hf::detect
