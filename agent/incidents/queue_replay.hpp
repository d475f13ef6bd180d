// A queue played again: callers in their order, people as they were there, first come first served. In: arrivals,
// holds, talks, patience, staff. Out: each caller's wait. Pure and deterministic; at most some thousand calls at a
// time.
#pragma once

#include <limits>
#include <vector>

namespace hf::incidents {

inline constexpr double kPatient = std::numeric_limits<double>::infinity();

struct ReplayCall {            // all in seconds; the interval begins at 0
  double arrived = 0;          // may lie before 0: it waited already; then it is not counted
  double hold = 0;             // kept from being served for so long, whoever is free
  double talk = 0;             // occupies one agent for so long, wrap-up included
  double patience = kPatient;  // hangs up after so long a wait, from arrival
};

struct Replay {
  std::vector<ReplayCall> calls;  // by arrival
  std::vector<double> agents;  // of each minute from 0 on; fractions are made up over the minutes; the last one stays
  std::vector<double> busy_until;  // talks that go on at 0: when they end
};

// The wait of each call, from arrival to a person or to the hang-up, in the order of `calls`. FCFS by the end of the
// hold; an agent who leaves ends the talk first. Whoever is not reached within four hours after the last minute has
// waited until then.
std::vector<double> replay_waits(const Replay& replay);

}  // namespace hf::incidents
