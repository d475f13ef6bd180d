#include "agent/detect/chance.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

double term(uint32_t k, uint32_t n, double p) {
  const double log_choose = std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
  return std::exp(log_choose + k * std::log(p) + (n - k) * std::log1p(-p));
}

}  // namespace

double chance_of_at_least(uint32_t k, uint32_t n, double p) {
  if (k == 0 || p >= 1) return 1;
  if (k > n || p <= 0) return 0;
  double sum = 0;
  for (uint32_t i = k; i <= n; ++i) sum += term(i, n, p);
  return std::min(sum, 1.0);
}

double chance_of_at_most(uint32_t k, uint32_t n, double p) {
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  double sum = 0;
  for (uint32_t i = 0; i <= k; ++i) sum += term(i, n, p);
  return std::min(sum, 1.0);
}

}  // namespace hf::detect
