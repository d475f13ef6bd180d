#include "agent/metrics/survival.hpp"

namespace hf::metrics {

std::vector<SurvivalStep> product_limit(std::span<const Ends> ends) {
  double at_risk = 0;
  for (const Ends& e : ends) at_risk += e.events + e.censored;
  std::vector<SurvivalStep> steps;
  double left = 1;
  for (size_t i = 0; i < ends.size();) {
    const double t = ends[i].t;
    double events = 0, gone = 0;
    for (; i < ends.size() && ends[i].t <= t; ++i) events += ends[i].events, gone += ends[i].events + ends[i].censored;
    if (events > 0 && at_risk > 0) {
      left *= 1 - events / at_risk;
      steps.push_back({t, left});
    }
    at_risk -= gone;
  }
  return steps;
}

}  // namespace hf::metrics
