// The tracker against the truth of the simulated centre: every call found, its end as it was, its wait to the fraction of a second.
#include <gtest/gtest.h>

#include <map>

#include "agent/calls/tracker.hpp"
#include "hal/pbx/simulated/sim_model.hpp"

namespace hf {
namespace {

using calls::Outcome;
using pbx::SimOutcome;
using pbx::SimScenario;

constexpr Time kMorning{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(9)};

struct Seen {
  std::map<std::string, calls::Call> ended;
  std::map<std::string, calls::Call> open;
  pbx::SimTruth truth;
};

Seen run(SimScenario scenario, Duration length, uint64_t seed = 3) {
  pbx::SimOptions options;
  options.seed = seed;
  options.scenario = scenario;
  options.keep_truth = true;
  pbx::SimModel model(options, kMorning, kMorning);
  calls::Tracker tracker;
  Seen seen;
  std::vector<calls::Change> changes;
  const auto keep = [&] {
    for (calls::Change& change : changes)
      if (auto* ended = std::get_if<calls::CallEnded>(&change.what)) seen.ended.insert_or_assign(ended->call.id, std::move(ended->call));
    changes.clear();
  };
  while (const auto event = model.next(kMorning + length)) tracker.on(*event, changes), keep();
  tracker.advance(kMorning + length, changes), keep();
  for (const auto& [id, call] : tracker.open_calls()) seen.open.emplace(id, call);
  seen.truth = model.truth();
  return seen;
}

Outcome expected(const pbx::SimCallTruth& truth) {
  switch (truth.outcome) {
    case SimOutcome::open: return Outcome::open;
    case SimOutcome::answered: return Outcome::answered;
    case SimOutcome::abandoned: return Outcome::abandoned;
    case SimOutcome::timeout: return Outcome::timeout;
    case SimOutcome::exit_key: return Outcome::exit_key;
    case SimOutcome::lost: break;
  }
  return Outcome::lost_by_restart;
}

class SimulatedCalls : public testing::TestWithParam<SimScenario> {};

TEST_P(SimulatedCalls, are_all_found_with_their_end_and_their_wait) {
  const Seen seen = run(GetParam(), std::chrono::hours(2));
  ASSERT_GT(seen.truth.calls.size(), 500u);
  for (const pbx::SimCallTruth& truth : seen.truth.calls) {
    if (!truth.ended) continue;
    const auto found = seen.ended.find(truth.id);
    ASSERT_NE(found, seen.ended.end()) << truth.id << " of " << truth.line;
    const calls::Call& call = found->second;
    EXPECT_EQ(call.outcome, expected(truth)) << truth.id;
    EXPECT_EQ(call.line, truth.line);
    ASSERT_EQ(call.connected.has_value(), truth.connected.has_value()) << truth.id;
    EXPECT_EQ(call.agent, truth.agent) << truth.id;
    if (truth.outcome == SimOutcome::lost) continue;  // when it ended is the PBX's secret
    EXPECT_NEAR(seconds(*call.caller_wait()), seconds(truth.wait()), 0.05) << truth.id;
    if (call.half_seen) continue;  // the PBX crashed in mid-talk
    EXPECT_NEAR(seconds(call.hold), seconds(truth.hold), 0.05) << truth.id;
    EXPECT_NEAR(seconds(call.talk), seconds(truth.talk), 0.05) << truth.id;
  }
}

TEST_P(SimulatedCalls, none_is_invented_or_counted_twice) {
  const Seen seen = run(GetParam(), std::chrono::hours(2));
  size_t from_outside = 0;
  for (const auto* part : {&seen.ended, &seen.open})
    for (const auto& [id, call] : *part) from_outside += call.line.starts_with("555") ? 1 : 0;
  EXPECT_EQ(from_outside, seen.truth.calls.size());
}

INSTANTIATE_TEST_SUITE_P(Scenarios, SimulatedCalls,
                         testing::Values(SimScenario::normal, SimScenario::hp_prequeue, SimScenario::hp_holdqueue, SimScenario::hp_partial,
                                         SimScenario::staff_shortage, SimScenario::surge, SimScenario::dead_queue, SimScenario::phones_refuse,
                                         SimScenario::restart, SimScenario::restart_crash),
                         [](const auto& param) {
                           std::string name(name_of(param.param));
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace hf
