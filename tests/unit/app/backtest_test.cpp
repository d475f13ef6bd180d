#include "agent/app/backtest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/app/entries.hpp"
#include "agent/journal/journal.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BacktestTest : public ::testing::Test {
 protected:
  BacktestTest() {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    EXPECT_TRUE(journal);
    pbx::SimOptions sim;
    sim.scenario = pbx::SimScenario::hp_prequeue;
    pbx::SimModel model(sim, morning_, morning_ + 1h);  // two lines are held from nine on
    std::vector<journal::Entry> entries;
    while (auto event = model.next(morning_ + 3h)) entries.push_back(to_entry(*event));
    EXPECT_TRUE(journal->append(entries));
    request_.from = morning_, request_.to = morning_ + 3h, request_.last_sequence = journal->last_sequence();
    EXPECT_TRUE(journal->close());
  }
  BacktestResult run(const std::string& text) {
    request_.text = text;
    auto result = backtest(folder_ / "journal", request_, [](double) { return true; });
    EXPECT_TRUE(result) << result.error().what;
    return result ? std::move(*result) : BacktestResult{};
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  const Time morning_ = std::chrono::floor<std::chrono::days>(clock_.now() - 48h) + 8h;
  BacktestRequest request_;
};

TEST_F(BacktestTest, says_when_a_rule_would_have_fired_and_how_long_after_the_onset_on_record) {
  const auto result = run("longest_wait of any line > 8 min");
  ASSERT_THAT(result.firings, ::testing::Not(IsEmpty()));
  const auto& first = result.firings.front();
  EXPECT_GT(first.firing.opened, morning_ + 1h);
  EXPECT_LT(first.firing.opened, morning_ + 1h + 15min);
  ASSERT_TRUE(first.incident);
  EXPECT_EQ(first.incident->kind, incidents::Kind::artificial_hold);
  EXPECT_GT(*first.time_to_signal(), 7min);
  EXPECT_LT(*first.time_to_signal(), 12min);
  EXPECT_THAT(result.unforetold, IsEmpty());
  EXPECT_GT(result.entries, 1000u);
}

TEST_F(BacktestTest, tells_the_incidents_that_a_rule_would_have_missed) {
  const auto result = run("longest_wait of any line > 4 h");
  EXPECT_THAT(result.firings, IsEmpty());
  EXPECT_THAT(result.unforetold, SizeIs(1));
}

TEST_F(BacktestTest, looks_no_further_back_than_it_was_asked) {
  request_.from = morning_ + 2h;
  const auto result = run("waiting of any line >= 0");
  ASSERT_THAT(result.firings, ::testing::Not(IsEmpty()));
  EXPECT_GE(result.firings.front().firing.opened, morning_ + 2h);
}

TEST_F(BacktestTest, scores_a_hypothesis) {
  request_.target_kind = incidents::Kind::artificial_hold;
  request_.lead_max = 30min;
  const auto late = run("longest_wait of any line > 8 min");
  ASSERT_TRUE(late.score);
  EXPECT_EQ(late.score->targets, 1u);
  EXPECT_EQ(late.score->hits, 0u) << "the wait follows the onset, it does not precede it";
  request_.target_kind.reset();
  request_.target_text = "longest_wait of any line > 10 min";
  const auto early = run("longest_wait of any line > 8 min");
  ASSERT_TRUE(early.score);
  EXPECT_GE(early.score->hits, 1u);
  ASSERT_FALSE(early.score->leads.empty());
  EXPECT_LE(early.score->leads.front(), 2min + 10s);
}

TEST_F(BacktestTest, ends_when_it_is_told_to) {
  request_.text = "longest_wait of any line > 3 min";
  const auto cut = backtest(folder_ / "journal", request_, [](double) { return false; });
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::closed);
}

TEST_F(BacktestTest, runs_beside_on_a_thread_of_its_own_one_at_a_time) {
  Backtests tests(folder_ / "journal", clock_);
  request_.text = "longest_wait of any line > 3 min";
  ASSERT_TRUE(tests.begin("a1", request_));
  while (tests.look("a1")->state == Backtests::State::running) std::this_thread::yield();
  const auto look = tests.look("a1");
  ASSERT_TRUE(look->result) << look->what;
  EXPECT_EQ(look->progress, 1);
  EXPECT_EQ(tests.look("b2").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(tests.begin("b2", request_)) << "the first has ended";
  EXPECT_TRUE(tests.cancel("b2"));
  EXPECT_EQ(tests.look("a1").error().kind, ErrorKind::not_found) << "forgotten for the newer one";
}

}  // namespace
}  // namespace hf::app
