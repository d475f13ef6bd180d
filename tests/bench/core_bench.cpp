// LINKS: hf_calls hf_pbx fmt::fmt
// Events through the core on one thread: a simulated centre's day. The limit beside it is the floor under any such loop: every event looked
// at once by its kind and its channel's id.
#include <functional>

#include "agent/calls/tracker.hpp"
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

void tracker(benchmark::State& state) {
  std::vector<hf::calls::Change> changes;
  for (auto _ : state) {
    hf::calls::Tracker tracker;
    for (const hf::pbx::CallEvent& event : day()) tracker.on(event, changes), changes.clear();
  }
  count(state);
}

BENCHMARK(look_at_every_event)->Unit(benchmark::kMillisecond);
BENCHMARK(tracker)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  (void)day();
  return hf::bench::run(argc, argv, {{"events through the tracker", "tracker", "look_at_every_event", 0, 1e6, "M events/s", 1e6}});
}
