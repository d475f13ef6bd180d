#include "agent/detect/hold_evidence.hpp"

#include <algorithm>

namespace hf::detect {
namespace {

constexpr Duration kLate = std::chrono::seconds(20);

struct Run {
  double nats = 0;
  LineEvidence said;
  void reset() { *this = Run{}; }
};

Duration evidence_time(const Way& way) {
  return way.cold.value_or(false) ? std::max(way.beside_free - kColdGrace, Duration{}) : way.beside_free;
}

void count(Run& run, const Way& way, Duration held) {
  if (held < kLate) return;
  ++run.said.late;
  if (held >= kHeldLength) ++run.said.held;
  run.said.longest = std::max(run.said.longest, held);
  if (!run.said.first) run.said.first = way.arrived;
}

struct Odds {  // of a share of held callers `rho`; `direct` = direct_step(rho), which is the same for every caller
  explicit Odds(double share, double stray_rate) : rho(share), stray(stray_rate), direct(direct_step(share)) {}
  double rho, stray, direct;
};

// One caller: `held` is how long it was kept, as evidence; it counts from kNoticeLength - `sooner` on.
void step(Run& run, const LineWays& line, const Way& way, Duration held, const Odds& odds, Duration sooner) {
  if (way.progress == Progress::unusable || way.self_service) return;
  if (line.went_straight(way)) {
    run.nats += odds.direct;
    if (run.nats <= 0) run.reset();
    return;
  }
  const double nats = held_nats(held + sooner, odds.stray);
  if (nats > 0) run.nats += held_step(odds.rho, nats);
  count(run, way, held);
}

// Whether at least `callers` of the line could count as late: a look without logarithms, taken at every tick.
bool any_late(const LineWays& line, uint32_t callers, auto&& held) {
  for (const Way& way : line.ways) {
    if (way.progress == Progress::unusable || way.self_service || held(way) < kLate || line.went_straight(way)) continue;
    if (--callers == 0) return true;
  }
  return false;
}

}  // namespace

bool any_beside(const LineWays& line) {
  return std::any_of(line.ways.begin(), line.ways.end(), [](const Way& way) { return way.beside_free >= kLate; });
}

LineEvidence weigh(const LineWays& line, double stray) {
  LineEvidence best;
  for (const double rho : {0.25, 0.9}) {
    Run run;
    const Odds odds(rho, stray);
    for (const Way& way : line.ways) step(run, line, way, evidence_time(way), odds, Duration{});
    run.said.nats = run.nats;
    if (run.nats > best.nats || (run.nats == best.nats && run.said.late > best.late)) best = run.said;
  }
  return best;
}

LineEvidence weigh_beside(const LineWays& line, Time now, double stray, double rho, bool by_age) {
  const bool age = by_age && line.usual.steady;
  const auto held = [&](const Way& way) {
    return age ? std::max(way.beside_free, line.excess(way, now)) : way.beside_free;
  };
  Run run;
  if (!any_late(line, kFewestHeld, held)) return run.said;
  const Odds odds(std::clamp(rho, 0.2, 0.95), stray);
  for (const Way& way : line.ways) step(run, line, way, held(way), odds, kNoticeLength - kLate);
  run.said.nats = run.nats;
  return run.said;
}

std::optional<ConstantDwell> constant_dwell(const LineWays& line, bool agent_state) {
  constexpr Duration kHalfWidth = std::chrono::seconds(2);
  constexpr Duration kNeverUsual = std::chrono::seconds(120);  // no notice is that long
  constexpr Duration kAtOnce = std::chrono::seconds(30);
  const size_t asked = agent_state ? 3 : 5;
  const bool usual_known = line.usual.samples >= kFewestSamples;
  const Duration floor = usual_known ? line.usual.upper + kHeldLength : std::max(line.usual.upper, kNeverUsual);
  std::vector<Duration> dwells;
  std::vector<const Way*> held;
  for (auto way = line.ways.rbegin(); way != line.ways.rend() && held.size() < 2 * asked; ++way) {
    if (!way->answered || way->self_service || way->dwell < floor) continue;
    held.push_back(&*way);
    dwells.push_back(way->dwell);
  }
  if (held.size() < asked) return std::nullopt;
  const PointMass mass = densest(dwells, kHalfWidth);
  if (mass.inside < asked || mass.inside * 5 < mass.of * 4) return std::nullopt;
  ConstantDwell found{
      .dwell = mass.centre, .half_width = {}, .inside = mass.inside, .of = mass.of, .first = {}, .last = {}};
  uint32_t at_once = 0;
  for (auto way = held.rbegin(); way != held.rend(); ++way) {
    const Duration off = std::chrono::abs((*way)->dwell - mass.centre);
    if (off > 2 * kHalfWidth) continue;
    if (found.first == Time{}) found.first = (*way)->arrived;
    found.last = (*way)->arrived;
    found.half_width = std::max(found.half_width, off);
    at_once += (*way)->after_join <= kAtOnce ? 1 : 0;
  }
  if (at_once * 5 < mass.inside * 4) return std::nullopt;
  return found;
}

}  // namespace hf::detect
