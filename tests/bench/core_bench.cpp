// LINKS: hf_incidents hf_pbx fmt::fmt
// Events through the core on one thread, part by part and whole: a day of a simulated centre with an imposed wait from ten o'clock on. The
// limit beside it is the floor under any such loop: every event looked at once, by its kind and its channel's id.
#include <functional>

#include "agent/calls/tracker.hpp"
#include "agent/detect/detector.hpp"
#include "agent/incidents/book.hpp"
#include "agent/metrics/meter.hpp"
#include "hal/pbx/sim_model.hpp"
#include "tests/bench/ratio.hpp"

namespace {

const std::vector<hf::pbx::CallEvent>& day() {
  static const std::vector<hf::pbx::CallEvent> all = [] {
    const hf::Time start{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)};
    hf::pbx::SimOptions options;
    options.scenario = hf::pbx::SimScenario::hp_prequeue;
    hf::pbx::SimModel model(options, start, start + std::chrono::hours(10));
    std::vector<hf::pbx::CallEvent> made;
    while (auto event = model.next(start + std::chrono::hours(24))) made.push_back(std::move(*event));
    return made;
  }();
  return all;
}

// The core's loop, as far as it is asked for.
struct Core {
  Core(bool with_meter, bool with_detector) : meters(with_meter), detects(with_detector) {}

  bool meters, detects;
  hf::calls::Tracker tracker;
  hf::metrics::Meter meter;
  hf::detect::Detector detector;
  hf::incidents::Book book{"bench"};
  std::vector<hf::calls::Change> changes;
  std::vector<hf::metrics::Minute> minutes;
  std::vector<hf::detect::Finding> findings;
  std::vector<hf::incidents::Incident> incidents;

  void on(const hf::pbx::CallEvent& event) {
    tracker.advance(event.at, changes), pass_on();
    if (detects) detector.advance(event.at, tracker, findings);
    tracker.on(event, changes), pass_on();
    if (meters) meter.advance(event.at, tracker, minutes), minutes.clear();
    if (!findings.empty()) book.on(findings, incidents), findings.clear();
  }
  void pass_on() {
    for (const hf::calls::Change& change : changes) {
      if (meters) meter.on(change, tracker, minutes);
      if (detects) detector.on(change, tracker, findings);
    }
    changes.clear();
  }
};

void count(benchmark::State& state) { state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(day().size())); }

void look_at_every_event(benchmark::State& state) {
  size_t sum = 0;
  const auto look = [&sum](const auto& body) {
    if constexpr (requires { body.channel; }) sum += std::hash<std::string>{}(body.channel);
  };
  for (auto _ : state)
    for (const hf::pbx::CallEvent& event : day()) std::visit(look, event.body);
  benchmark::DoNotOptimize(sum);
  count(state);
}

void through(benchmark::State& state, bool meters, bool detects) {
  size_t incidents = 0;
  for (auto _ : state) {
    Core core{meters, detects};
    for (const hf::pbx::CallEvent& event : day()) core.on(event);
    incidents = core.incidents.size();
  }
  if (detects && incidents == 0) state.SkipWithError("no incident: not the work that was to be measured");
  count(state);
}
void tracker(benchmark::State& state) { through(state, false, false); }
void tracker_and_meter(benchmark::State& state) { through(state, true, false); }
void tracker_and_detector(benchmark::State& state) { through(state, false, true); }
void whole_core(benchmark::State& state) { through(state, true, true); }

BENCHMARK(look_at_every_event)->Unit(benchmark::kMillisecond);
BENCHMARK(tracker)->Unit(benchmark::kMillisecond);
BENCHMARK(tracker_and_meter)->Unit(benchmark::kMillisecond);
BENCHMARK(tracker_and_detector)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_core)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  (void)day();
  return hf::bench::run(argc, argv, {{"events through the whole core", "whole_core", "look_at_every_event", 0, 1e6, "M events/s", 1e6}});
}
