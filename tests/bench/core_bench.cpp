// LINKS: hf_app hf_simulated fmt::fmt
// Events through the core on one thread, the tracker alone and the whole: a normal day of a simulated centre, and one with an imposed wait from ten
// o'clock to midnight, when an incident stands all the time. The limit beside them is the floor under any such loop: every event looked at
// once, by its kind and its channel's id.
#include <functional>

#include "agent/core/core.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/support/core_size.hpp"

namespace {

using Events = std::vector<hf::pbx::CallEvent>;
using hf::pbx::SimScenario;

Events simulate(SimScenario scenario) {
  const hf::Time start{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)};
  hf::pbx::SimOptions options;
  options.scenario = scenario;
  hf::pbx::SimModel model(options, start, start + std::chrono::hours(10));
  Events made;
  while (auto event = model.next(start + std::chrono::hours(24))) made.push_back(std::move(*event));
  return made;
}
const Events& normal_day() {
  static const Events events = simulate(SimScenario::normal);
  return events;
}
const Events& held_day() {
  static const Events events = simulate(SimScenario::hp_prequeue);
  return events;
}

void count(benchmark::State& state, const Events& events) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(events.size()));
}

void look_at_every_event(benchmark::State& state) {
  size_t sum = 0;
  const auto look = [&sum](const auto& body) {
    if constexpr (requires { body.channel; }) sum += std::hash<std::string>{}(body.channel);
  };
  for (auto _ : state)
    for (const hf::pbx::CallEvent& event : normal_day()) std::visit(look, event.body);
  benchmark::DoNotOptimize(sum);
  count(state, normal_day());
}

void tracker(benchmark::State& state) {
  std::vector<hf::calls::Change> changes;
  for (auto _ : state) {
    hf::calls::Tracker calls;
    for (const hf::pbx::CallEvent& event : normal_day()) calls.on(event, changes), changes.clear();
  }
  count(state, normal_day());
}

// Returns how many incident records the last run gave.
size_t through(benchmark::State& state, const Events& events) {
  size_t incidents = 0;
  for (auto _ : state) {
    incidents = 0;
    hf::app::Core core(1);
    hf::app::CoreOutput out;
    for (const hf::pbx::CallEvent& event : events) {
      core.on(event, out);
      for (const hf::app::Step& step : out.steps) incidents += step.incidents.size();
      out.clear();
    }
  }
  count(state, events);
  return incidents;
}
void whole_core(benchmark::State& state) { through(state, normal_day()); }
void whole_core_with_an_incident(benchmark::State& state) {
  if (through(state, held_day()) == 0) state.SkipWithError("no incident: not the work that was to be measured");
}

BENCHMARK(look_at_every_event)->Unit(benchmark::kMillisecond);
BENCHMARK(tracker)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_core)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_core_with_an_incident)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  (void)normal_day(), (void)held_day();
  const int told = hf::bench::run(argc, argv, {{"events through the whole core", "whole_core", "look_at_every_event", 0, 1e6, "M events/s", 1e6},
                                               {"... while an incident stands", "whole_core_with_an_incident", "look_at_every_event", 0, 1e6, "M events/s", 1e6}});
  const auto queue = hf::test::largest_per_queue();
  const auto none = hf::test::size_with_waiting(0), many = hf::test::size_with_waiting(500);
  fmt::print("report: state of one queue: {} bytes, of it signals {}; aim 262144\n", queue.whole, queue.signals);
  fmt::print("report: state of one waiting caller: {} bytes, of it signals {}; aim 256\n", (many.whole - none.whole) / 500, (many.signals - none.signals) / 500);
  fmt::print("report: memory of one waiting caller: {} bytes\n", (hf::test::heap_with_waiting(500) - hf::test::heap_with_waiting(0)) / 500);
  return told;
}
