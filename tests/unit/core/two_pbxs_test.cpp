// A site with two PBXs: what one does is told by its name, and disturbs nothing of the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agent/calls/pbx_name.hpp"
#include "agent/core/core.hpp"
#include "agent/core/core_sight.hpp"
#include "agent/core/site_ids.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const Time kMorning = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 3).time_since_epoch()) + 8h;

std::vector<pbx::CallEvent> morning(const std::string& pbx, pbx::SimScenario scenario, uint64_t seed, Time to) {
  pbx::SimOptions sim;
  sim.scenario = scenario, sim.seed = seed;
  pbx::SimModel model(sim, kMorning, kMorning + 1h);
  std::vector<pbx::CallEvent> events;
  while (auto event = model.next(to)) {
    event->pbx = pbx;
    events.push_back(std::move(*event));
  }
  return events;
}

std::vector<pbx::CallEvent> merged(std::vector<pbx::CallEvent> a, const std::vector<pbx::CallEvent>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::stable_sort(a, {}, &pbx::CallEvent::at);
  return a;
}

struct Told {
  std::vector<metrics::Minute> minutes;
  std::map<std::string, incidents::Incident> incidents;
  std::vector<rules::Firing> firings;
  std::vector<calls::Call> ended;
  std::vector<uint64_t> steps;

  void take(CoreOutput& out) {
    for (auto& step : out.steps) {
      steps.push_back(step.number);
      for (auto& incident : step.incidents) incidents.insert_or_assign(incident.id, incident);
      minutes.insert(minutes.end(), step.minutes.begin(), step.minutes.end());
      firings.insert(firings.end(), step.firings.begin(), step.firings.end());
    }
    ended.insert(ended.end(), out.ended.begin(), out.ended.end());
    out.clear();
  }
  std::map<std::string, uint32_t> answered(const std::string& pbx) const {  // by minute, queue and line
    std::map<std::string, uint32_t> all;
    for (const auto& m : minutes)
      if (calls::pbx_of(m.id) == pbx) all[std::to_string(m.start.time_since_epoch().count()) + std::string(calls::within_pbx(m.id))] = m.answered;
    return all;
  }
};

Told run(Core& core, const std::vector<pbx::CallEvent>& events) {
  Told told;
  CoreOutput out;
  for (const auto& event : events) {
    core.on(event, out);
    told.take(out);
  }
  return told;
}

TEST(TwoPbxs, each_tells_what_it_would_tell_alone) {
  const Time end = kMorning + 100min;
  const auto one = morning("", pbx::SimScenario::hp_prequeue, 3, end), other = morning("north", pbx::SimScenario::normal, 4, end);
  Core alone_one(1), alone_other(1), both(1);
  const Told first = run(alone_one, one), second = run(alone_other, other), together = run(both, merged(one, other));
  EXPECT_EQ(together.answered(""), first.answered(""));
  EXPECT_EQ(together.answered("north"), second.answered("north"));
  EXPECT_THAT(together.answered("north"), Not(IsEmpty()));
  EXPECT_EQ(together.ended.size(), first.ended.size() + second.ended.size());
  EXPECT_EQ(together.incidents, first.incidents) << "north has none, and the hold is told as if it were not there";
  EXPECT_THAT(together.incidents, Not(IsEmpty()));
}

TEST(TwoPbxs, an_incident_names_its_queues_by_their_pbx) {
  const Time end = kMorning + 100min;
  Core core(1);
  const Told told = run(core, merged(morning("", pbx::SimScenario::normal, 4, end), morning("north", pbx::SimScenario::hp_prequeue, 3, end)));
  ASSERT_THAT(told.incidents, Not(IsEmpty()));
  for (const auto& [id, incident] : told.incidents) {
    EXPECT_EQ(incident.kind, incidents::Kind::artificial_hold);
    EXPECT_THAT(incident.lines, Each(StartsWith("north|")));
    EXPECT_THAT(incident.queues, Each(StartsWith("north|")));
  }
  EXPECT_EQ(core.open_incidents().size(), 1u);
  CoreOutput out;
  EXPECT_TRUE(core.acknowledge(core.now(), core.open_incidents().begin()->first, "mia", out));
  EXPECT_THAT(out.steps.at(0).incidents.at(0).lines, Each(StartsWith("north|")));
}

