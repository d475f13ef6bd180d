#include "agent/metrics/erlang.hpp"

#include <cmath>

namespace hf::metrics {
namespace {

constexpr double kNegligible = 1e-12;       // of the sum so far
constexpr uint32_t kMostWaiting = 200'000;  // states; reached by no queue that people answer

}  // namespace

std::optional<ErlangA> erlang_a(double per_hour, double talk_s, uint32_t members, double patience_s) {
  if (!(per_hour > 0) || !(talk_s > 0) || members == 0 || !(patience_s > 0)) return std::nullopt;
  const double lambda = per_hour / 3600, mu = 1 / talk_s, theta = 1 / patience_s, n = members;
  if (theta <= 0 && lambda >= n * mu) return std::nullopt;
  // Relative to the state in which all members talk and nobody waits.
  double sum = 1, p = 1;
  for (double k = n; k >= 1 && p > kNegligible * sum; --k) sum += p *= k * mu / lambda;
  double waits = 1, queue = 0;
  p = 1;
  for (uint32_t q = 1; q < kMostWaiting; ++q) {
    p *= lambda / (n * mu + q * theta);
    waits += p, queue += q * p;
    if (p < kNegligible * waits && lambda < n * mu + q * theta) break;
  }
  sum += waits - 1;
  ErlangA out;
  out.waits = waits / sum;
  out.wait_s = queue / sum / lambda;
  out.abandons = theta * out.wait_s;
  return out;
}

}  // namespace hf::metrics
