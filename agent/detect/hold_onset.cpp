#include "agent/detect/hold_onset.hpp"

#include <algorithm>

namespace hf::detect {
namespace {

double held_share(const std::map<std::string, HeldLine>& named, uint32_t straight_run) {
  double held = 0.5, all = 1;
  for (const auto& [id, line] : named) held += line.held, all += line.held + line.straight;
  return held / std::max(all - straight_run, held + 0.5);
}

// Callers who hung up late, before the first one that was seen beside spare people, were held as well.
Time first_late(const LineWays& line, Time last_straight, Time first) {
  for (const Way& way : line.ways) {
    if (way.arrived > last_straight && way.arrived < first && was_held(line, way, way.arrived)) return way.arrived;
  }
  return first;
}

}  // namespace

Onset hold_onset(const std::map<std::string, HeldLine>& named, uint32_t straight_run, const Ways& ways, Time started, std::optional<Time> configured) {
  Onset onset{.point = Time::max(), .low = started, .high = Time::max()};
  for (const auto& [id, held] : named) onset.high = std::min(onset.high, held.first_held);
  std::vector<Time> straight;
  for (const auto& [id, held] : named) {
    const auto line = ways.lines().find(id);
    if (line == ways.lines().end()) continue;
    for (const Way& way : line->second.ways) {
      if (way.arrived < onset.high && line->second.went_straight(way)) straight.push_back(way.arrived);
    }
  }
  std::sort(straight.begin(), straight.end());
  const Time last = straight.empty() ? started : straight.back();
  for (const auto& [id, held] : named) {
    const auto line = ways.lines().find(id);
    if (line != ways.lines().end()) onset.high = std::min(onset.high, first_late(line->second, last, onset.high));
  }
  const size_t back = std::max<size_t>(1, run_length(held_share(named, straight_run), 0.05));
  if (!straight.empty()) onset.low = straight[straight.size() - std::min(back, straight.size())];
  onset.low = std::min(onset.low, onset.high);
  onset.point = configured && *configured > onset.low && *configured <= onset.high ? *configured : onset.high;
  return onset;
}

}  // namespace hf::detect
