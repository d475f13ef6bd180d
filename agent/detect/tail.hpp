// What is usual, as a tail: P(a value is at least x), learnt value by value, with a prior that holds from the first one
// on. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

// Steps of a factor of about 1.5 from 10 s to 30 min; a value below the first step only counts as one more.
class Tail {
 public:
  static constexpr std::array<int, 14> kStepsS{10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 600, 900, 1800};

  void add(Duration value) {
    ++all_;
    for (size_t i = 0; i < kStepsS.size() && value >= std::chrono::seconds(kStepsS[i]); ++i) ++at_least_[i];
  }
  // -ln P(value >= x): P = (max(prior * P0, 1/2) + seen at least x) / (prior + all seen), P0 = 0.1 s / x: one in 200
  // reaches 20 s, half as many twice as long. Beyond all that was seen (and 60 s) each further minute adds one nat, 6
  // at most. 0 below the first step.
  double nats(Duration x, double prior) const {
    const size_t i = step_of(x);
    if (i == 0) return 0;
    const double p0 = 0.1 / kStepsS[i - 1];
    const double known = -std::log((std::max(prior * p0, 0.5) + at_least_[i - 1]) / (prior + all_));
    if (at_least_[i - 1] > 0) return known;
    const size_t seen = static_cast<size_t>(std::ranges::find(at_least_, 0U) - at_least_.begin());
    const double beyond = seconds(x) - std::max(60, seen == 0 ? 0 : kStepsS[seen - 1]);
    return known + std::clamp(beyond / 60, 0.0, 6.0);
  }
  uint32_t all() const { return all_; }

  template <class A>
  void fields(A& a) {
    a("all", all_), a("at_least", at_least_);
  }

 private:
  static size_t step_of(Duration x) {
    size_t i = kStepsS.size();
    while (i > 0 && x < std::chrono::seconds(kStepsS[i - 1])) --i;
    return i;
  }
  uint32_t all_ = 0;
  std::array<uint32_t, kStepsS.size()> at_least_{};
};

}  // namespace hf::detect
