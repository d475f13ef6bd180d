// The page's questions about rules, asked of an engine that runs on its own thread.
#include "agent/app/backend_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/app/outlets.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PageOfRules : public ::testing::Test {
 protected:
  PageOfRules() {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    store_.emplace(std::move(*store::Store::open(folder_ / "derived.db")));
    outlet_.emplace(std::move(*StoreOutlet::open(*store_, journal->epoch(), journal->last_sequence())));
    EngineOptions options;
    options.live = false, options.gather = 0ms;
    engine_ = std::make_unique<Engine>(std::move(*journal), clock_, inbox_, std::vector<Outlet*>{&*outlet_}, options);
    EXPECT_TRUE(engine_->recover());
    tests_ = std::make_unique<Backtests>(folder_ / "journal", clock_);
    page_ = std::make_unique<AppRules>(RulesParts{*engine_, inbox_, *store_, *tests_, clock_, random_});
    loop_ = std::thread([this] { EXPECT_TRUE(engine_->run()); });
    feed(0min, 45min);
  }
  ~PageOfRules() override {
    inbox_.close();
    loop_.join();
  }
  // The morning whose lines are held from nine, in pieces.
  void feed(Duration from, Duration to) {
    pbx::SimOptions sim;
    sim.scenario = pbx::SimScenario::hp_prequeue;
    pbx::SimModel model(sim, morning_, morning_ + 1h);
    std::vector<pbx::CallEvent> events;
    while (auto event = model.next(morning_ + to))
      if (event->at >= morning_ + from) events.push_back(std::move(*event));
    inbox_.door().on(std::move(events), "1");
    while (on_loop(inbox_, [this] { return engine_->now(); }).value_or(Time{}) < morning_ + to - 1min) std::this_thread::yield();
  }
  static rules::Rule rule(const std::string& text) {
    rules::Rule rule;
    rule.name = "long waits", rule.text = text, rule.mode = rules::Mode::active;
    return rule;
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  const Time morning_ = std::chrono::floor<std::chrono::days>(clock_.now() - 48h) + 8h;
  Inbox inbox_;
  std::optional<store::Store> store_;
  std::optional<StoreOutlet> outlet_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Backtests> tests_;
  std::unique_ptr<AppRules> page_;
  std::thread loop_;
};

TEST_F(PageOfRules, refuses_a_queue_that_nobody_knows_and_says_which_was_meant) {
  const auto list = page_->rules();
  ASSERT_THAT(list->names, ::testing::Not(IsEmpty()));
  const std::string known = list->names.front().id;
  const auto refused = page_->set_rule(rule("waiting of \"" + known.substr(0, known.size() - 1) + "\" > 1"), "mia");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
  EXPECT_THAT(refused.error().what, HasSubstr("did you mean " + known));
  EXPECT_EQ(page_->set_rule([] { auto r = rule("waiting of any line > 1"); r.id = "r9"; return r; }(), "mia").error().kind, ErrorKind::not_found);
}

TEST_F(PageOfRules, shows_a_rule_from_its_saving_to_its_firing) {
  ASSERT_TRUE(page_->check("longest_wait of any line > 3 min"));
  EXPECT_FALSE(page_->check("longest_wait of any line > 3 min")->now.empty()) << "measured before it is saved";
  const auto made = page_->set_rule(rule("longest_wait of any line > 3 min"), "mia");
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->rule.id, "r1");
  ASSERT_TRUE(page_->snooze("r1", 10min, "mia"));
  EXPECT_EQ(page_->rules()->rules.front().quiet, rules::Quiet::snoozed);
  ASSERT_TRUE(page_->snooze("r1", std::nullopt, "mia"));
  feed(45min, 75min);
  const auto now = page_->rules();
  ASSERT_TRUE(now);
  EXPECT_GE(now->rules.front().fired, 1u);
  EXPECT_TRUE(now->rules.front().places.front().firing) << "firing places first";
  const auto fired = page_->firings("r1", 10);
  ASSERT_TRUE(fired);
  EXPECT_EQ(fired->front().name, "long waits");
  EXPECT_TRUE(fired->front().firing.paged);
  ASSERT_TRUE(page_->delete_rule("r1", "mia"));
  EXPECT_THAT(page_->rules()->rules, IsEmpty());
  EXPECT_THAT(*page_->firings(std::nullopt, 10), ::testing::Not(IsEmpty())) << "what it said stays on record";
}

TEST_F(PageOfRules, shows_a_declared_hold_with_its_incident_its_measure_and_its_broken_guardrail) {
  std::string line;
  const auto list = page_->rules();
  for (const auto& name : list->names)
    if (name.scope == metrics::Scope::line && line.empty()) line = name.id;
  rules::DeclaredChange change;
  change.name = "music", change.scope = metrics::Scope::line, change.subject = line, change.from = morning_ + 55min, change.to = morning_ + 3h;
  change.expected_wait = 2min, change.guardrails = {"longest_wait of any line > 5 min"};
  const auto declared = page_->declare(change, "mia");
  ASSERT_TRUE(declared) << declared.error().what;
  EXPECT_EQ(declared->phase, web::ChangePhase::planned);
  EXPECT_GT(declared->before.answered, 0u);
  change.subject = "nowhere";
  EXPECT_EQ(page_->declare(change, "mia").error().kind, ErrorKind::invalid_input);
  feed(45min, 110min);
  const auto seen = page_->changes();
  ASSERT_TRUE(seen) << seen.error().what;
  ASSERT_THAT(*seen, SizeIs(1));
  EXPECT_EQ(seen->front().phase, web::ChangePhase::running);
  EXPECT_THAT(seen->front().broken, ::testing::Not(IsEmpty()));
  ASSERT_TRUE(page_->end_change("c1", "mia"));
  EXPECT_EQ(page_->changes()->front().phase, web::ChangePhase::over);
}

TEST_F(PageOfRules, scores_a_hypothesis_from_live_firings) {
  ASSERT_TRUE(page_->set_rule(rule("longest_wait of any line > 5 min"), "mia"));
  rules::Hypothesis h;
  h.name = "three before five", h.signal = "longest_wait of any line > 3 min", h.target = "rule:r1", h.lead_max = 10min;
  const auto made = page_->add_hypothesis(h, "mia");
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->hypothesis.id, "h2") << "one number for all, so that an id names one thing";
  h.target = "rule:r7";
  EXPECT_EQ(page_->add_hypothesis(h, "mia").error().kind, ErrorKind::invalid_input);
  feed(45min, 90min);
  const auto all = page_->hypotheses();
  ASSERT_TRUE(all);
  EXPECT_GE(all->front().score.hits, 1u);
  EXPECT_FALSE(all->front().decided);
  EXPECT_THAT(page_->rules()->rules, SizeIs(1)) << "its signal is no rule of people";
}

TEST_F(PageOfRules, backtests_on_its_own_journal) {
  feed(45min, 90min);
  web::BacktestRange range;
  range.text = "longest_wait of any line > 3 min", range.days = 1, range.target = "incident:artificial_hold", range.lead_max = 1h;
  auto view = page_->begin_backtest(range);
  ASSERT_TRUE(view) << view.error().what;
  while (view && view->state == web::BacktestState::running) view = page_->backtest(view->id);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->state, web::BacktestState::done) << view->what;
  EXPECT_THAT(view->firings, ::testing::Not(IsEmpty()));
  EXPECT_TRUE(view->score);
  range.text = "nonsense";
  EXPECT_EQ(page_->begin_backtest(range).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::app
