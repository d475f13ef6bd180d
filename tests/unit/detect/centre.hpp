// A simulated queue for the load signals: callers come at random, wait in order, talk for a log-normal time. Driven a
// minute at a time. The seed is fixed and told, since a statistical test must not fail by luck.
#pragma once

#include <cmath>
#include <deque>
#include <map>
#include <random>

#include "agent/detect/queue_load.hpp"

namespace hf::detect::test {

struct Rates {
  double arrivals = 1.5;  // a minute
  int members = 7;
  double talk_s = 150;  // median
};

class Centre {
 public:
  explicit Centre(uint64_t seed = 7) : random_(seed) {
    testing::Test::RecordProperty("seed", std::to_string(seed));
    calendar.set({});
  }

  // A working day from 8 to 18 h; `at` changes what holds at a minute of it.
  template <class At>
  void day(At&& at) {
    for (int m = 0; m < 1440; ++m) minute(m >= 480 && m < 1080 ? at(m) : Rates{.arrivals = 0, .members = 0});
  }
  void days(int n) {
    for (int i = 0; i < n; ++i) day([](int) { return Rates{}; });
  }
  void minute(const Rates& rates) {
    const Time begin = now_, end = now_ + std::chrono::minutes(1);
    std::poisson_distribution<int> calls(std::max(1e-9, rates.arrivals));
    std::multimap<Time, uint64_t> come;
    for (int i = calls(random_); i > 0; --i) come.emplace(begin + from_seconds(uniform() * 60), ++calls_);
    for (Time t = begin; t < end; t += std::chrono::seconds(5)) {
      for (auto c = come.begin(); c != come.end() && c->first <= t; c = come.erase(c))
        load.arrived(), waiting_.push_back(t);
      for (auto b = busy_.begin(); b != busy_.end() && b->first <= t; b = busy_.erase(b))
        load.talk_ended(b->second, b->first, calendar);
      std::erase_if(waiting_, [&](Time since) { return uniform() < 5.0 / 900 && t - since > Duration{}; });
      while (!waiting_.empty() && static_cast<int>(busy_.size()) < rates.members) {
        waiting_.pop_front();
        const double z = std::normal_distribution<double>(std::log(rates.talk_s), 0.9)(random_);
        ++talks_;
        load.talk_began(talks_, talks_ % 7, t);
        busy_.emplace(t + from_seconds(std::exp(z)), talks_);
      }
    }
    for (const auto& [t, c] : come) load.arrived(), waiting_.push_back(t);
    now_ = end;
    const LoadCause before = load.standing();
    FloorMinute floor{static_cast<double>(waiting_.size()) + stranded, static_cast<double>(rates.members), other, 0, std::nullopt};
    load.minute(end, floor, calendar, parameters);
    if (before == LoadCause::none && load.standing() != LoadCause::none) alarms.push_back({load.standing(), end});
  }
  Time now() const { return now_; }
  void step_clock(Duration by) { now_ += by; }

  struct Alarm {
    LoadCause cause;
    Time at;
  };
  Calendar calendar;
  LoadParameters parameters;
  QueueLoad load;
  bool other = false;
  double stranded = 0;  // further callers who wait, for no reason that shows
  std::vector<Alarm> alarms;

 private:
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  std::mt19937_64 random_;
  Time now_ = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2));
  uint64_t calls_ = 0, talks_ = 0;
  std::deque<Time> waiting_;
  std::multimap<Time, uint64_t> busy_;
};

}  // namespace hf::detect::test