TEST(TwoPbxs, one_that_is_lost_leaves_the_other_seen) {
  const Time end = kMorning + 30min;
  Core core(1);
  run(core, merged(morning("", pbx::SimScenario::normal, 4, end), morning("north", pbx::SimScenario::normal, 3, end)));
  CoreOutput out;
  const size_t open = core.pbx("north").tracker().open_calls().size();
  core.on({end, {}, pbx::SourceDown{"gone"}}, out);
  core.on({end, {}, pbx::SourceUp{"test", true, true, true}}, out);
  core.on({end, {}, pbx::ResyncStarted{pbx::ResyncScope::channels}}, out);
  core.on({end, {}, pbx::ResyncEnded{pbx::ResyncScope::channels}}, out);
  core.on({end, {}, pbx::SourceDown{"gone"}}, out);
  EXPECT_FALSE(core.pbx().tracker().observing());
  EXPECT_TRUE(core.pbx("north").tracker().observing());
  EXPECT_EQ(core.pbx("north").tracker().open_calls().size(), open) << "an empty picture of one empties nothing of the other";
  const CoreSight sight(core.pbxs());
  EXPECT_FALSE(sight.observing({metrics::Scope::queue, "sales"}));
  EXPECT_TRUE(sight.observing({metrics::Scope::queue, "north|sales"}));
}

TEST(TwoPbxs, a_rule_of_any_line_looks_at_both) {
  const Time end = kMorning + 2h;
  Core core(1);
  CoreOutput out;
  rules::SetRule set;
  set.rule.id = "r1", set.rule.name = "long", set.rule.text = "longest_wait of any line > 8 min for 1 min", set.rule.mode = rules::Mode::active;
  const auto events = merged(morning("", pbx::SimScenario::normal, 4, end), morning("north", pbx::SimScenario::hp_prequeue, 3, end));
  core.on(events.front(), out);
  ASSERT_TRUE(core.act(core.now(), {1, "mia", set}, out));
  const Told told = run(core, {events.begin() + 1, events.end()});
  ASSERT_THAT(told.firings, Not(IsEmpty()));
  for (const auto& firing : told.firings) EXPECT_THAT(firing.place.id, StartsWith("north|"));
  std::set<std::string> asked;
  for (const auto& [key, instance] : core.rules().instances()) asked.insert(std::string(calls::pbx_of(key.second.id)));
  EXPECT_THAT(asked, ::testing::UnorderedElementsAre("", "north"));
}

TEST(TwoPbxs, the_site_model_is_shared_out) {
  calls::SiteModel model;
  model.lines = {{"801", "Sales", "sales", {}, {}}, {"north|801", "North sales", "north|sales", {}, {}}};
  model.queues = {{"sales", "Sales"}, {"north|sales", "North sales"}};
  model.trunks = {"PJSIP/trunk", "north|PJSIP/a"};
  const auto north = part_of(model, "north"), own = part_of(model, "");
  ASSERT_EQ(north.lines.size(), 1u);
  EXPECT_EQ(north.lines[0].id, "801");
  EXPECT_EQ(north.lines[0].queue, "sales");
  EXPECT_EQ(north.lines[0].label, "North sales");
  EXPECT_EQ(north.trunks, std::vector<std::string>{"PJSIP/a"});
  ASSERT_EQ(own.queues.size(), 1u);
  EXPECT_EQ(own.queues[0].label, "Sales");
  EXPECT_THAT(part_of(model, "south").lines, IsEmpty());
}

// Saved in the middle and cut differently, the way is the same.
TEST(TwoPbxs, a_replay_makes_the_same_steps) {
  const Time end = kMorning + 70min;
  const auto events = merged(morning("", pbx::SimScenario::normal, 4, end), morning("north", pbx::SimScenario::hp_prequeue, 3, end));
  Core whole(1), cut(1);
  const Told told = run(whole, events);
  const auto middle = events.begin() + static_cast<std::ptrdiff_t>(events.size() / 2);
  Told halves = run(cut, {events.begin(), middle});
  Core loaded(1);
  ASSERT_TRUE(loaded.load(cut.save()));
  CoreOutput out;
  for (Time t = loaded.now(); t < middle->at; t += 7s) loaded.advance(t, out);
  halves.take(out);
  const Told rest = run(loaded, {middle, events.end()});
  halves.steps.insert(halves.steps.end(), rest.steps.begin(), rest.steps.end());
  EXPECT_EQ(halves.steps, told.steps);
  EXPECT_EQ(loaded.save(), whole.save());
}

TEST(PbxName, is_what_stands_before_the_bar) {
  EXPECT_EQ(calls::pbx_of("north|sales"), "north");
  EXPECT_EQ(calls::within_pbx("north|sales"), "sales");
  for (const std::string id : {"sales", "PJSIP/1007", "", "|x", "North|sales", "a-name-beyond-16-signs|x"}) {
    EXPECT_EQ(calls::pbx_of(id), "") << id;
    EXPECT_EQ(calls::within_pbx(id), id);
    EXPECT_EQ(calls::at_pbx("", id), id);
  }
  EXPECT_EQ(calls::at_pbx("north", "sales"), "north|sales");
  EXPECT_EQ(calls::at_pbx("north", ""), "") << "unknown stays unknown";
}

}  // namespace
}  // namespace hf::app
