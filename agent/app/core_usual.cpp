#include "agent/app/core_usual.hpp"

namespace hf::app {
namespace {

constexpr double kFewestTalks = 200;
constexpr double kFewestCallers = 0.02;  // a minute: below it one caller's wait is no usual one

}  // namespace

std::optional<double> CoreUsual::of(rules::Measure measure, const rules::Place& place, Time from, Time to) const {
  const detect::QueueLoad* queue = place.scope == metrics::Scope::queue ? load_.queue(place.id) : nullptr;
  if (!queue) return std::nullopt;
  const detect::Baseline& week = queue->baseline();
  const detect::LocalMoment begins = load_.calendar().at(from), at = load_.calendar().at(to);
  if (week.seen(begins) < 1 || week.seen(at) < 1) return std::nullopt;
  switch (measure) {
    case rules::Measure::arrivals: return week.arrivals(from, to - from, load_.calendar());
    case rules::Measure::waiting: return week.waiting(at);
    case rules::Measure::staffed_agents: return week.staff(at);
    case rules::Measure::handling_time:
      return week.talks_seen() < kFewestTalks ? std::nullopt : std::optional(seconds(week.mean_handling(at)));
    case rules::Measure::wait_mean: {
      const auto waiting = week.waiting(begins), callers = week.arrivals_per_minute(begins);
      if (!waiting || !callers || *callers < kFewestCallers) return std::nullopt;
      return 60 * *waiting / *callers;
    }
    default: return std::nullopt;
  }
}

}  // namespace hf::app
