#include "agent/incidents/patience.hpp"

#include <algorithm>
#include <cmath>

#include "agent/incidents/queue_replay.hpp"
#include "agent/metrics/survival.hpp"

namespace hf::incidents {
namespace {

std::vector<metrics::SurvivalStep> curve_of(const std::vector<SeenCall>& calls) {
  std::vector<metrics::Ends> ends;
  for (const SeenCall& c : calls) {
    const bool hung_up = !c.answered && !c.open;
    ends.push_back({c.wait, hung_up ? 1.0 : 0.0, hung_up ? 0.0 : 1.0});
  }
  std::ranges::sort(ends, {}, &metrics::Ends::t);
  return metrics::product_limit(ends);
}

}  // namespace

std::vector<double> patience_of(const std::vector<SeenCall>& calls) {
  constexpr double kGolden = 0.6180339887498949;
  const std::vector<metrics::SurvivalStep> curve = curve_of(calls);
  std::vector<double> out;
  double level = 0.5;
  for (const SeenCall& c : calls) {
    if (!c.answered && !c.open) {
      out.push_back(c.wait);
      continue;
    }
    level = std::fmod(level + kGolden, 1.0);
    const auto beyond = std::ranges::upper_bound(curve, c.wait, {}, &metrics::SurvivalStep::t);
    const double target = (beyond == curve.begin() ? 1.0 : std::prev(beyond)->left) * level;
    const auto gone = std::partition_point(beyond, curve.end(), [&](const metrics::SurvivalStep& s) { return s.left > target; });
    out.push_back(gone == curve.end() ? kPatient : gone->t);
  }
  return out;
}

}  // namespace hf::incidents
