// What a queue's evidence must reach to be told as a hold or as a dead queue. Pure.
#pragma once

#include <numbers>

#include "agent/detect/parameters.hpp"

namespace hf::detect {

// Where it is known who is free, two suspicions look at the same members, a hold of all callers and one of a part: the
// larger counts, which costs ln 2.
inline double hold_alarm(const Parameters& p, bool agent_state) {
  return p.alarm_nats + (agent_state ? std::numbers::ln2 : 0);
}

}  // namespace hf::detect
