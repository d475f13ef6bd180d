// What a queue that works should make callers wait: the sanity line beside every measured wait. Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace hf::metrics {

struct ErlangA {
  double waits = 0;     // P(W > 0): the share of callers who do not reach somebody at once
  double abandons = 0;  // P(Ab): the share of callers who hang up
  double wait_s = 0;    // E[W], over all callers
};

// M/M/n+M (Palm 1957; Garnett, Mandelbaum, Reiman, Manufacturing & Service Operations Management 4:208-227, 2002):
// callers come at random at `per_hour`, `members` answer in the order of arrival, talks last `talk_s` and patience
// `patience_s` in the mean, both exponential. States k = callers in the queue or talking: birth lambda, death
// min(k, n) mu + max(0, k - n) theta; E[W] = E[Q] / lambda, P(Ab) = theta E[W]. `patience_s` may be infinite (nobody
// hangs up: Erlang-C). Unset: a value that is not above 0, or infinite patience and more calls than the members can
// take, where no wait is long enough. It assumes that the load is steady for a few talks.
std::optional<ErlangA> erlang_a(double per_hour, double talk_s, uint32_t members, double patience_s);

}  // namespace hf::metrics
