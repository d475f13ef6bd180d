// A simulated queue, minute by minute: daily rhythm, days that differ, agents who come and go, callers who give up.
// First come first served; all from one seed.
#pragma once

#include <algorithm>
#include <cmath>
#include <queue>
#include <random>
#include <vector>

#include "agent/metrics/minute.hpp"

namespace hf::forecast {

inline constexpr Time kMonday{std::chrono::seconds(1'735'516'800)};  // 2024-12-30 00:00 UTC

struct SimCall {
  double arrived = 0, left = 0, talk = 0;  // seconds since kMonday
  bool answered = false;
};

class QueueDays {
 public:
  QueueDays(uint64_t seed, int days) : random_(seed) {
    for (int day = 0; day < days; ++day) simulate(day);
  }
  // Minute `m` since kMonday as it was known at its end plus `later` minutes.
  metrics::Minute minute(int m, int later) const {
    metrics::Minute out;
    out.id = "support";
    out.start = kMonday + std::chrono::minutes(m);
    out.observed_seconds = 60;
    const double known = (m + 1 + later) * 60.0;
    for (auto c = from(m * 60.0); c != calls_.end() && c->arrived < (m + 1) * 60.0; ++c) {
      ++out.offered;
      if (c->left > known) continue;
      ++(c->answered ? out.answered : out.abandoned);
      if (c->answered && c->left - c->arrived < 20) ++out.answered_within;
      if (c->answered && c->left + c->talk <= known) out.talk += from_seconds(c->talk);
    }
    for (auto c = from(m * 60.0 - 1800); c != calls_.end() && c->arrived < (m + 1) * 60.0; ++c)
      out.waiting += from_seconds(std::max(0.0, std::min(c->left, (m + 1) * 60.0) - std::max(c->arrived, m * 60.0)));
    out.staffed = std::chrono::seconds(60 * agents(m * 60.0));
    return out;
  }
  const std::vector<SimCall>& calls() const { return calls_; }

 private:
  static bool open(double t) { return std::fmod(t, 86400) >= 8 * 3600 && std::fmod(t, 86400) < 20 * 3600; }
  int agents(double t) const {
    if (!open(t)) return 0;
    const double hour = std::fmod(t, 86400) / 3600;
    return (hour > 9 && hour < 18 ? 10 : 6) - missing_.at(static_cast<size_t>(t / 86400));
  }
  double exponential(double mean) { return -mean * std::log(1 - std::uniform_real_distribution<>(0, 1)(random_)); }

  void simulate(int day) {
    const double level = std::exp(std::normal_distribution<>(-0.05, 0.25)(random_));
    missing_.push_back(static_cast<int>(random_() % 3));
    std::priority_queue<double, std::vector<double>, std::greater<>> busy;  // ends of talks
    for (double t = day * 86400.0 + 8 * 3600; t < day * 86400.0 + 20 * 3600;) {
      const double hour = std::fmod(t, 86400) / 3600;
      t += exponential(3600 / (level * (hour > 9 && hour < 18 ? 150 : 90)));
      SimCall c{.arrived = t, .left = 0, .talk = exponential(190), .answered = true};
      const auto n = static_cast<size_t>(std::max(1, agents(std::min(t, day * 86400.0 + 19.9 * 3600))));
      double start = t;
      while (busy.size() >= n) start = std::max(start, busy.top()), busy.pop();
      const double patience = exponential(400);
      c.answered = start - t <= patience;
      c.left = c.answered ? start : t + patience;
      busy.push(c.answered ? start + c.talk : start);
      calls_.push_back(c);
    }
  }
  std::vector<SimCall>::const_iterator from(double t) const {
    return std::ranges::lower_bound(calls_, t, {}, &SimCall::arrived);
  }

  std::mt19937_64 random_;
  std::vector<int> missing_;
  std::vector<SimCall> calls_;
};

}  // namespace hf::forecast
