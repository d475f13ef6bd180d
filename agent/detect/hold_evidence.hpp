// What one line's ways say for and against an artificial hold. Pure functions.
#pragma once

#include <optional>

#include "agent/detect/ways.hpp"

namespace hf::detect {

// The sequential test of one line (CUSUM: Page 1954, Lorden 1971): over its callers in the order of arrival
//   S = max(0, S + ln(1 - rho + rho exp(held_nats))) for one who is late beside spare people, S = max(0, S + ln(1 -
//   rho)) for one who went straight on,
// for rho = 0.25 (a partial roll-out) and 0.9 (everybody), the larger counts. Callers of which nothing can be said yet
// do not count.
struct LineEvidence {
  double nats = 0;
  uint32_t held = 0;          // callers in the run that are beside spare people for kHeldLength or longer
  uint32_t late = 0;          // callers in the run that are so for 20 s or longer
  Duration longest{};         // longest of these times
  std::optional<Time> first;  // arrival of the first caller of the run
};
// A caller who came while the centre may not have been open counts kColdGrace later: callers who wait for the opening
// time wait beside agents.
LineEvidence weigh(const LineWays& line, double stray);
// False when weigh() would find nobody late, whatever the usual bound is: a look without logarithms.
bool any_beside(const LineWays& line);
inline constexpr Duration kColdGrace = std::chrono::minutes(10);

// The same for a line beside others that are under a standing policy: rho is the policy's share, and a caller counts
// from 20 s on instead of 40. `by_age`: on a steady line the time beyond the usual bound counts, with people to spare
// or without: a policy holds callers of a busy queue, too.
LineEvidence weigh_beside(const LineWays& line, Time now, double stray, double rho, bool by_age);
inline constexpr double kNameNats = 5.3;  // 200 to 1

// Sum over the lines of one PBX at which an alarm is raised: ln(calls of a queue-year at 30 an hour, all day) + ln 2
// for the two shares tried. By Lorden's bound a CUSUM at this height gives at most one false alarm in that many
// ordinary calls.
inline constexpr double kAlarmNats = 13.2;
inline constexpr uint32_t kFewestHeld = 2;  // distinct callers of a minute: one who is lost in a menu is none

// H1, H2, H11, H14: the answered callers of the line came to the queue after one constant time that is not the usual
// one, and were answered at once.
struct ConstantDwell {
  Duration dwell{};       // median of the mass
  Duration half_width{};  // half of its range
  uint32_t inside = 0, of = 0;
  Time first{}, last{};  // arrivals of the first and last caller in it
};
// `agent_state`: the source can tell who is free; without it more callers are asked for.
std::optional<ConstantDwell> constant_dwell(const LineWays& line, bool agent_state);

}  // namespace hf::detect
