#include "agent/core/core_sight.hpp"

#include "agent/calls/pbx_name.hpp"

namespace hf::app {
namespace {

constexpr double kFewestTalks = 200;
constexpr double kFewestCallers = 0.02;  // a minute: below it one caller's wait is no usual one

void add_waiting(const PbxCore& pbx, std::vector<std::pair<rules::Place, Time>>& out) {
  for (const auto& [id, call] : pbx.tracker().open_calls()) {
    if (!calls::Tracker::waiting(call)) continue;
    if (!call.line.empty()) out.push_back({{metrics::Scope::line, calls::at_pbx(pbx.name(), call.line)}, call.arrived});
    if (call.stints.empty() || call.stints.back().left) continue;
    const auto& stint = call.stints.back();
    out.push_back({{metrics::Scope::queue, calls::at_pbx(pbx.name(), stint.queue)}, stint.joined});
  }
}

}  // namespace

const PbxCore* CoreSight::pbx_of(const rules::Place& place) const {
  const auto pbx = pbxs_.find(calls::pbx_of(place.id));
  return pbx == pbxs_.end() ? nullptr : &pbx->second;
}

void CoreSight::waiting(std::vector<std::pair<rules::Place, Time>>& out) const {
  for (const auto& [name, pbx] : pbxs_) add_waiting(pbx, out);
}

bool CoreSight::observing(const rules::Place& place) const {
  const PbxCore* pbx = pbx_of(place);
  return pbx && pbx->tracker().observing();
}

std::optional<calls::QueueNow> CoreSight::queue(const rules::Place& place) const {
  const PbxCore* pbx = pbx_of(place);
  if (!pbx) return std::nullopt;
  const std::string id(calls::within_pbx(place.id));
  return pbx->tracker().queue(place.scope == metrics::Scope::queue ? id : pbx->tracker().queue_of_line(id));
}

std::vector<rules::Place> CoreSight::known() const {
  std::vector<rules::Place> places;
  for (const auto& [name, pbx] : pbxs_)
    for (const auto& [scope, id] : pbx.meter().known()) places.push_back({scope, calls::at_pbx(name, id)});
  return places;
}

std::optional<double> CoreSight::usual(rules::Measure measure, const rules::Place& place, Time from, Time to) const {
  const PbxCore* pbx = place.scope == metrics::Scope::queue ? pbx_of(place) : nullptr;
  const detect::QueueLoad* queue = pbx ? pbx->detector().load_watch().queue(std::string(calls::within_pbx(place.id))) : nullptr;
  if (!queue) return std::nullopt;
  const auto& calendar = pbx->detector().load_watch().calendar();
  const detect::Baseline& week = queue->baseline();
  const detect::LocalMoment begins = calendar.at(from), at = calendar.at(to);
  if (week.seen(begins) < 1 || week.seen(at) < 1) return std::nullopt;
  switch (measure) {
    case rules::Measure::arrivals: return week.arrivals(from, to - from, calendar);
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
