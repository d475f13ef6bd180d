#include "agent/incidents/queue_replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>

namespace hf::incidents {
namespace {

constexpr double kAfterwards = 4 * 3600;

// 7.6 agents are 7, 8, 8, 7, 8 over five minutes: their sum is right at every minute's end.
std::vector<size_t> whole_agents(const std::vector<double>& agents) {
  std::vector<size_t> whole;
  double sum = 0, told = 0;
  for (const double n : agents) {
    sum += std::clamp(n, 0.0, 10'000.0);
    whole.push_back(static_cast<size_t>(std::max(0.0, std::floor(sum + 1e-9) - told)));
    told += static_cast<double>(whole.back());
  }
  return whole;
}

class Room {
 public:
  explicit Room(const Replay& replay) : agents_(whole_agents(replay.agents)), busy_(replay.busy_until) {
    std::ranges::make_heap(busy_, std::greater<>{});
    end_ = static_cast<double>(agents_.size()) * 60 + kAfterwards;
  }
  // The first moment from `t` on at which somebody is free, or the end.
  double free_from(double t) {
    for (;;) {
      while (!busy_.empty() && busy_.front() <= t) pop();
      if (t >= end_ || busy_.size() < agents_at(t)) return std::min(t, end_);
      t = next_change(t);
    }
  }
  void talk(double from, double length) {
    busy_.push_back(from + length);
    std::ranges::push_heap(busy_, std::greater<>{});
  }
  double end() const { return end_; }

 private:
  void pop() {
    std::ranges::pop_heap(busy_, std::greater<>{});
    busy_.pop_back();
  }
  size_t agents_at(double t) const {
    if (agents_.empty()) return 0;
    const auto minute = static_cast<size_t>(std::max(0.0, t) / 60);
    return agents_[std::min(minute, agents_.size() - 1)];
  }
  double next_change(double t) const {
    double next = end_;
    if (!busy_.empty()) next = std::min(next, busy_.front());
    const double minute = (std::floor(std::max(0.0, t) / 60) + 1) * 60;
    if (minute < static_cast<double>(agents_.size()) * 60) next = std::min(next, minute);
    return next;
  }

  std::vector<size_t> agents_;
  std::vector<double> busy_;  // a heap, the earliest end first
  double end_ = 0;
};

}  // namespace

std::vector<double> replay_waits(const Replay& replay) {
  std::vector<size_t> order(replay.calls.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto ready = [&](size_t i) { return replay.calls[i].arrived + replay.calls[i].hold; };
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return ready(a) < ready(b); });
  std::vector<double> waits(replay.calls.size());
  Room room(replay);
  double reached = 0;  // nobody is served before the one ahead
  for (const size_t i : order) {
    const ReplayCall& call = replay.calls[i];
    if (call.hold >= call.patience) {  // gone before anybody could have served it
      waits[i] = call.patience;
      continue;
    }
    reached = room.free_from(std::max(reached, ready(i)));
    const double wait = std::max(0.0, reached - call.arrived);
    waits[i] = std::min(wait, call.patience);
    if (wait <= call.patience && reached < room.end()) room.talk(reached, call.talk);
  }
  return waits;
}

}  // namespace hf::incidents
