#include "agent/app/day_book.hpp"

namespace hf::app {

namespace {

constexpr auto kSettled = std::chrono::hours(3);  // the meter revises a minute for two hours at most
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
  auto& kept = kept_[{minute.scope, minute.id}];
  if (minute.start <= kept.settled_through) return;
  kept.minutes.insert_or_assign(minute.start, minute);
  settle(kept, kept.minutes.rbegin()->first);
  stale_ = true;
}

void DayBook::settle(Kept& kept, Time newest) const {
  const Time midnight = day_start(newest);
  if (kept.day != midnight) kept.settled = sum(kept.minutes.begin()->second), kept.day = midnight;
  while (!kept.minutes.empty() && kept.minutes.begin()->first < newest - kSettled) {
    const auto& oldest = kept.minutes.begin()->second;
    if (oldest.start >= midnight) kept.settled.merge(oldest);
    kept.settled_through = oldest.start;
    kept.minutes.erase(kept.minutes.begin());
  }
}

const std::map<DayBook::Key, DayBook::Today>& DayBook::today(Time now) {
  const Time minute = std::chrono::floor<std::chrono::minutes>(now);
  if (!stale_ && minute == merged_at_) return merged_;
  merged_.clear();
  const Time midnight = day_start(now);
  for (const auto& [key, kept] : kept_) {
    Today today{sum(kept.minutes.rbegin()->second), sum(kept.minutes.rbegin()->second)};
    today.day.start = midnight;
    if (kept.day == midnight) today.day.merge(kept.settled);
    for (auto it = kept.minutes.lower_bound(midnight); it != kept.minutes.end(); ++it) today.day.merge(it->second);
    for (auto it = kept.minutes.lower_bound(now - kHour); it != kept.minutes.end(); ++it) today.last_hour.merge(it->second);
    if (today.day.span_minutes + today.last_hour.span_minutes > 0) merged_.emplace(key, std::move(today));
  }
  merged_at_ = minute;
  stale_ = false;
  return merged_;
}

}  // namespace hf::app
