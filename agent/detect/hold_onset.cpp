#include "agent/detect/hold_onset.hpp"

#include <algorithm>

namespace hf::detect {
namespace {

// How many callers back the last one stands who went straight on before the policy, not under it.
size_t callers_back(const std::map<std::string, HeldLine>& named, uint32_t straight_run, const Ways& ways, Time now) {
  constexpr double kDoubt = 0.05;
  constexpr size_t kMost = 64;
  uint32_t held = 0, straight = 0;
  for (const auto& [id, line] : named) {
    held += line.held, straight += line.straight;
    const auto known = ways.lines().find(id);
    if (known == ways.lines().end()) continue;
    for (const Way& way : known->second.ways)
      held += way.progress == Progress::on_the_way && was_held(known->second, way, now) ? 1 : 0;
  }
  straight -= std::min(straight, straight_run);
  size_t back = 1;
  while (back < kMost && chance_of_run(held, straight, static_cast<uint32_t>(back)) > kDoubt) ++back;
  return back;
}

// Callers who hung up late, before the first one that was seen beside spare people, were held as well.
Time first_late(const LineWays& line, Time last_straight, Time first) {
  for (const Way& way : line.ways) {
    if (way.arrived > last_straight && way.arrived < first && was_held(line, way, way.arrived)) return way.arrived;
  }
  return first;
}

}  // namespace

Onset hold_onset(const std::map<std::string, HeldLine>& named, uint32_t straight_run, const Ways& ways, Time now,
                 Time started, std::optional<Time> configured) {
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
  const size_t back = callers_back(named, straight_run, ways, now);
  if (!straight.empty()) onset.low = straight[straight.size() - std::min(back, straight.size())];
  onset.low = std::min(onset.low, onset.high);
  onset.point = configured && *configured > onset.low && *configured <= onset.high ? *configured : onset.high;
  return onset;
}

}  // namespace hf::detect
