// Chances of counts: pure functions.
#pragma once

#include <cstdint>

namespace hf::detect {

// P(X >= k) and P(X <= k) for X ~ Binomial(n, p), summed term by term in logarithms. n up to some thousands.
double chance_of_at_least(uint32_t k, uint32_t n, double p);
double chance_of_at_most(uint32_t k, uint32_t n, double p);

}  // namespace hf::detect
