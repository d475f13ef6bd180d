#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/app/engine.hpp"
#include "agent/app/news_outlet.hpp"
#include "agent/app/outlets.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RulesInTheEngine : public ::testing::Test {
 protected:
  Engine open(Inbox& inbox, std::vector<Outlet*> outlets) {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    EXPECT_TRUE(journal) << journal.error().what;
    EngineOptions options;
    options.live = false, options.gather = 0ms;
    return {std::move(*journal), clock_, inbox, std::move(outlets), options};
  }
  // A morning whose two lines are put on hold before the queue at nine.
  std::vector<pbx::CallEvent> held_morning(Time from, Time to) {
    pbx::SimOptions sim;
    sim.scenario = pbx::SimScenario::hp_prequeue;
    pbx::SimModel model(sim, morning_, morning_ + 1h);
    std::vector<pbx::CallEvent> events;
    while (auto event = model.next(to))
      if (event->at >= from) events.push_back(std::move(*event));
    return events;
  }
  static rules::Action rule(const std::string& text, rules::Mode mode = rules::Mode::active) {
    rules::SetRule set;
    set.rule.name = "long waits", set.rule.text = text, set.rule.mode = mode, set.rule.severity = rules::Severity::warning;
    return {1, "mia", set};
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  const Time morning_ = std::chrono::floor<std::chrono::days>(clock_.now() - 48h) + 8h;
};

TEST_F(RulesInTheEngine, a_rule_is_journalled_fires_and_is_the_same_after_a_replay) {
  auto store = store::Store::open(folder_ / "derived.db");
  ASSERT_TRUE(store);
  std::string state;
  std::vector<rules::Firing> fired;
  {
    Inbox inbox;
    auto outlet = StoreOutlet::open(*store, 1, 0);
    Engine engine = open(inbox, {&*outlet});
    ASSERT_TRUE(engine.recover());
    inbox.door().on(held_morning(morning_, morning_ + 30min), "1");
    EXPECT_TRUE(inbox.post([&] {
      const auto id = engine.act(rule("longest_wait of any line > 8 min for 1 min"));
      ASSERT_TRUE(id) << id.error().what;
      EXPECT_EQ(*id, "r1");
      EXPECT_EQ(engine.act(rule("nonsense")).error().kind, ErrorKind::invalid_input);
      inbox.door().on(held_morning(morning_ + 30min, morning_ + 3h), "2");
      inbox.close();
    }));
    ASSERT_TRUE(engine.run());
    state = engine.core().save();
    fired = store->firings({}).value_or(std::vector<rules::Firing>{});
  }
  ASSERT_THAT(fired, ::testing::Not(IsEmpty()));
  EXPECT_EQ(fired.back().rule, "r1");
  EXPECT_GT(fired.back().opened, morning_ + 1h);
  EXPECT_LT(fired.back().opened, morning_ + 1h + 15min) << "the first held caller has waited eight minutes and one more";
  Core again(journal::Journal::open(folder_ / "journal", clock_, random_)->epoch());
  CoreOutput out;
  ASSERT_TRUE(journal::read_folder(folder_ / "journal", 1, UINT64_MAX, [&](const journal::EntryView& entry) {
    const auto input = from_entry(entry);
    if (const auto* event = std::get_if<pbx::CallEvent>(&*input)) again.on(*event, out);
    if (const auto* model = std::get_if<calls::SiteModel>(&*input)) again.set_site_model(entry.at, *model, out);
    if (const auto* action = std::get_if<rules::Action>(&*input)) {
      EXPECT_TRUE(again.act(entry.at, *action, out));
    }
  }));
  EXPECT_EQ(again.save(), state);
  EXPECT_EQ(again.rules().rules().at("r1").changed_by, "mia");
}

TEST_F(RulesInTheEngine, a_declared_hold_opens_its_incident_and_says_so) {
  Core core(1);
  CoreOutput out;
  rules::DeclaredChange change;
  change.id = "c1", change.name = "two minutes of music", change.scope = metrics::Scope::line, change.from = morning_ + 50min, change.to = morning_ + 3h;
  std::string line;
  for (const auto& event : held_morning(morning_, morning_ + 3h)) {
    core.on(event, out);
    if (line.empty() && core.now() > morning_ + 40min && !core.pbx().tracker().open_calls().empty()) line = core.pbx().tracker().open_calls().begin()->second.line;
    if (!line.empty() && core.rules().changes().empty() && core.now() < change.from) {
      change.subject = line;
      ASSERT_TRUE(core.act(core.now(), {1, "mia", rules::SetChange{change}}, out));
    }
  }
  ASSERT_FALSE(line.empty());
  std::map<std::string, incidents::Incident> last;
  for (const auto& step : out.steps)
    for (const auto& incident : step.incidents) last[incident.id] = incident;
  ASSERT_THAT(last, SizeIs(1));
  const auto& hold = last.begin()->second;
  const bool named = std::find(hold.lines.begin(), hold.lines.end(), line) != hold.lines.end();
  EXPECT_EQ(hold.declared, named ? "c1" : "");
  EXPECT_TRUE(named) << "the scenario holds the line that most calls arrive on";
  EXPECT_GT(hold.affected_calls, 0u) << "measured as any other";
}

TEST(RuleNews, names_the_rule_and_its_runbook_and_the_queues_label) {
  rules::Firing firing;
  firing.id = "00aa", firing.rule = "r1", firing.severity = rules::Severity::critical, firing.place = {metrics::Scope::queue, "sales"};
  firing.since = Time(90s), firing.paged = firing.opened = Time(100s);
  rules::Rule rule;
  rule.name = "long waits", rule.runbook = "call the second line";
  calls::SiteModel model;
  model.queues = {{"sales", "Sales desk"}};
  const auto message = webhook_message(firing, &rule, model);
  EXPECT_EQ(message.kind, "rule");
  EXPECT_EQ(message.id, "rule-00aa");
  EXPECT_EQ(message.rule->runbook, "call the second line");
  EXPECT_EQ(message.rule->severity, "critical");
  EXPECT_THAT(message.queues, ::testing::ElementsAre("Sales desk"));
  EXPECT_EQ(message.onset, Time(90s));
  EXPECT_EQ(webhook_message(firing, nullptr, model).rule->name, "") << "deleted meanwhile";
}

}  // namespace
}  // namespace hf::app
