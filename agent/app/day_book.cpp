#include "agent/app/day_book.hpp"

namespace hf::app {

namespace {

constexpr auto kKept = std::chrono::hours(25);
constexpr auto kHour = std::chrono::hours(1);

metrics::Minute sum(const metrics::Minute& first) {
  metrics::Minute empty;
  empty.scope = first.scope;
  empty.id = first.id;
  empty.start = first.start;
  empty.span_minutes = 0;
  empty.service_level = first.service_level;
  return empty;
}

}  // namespace

Status DayBook::read(store::Store& store, Time now) {
  for (const auto scope : {metrics::Scope::queue, metrics::Scope::line}) {
    auto ids = store.ids(scope);
    if (!ids) return fail(std::move(ids.error()));
    for (const auto& id : *ids) {
      auto minutes = store.minutes({scope, id, day_start(now), now + kHour});
      if (!minutes) return fail(std::move(minutes.error()));
      for (const auto& minute : *minutes) keep(minute);
    }
  }
  return {};
}

Status DayBook::take(const CoreOutput& output, uint64_t) {
  for (const auto& step : output.steps)
    for (const auto& minute : step.minutes) keep(minute);
  return {};
}

void DayBook::keep(const metrics::Minute& minute) {
  auto& minutes = minutes_[{minute.scope, minute.id}];
  minutes.insert_or_assign(minute.start, minute);
  while (minutes.begin()->first < minute.start - kKept) minutes.erase(minutes.begin());
  stale_ = true;
}

const std::map<DayBook::Key, DayBook::Today>& DayBook::today(Time now) {
  const Time minute = std::chrono::floor<std::chrono::minutes>(now);
  if (!stale_ && minute == merged_at_) return merged_;
  merged_.clear();
  const Time midnight = day_start(now);
  for (const auto& [key, minutes] : minutes_) {
    const auto first = minutes.lower_bound(midnight);
    if (first == minutes.end()) continue;
    Today today{sum(first->second), sum(first->second)};
    for (auto it = first; it != minutes.end(); ++it) today.day.merge(it->second);
    for (auto it = minutes.lower_bound(now - kHour); it != minutes.end(); ++it) today.last_hour.merge(it->second);
    merged_.emplace(key, std::move(today));
  }
  merged_at_ = minute;
  stale_ = false;
  return merged_;
}

}  // namespace hf::app
