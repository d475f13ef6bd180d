// Without anything human the model is an M/M/n+M queue, whose stationary law is known: the yardstick for arrivals, service and patience.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/simulated/sim_trace.hpp"

namespace hf::pbx {
namespace {

struct ErlangA {
  double mean_wait = 0, abandoned = 0;
};

// Birth-death chain: birth l, death min(k,n)m + max(0,k-n)t. P(abandon) = t E[Q]/l, E[W] = E[Q]/l (Mandelbaum, Zeltyn 2005).
ErlangA erlang_a(size_t n, double l, double m, double t) {
  double weight = 1, sum = 1, queue = 0;
  for (size_t k = 1; k < n + 2000; ++k) {
    const double over = k > n ? static_cast<double>(k - n) : 0.0;
    weight *= l / (static_cast<double>(std::min(k, n)) * m + over * t);
    sum += weight;
    queue += weight * over;
  }
  queue /= sum;
  return {queue / l, t * queue / l};
}

ErlangA measured(size_t n, double per_minute, double talk_s, double patience_s, uint64_t seed) {
  SimOptions options;
  options.seed = seed;
  options.keep_truth = true;
  options.site = erlang_site(n, per_minute, from_seconds(talk_s), from_seconds(patience_s));
  SimModel model(options, kMidnight, kMidnight);
  while (model.next(kMidnight + std::chrono::hours(24 * 6))) continue;
  double wait = 0, abandoned = 0, calls = 0;
  for (const SimCallTruth& call : model.truth().calls) {
    if (!call.ended || call.arrived < kMidnight + std::chrono::hours(2)) continue;
    calls += 1, wait += seconds(call.wait()), abandoned += call.outcome == SimOutcome::abandoned ? 1 : 0;
  }
  return {wait / calls, abandoned / calls};
}

void expect_close(size_t n, double per_minute, double talk_s, double patience_s) {
  const auto seed = static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  const ErlangA want = erlang_a(n, per_minute / 60, 1 / talk_s, 1 / patience_s), got = measured(n, per_minute, talk_s, patience_s, seed);
  EXPECT_NEAR(got.mean_wait / want.mean_wait, 1, 0.08);
  EXPECT_NEAR(got.abandoned / want.abandoned, 1, 0.08);
}

TEST(SimErlang, has_the_mean_wait_and_abandon_rate_of_the_formula_when_busy) { expect_close(10, 4.5, 140, 120); }
TEST(SimErlang, has_the_mean_wait_and_abandon_rate_of_the_formula_when_overloaded) { expect_close(8, 4.5, 140, 90); }

}  // namespace
}  // namespace hf::pbx
