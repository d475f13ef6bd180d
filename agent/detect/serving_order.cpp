#include "agent/detect/serving_order.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kGone = 64;

}  // namespace

void ServingOrder::answered(Time joined, Time at, Time oldest, bool learn) {
  if (learn) overtakes_.add(joined - oldest);
  last_ = at, youngest_ = std::max(youngest_, joined);
  gone_.clear(), due_.reset();
}

void ServingOrder::left(Time joined, Time due) {
  due_ = std::min(due, due_.value_or(due));
  if (gone_.size() < kGone) gone_.push_back(joined);
}

void ServingOrder::forget() { last_.reset(), gone_.clear(), due_.reset(); }

double ServingOrder::dead_nats(const std::vector<Time>& waiting, Time due, const Parameters& p) const {
  if (!last_) return 0;
  std::vector<Time> passed_by = gone_;
  passed_by.insert(passed_by.end(), waiting.begin(), waiting.end());
  std::ranges::sort(passed_by);
  due = std::min(due, due_.value_or(due));
  std::optional<double> to_all;
  double to_part = 0;
  for (const Time joined : passed_by) {
    const Duration overtaken = youngest_ - joined;
    const double unusual = overtaken > Duration{} ? overtakes_.nats(overtaken, p.prior_callers) : 0;
    to_part += -std::log(p.part_held) - unusual;
    if (to_all || unusual >= p.unusual_nats) continue;
    const double to_die = seconds(std::max(due, joined) - *last_), to_hold = seconds(joined - youngest_);
    to_all = overtaken > Duration{} ? p.passed_by_nats : std::log(std::max(to_die, 1.0) / std::max(to_hold, 1.0));
  }
  return std::min(to_all.value_or(0), to_part);
}

}  // namespace hf::detect
