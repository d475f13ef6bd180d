#include "agent/incidents/patience.hpp"

#include <algorithm>
#include <cmath>

#include "agent/incidents/queue_replay.hpp"

namespace hf::incidents {
namespace {

struct Survival {  // P(patience > t) falls to `left` at t
  double t = 0, left = 1;
};

std::vector<Survival> kaplan_meier(const std::vector<SeenCall>& calls) {
  std::vector<std::pair<double, bool>> ends;  // wait, hung up
  for (const SeenCall& c : calls) ends.emplace_back(c.wait, !c.answered && !c.open);
  std::ranges::sort(ends);
  std::vector<Survival> curve;
  double left = 1;
  for (size_t i = 0; i < ends.size(); ++i) {
    if (!ends[i].second) continue;
    left *= 1 - 1 / static_cast<double>(ends.size() - i);
    curve.push_back({ends[i].first, left});
  }
  return curve;
}

}  // namespace

std::vector<double> patience_of(const std::vector<SeenCall>& calls) {
  constexpr double kGolden = 0.6180339887498949;
  const std::vector<Survival> curve = kaplan_meier(calls);
  std::vector<double> out;
  double level = 0.5;
  for (const SeenCall& c : calls) {
    if (!c.answered && !c.open) {
      out.push_back(c.wait);
      continue;
    }
    level = std::fmod(level + kGolden, 1.0);
    const auto beyond = std::ranges::upper_bound(curve, c.wait, {}, &Survival::t);
    const double target = (beyond == curve.begin() ? 1.0 : std::prev(beyond)->left) * level;
    const auto gone = std::partition_point(beyond, curve.end(), [&](const Survival& s) { return s.left > target; });
    out.push_back(gone == curve.end() ? kPatient : gone->t);
  }
  return out;
}

}  // namespace hf::incidents
