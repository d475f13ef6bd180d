// What the finished calls of one line say about a wait that is imposed and not earned. Pure functions: `now` are the
// calls to judge (of the last hour, or since a hold began), `before` the earlier ones of the same window. None of them
// opens an incident; each adds a sentence to one that stands.
#pragma once

#include <string>

#include "agent/detect/call_window.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/values.hpp"

namespace hf::detect {

struct Sign {
  ReadingState state = ReadingState::unknown;
  std::optional<double> value, baseline;
  uint32_t sample_size = 0;
  Values values;  // numbers of its sentence, once it stands
};

// A wait below this is nobody's policy.
inline constexpr Duration kPolicyWait = std::chrono::seconds(60);

// H5. Least squares of the wait on the callers ahead. value: seconds per caller ahead; baseline: what one caller ahead
// costs in a queue that is served in order, the mean time between two answers. Stands: at least 12 answers, the
// callers ahead vary (standard deviation 1), median wait above kPolicyWait, and slope + 2 standard errors below a
// quarter of the baseline.
Sign wait_without_load(const Calls& now);
// H6. From the times alone, without matching calls: all differences answer - arrival below 30 min, the window of 4 s
// that holds most. Stands: it holds three fifths of the answers (5 at least), four times what chance puts there, at a
// lag above kPolicyWait. value: that lag.
Sign shifted_arrivals(const Calls& now);
// H8, Little's law sharpened: with one constant wait D the callers waiting at any moment are exactly those who arrived
// in the last D. D = median wait of the answered; at each arrival L is compared with that count. Stands: mean |L - N|
// within 10 % of a mean N of 3 or more, 10 arrivals, D above kPolicyWait. value: D.
Sign constant_queue(const Calls& now);
// H19. Longest single part of the wait (to the queue, or in it), of answered callers above kPolicyWait: the share
// within 2 s of a multiple of 30 s; chance puts 4/30 there. Stands: 5 or more, binomial p < 1e-4.
Sign round_wait(const Calls& now);
// H22. Time from the PBX's pick-up to the first person. value: median; baseline: the same before. Stands: 5 or more,
// above kPolicyWait and twice the baseline, nine tenths within 5 s of the median.
Sign silent_dialog(const Calls& now, const Calls& before);
// H13. Hang-ups within 15 s after an announcement against those at other times, each by the time callers spent there.
// value: ratio of the two hazards. Stands: 5 or more near, binomial p < 1e-3 for their share of the time.
Sign hangups_after_announcement(const Calls& now);
// H10. Share of all callers answered within a minute of their arrival, now and before. Stands: binomial p < 1e-4 for 8
// callers or more at the share of before, which must be a half or more.
Sign service_level(const Calls& now, const Calls& before);
// Median wait of the answered; unset below `least` of them.
std::optional<Duration> median_wait(const Calls& calls, size_t least);

}  // namespace hf::detect
