#include "agent/forecast/forecaster.hpp"

#include <gtest/gtest.h>

#include "tests/unit/forecast/queue_days.hpp"

namespace hf::forecast {
namespace {

using std::chrono::minutes;

// Each minute at its end, and what became known of the five before.
void live(Forecaster& forecaster, const QueueDays& days, int from, int to) {
  for (int m = from; m < to; ++m) {
    std::vector<metrics::Minute> closed;
    for (int back = std::min(5, m); back >= 0; --back) closed.push_back(days.minute(m - back, back));
    forecaster.on(closed);
  }
}

const QueueForecast& support(const Forecaster& forecaster) { return forecaster.queues().at("support"); }

class Calibration : public testing::TestWithParam<uint64_t> {};

TEST_P(Calibration, beats_persistence_and_climatology_and_means_what_it_says) {
  const QueueDays days(GetParam(), 90);
  Forecaster forecaster;
  live(forecaster, days, 0, 90 * 1440);
  for (const Outlook& o : support(forecaster).outlooks()) {
    SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", " << o.horizon.count() << " min");
    const auto brier = o.card.brier();
    ASSERT_TRUE(brier);
    EXPECT_GE(o.card.cases, 90u * 11u * 60u / static_cast<unsigned>(o.horizon.count()));
    EXPECT_GT(o.card.events, o.card.cases / 10);
    EXPECT_LT(o.card.events, o.card.cases * 9 / 10);
    EXPECT_LT(brier->model, brier->persistence * 0.9);
    EXPECT_LT(brier->model, brier->climatology * 0.9);
    EXPECT_LT(*o.card.calibration_gap(), *o.card.gap_by_chance() + 0.03);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, Calibration, testing::Values(1, 2, 3));

TEST(Forecaster, works_on_the_first_day) {
  const QueueDays days(11, 1);
  Forecaster forecaster;
  live(forecaster, days, 0, 7 * 60);
  EXPECT_FALSE(support(forecaster).outlooks()[0].missed) << "nobody called yet";
  live(forecaster, days, 7 * 60, 9 * 60);
  const Outlook o = support(forecaster).outlooks()[0];
  ASSERT_TRUE(o.missed);
  EXPECT_EQ(o.made, kMonday + std::chrono::hours(9));
  EXPECT_FALSE(o.card.enough()) << "an hour of cases must not pass for a score";
}

// Minutes made by hand: `late` of ten calls a minute are answered late, `waiting` wait.
metrics::Minute by_hand(int m, uint32_t late, double waiting, uint32_t observed = 60) {
  metrics::Minute out;
  out.id = "support", out.start = kMonday + minutes(m), out.observed_seconds = observed;
  if (observed == 0) return out;
  out.offered = out.answered = 10, out.answered_within = 10 - late;
  out.talk = std::chrono::seconds(1800), out.staffed = std::chrono::seconds(60 * 40);
  out.waiting = from_seconds(60 * waiting);
  return out;
}

void give(Forecaster& forecaster, const metrics::Minute& m) { forecaster.on(std::vector{m}); }

TEST(Forecaster, is_surer_of_a_miss_when_calls_are_late_and_a_queue_stands) {
  Forecaster calm, busy;
  for (int m = 0; m < 60; ++m) give(calm, by_hand(m, 0, 0)), give(busy, by_hand(m, 8, 60));
  EXPECT_LT(*support(calm).outlooks()[0].missed, 0.45);
  EXPECT_GT(*support(busy).outlooks()[0].missed, 0.8);
}

TEST(Forecaster, scores_the_window_that_it_spoke_of) {
  Forecaster forecaster;
  for (int m = 0; m < 60; ++m) give(forecaster, by_hand(m, 0, 0));
  for (int m = 60; m < 65; ++m) give(forecaster, by_hand(m, 3, 0));  // 70 % in time: missed
  ASSERT_EQ(support(forecaster).outlooks()[0].card.cases, 1u);
  EXPECT_EQ(support(forecaster).outlooks()[0].card.events, 0u) << "all were in time";
  for (int m = 65; m < 121; ++m) give(forecaster, by_hand(m, 3, 0));
  const auto half = support(forecaster).outlooks()[0];
  ASSERT_EQ(half.card.cases, 2u);  // told at 0:30 and 1:00; what was told at 1:30 is not known yet
  EXPECT_EQ(half.card.events, 1u);
  EXPECT_DOUBLE_EQ(half.card.brier()->persistence, 0.5) << "right about the second half hour, wrong about the third";
  for (int m = 121; m < 125; ++m) give(forecaster, by_hand(m, 0, 0));
  EXPECT_EQ(support(forecaster).outlooks()[0].card.cases, 3u);
  EXPECT_NEAR(support(forecaster).outlooks()[0].card.brier()->persistence, 1.0 / 3, 1e-9) << "right about the fourth";
}

TEST(Forecaster, a_window_with_a_gap_is_not_scored_and_nothing_is_told_in_it) {
  Forecaster forecaster;
  for (int m = 0; m < 40; ++m) give(forecaster, by_hand(m, 0, 0));
  for (int m = 40; m < 46; ++m) give(forecaster, by_hand(m, 0, 0, 0));
  EXPECT_FALSE(support(forecaster).outlooks()[0].missed);
  for (int m = 46; m < 75; ++m) give(forecaster, by_hand(m, 0, 0));
  EXPECT_TRUE(support(forecaster).outlooks()[0].missed);
  EXPECT_EQ(support(forecaster).outlooks()[0].card.cases, 0u);
}

TEST(Forecaster, a_caller_who_still_waits_beyond_the_limit_counts_as_late) {
  Forecaster late, waiting;
  for (int m = 0; m < 30; ++m) {
    metrics::Minute stuck = by_hand(m, 0, 0);
    give(late, by_hand(m, 10, 0));
    stuck.answered = stuck.answered_within = 0, stuck.talk = Duration{};
    give(waiting, stuck);
  }
  EXPECT_NEAR(*support(waiting).outlooks()[0].missed, *support(late).outlooks()[0].missed, 0.02);
}

TEST(Forecaster, lines_and_rolled_up_minutes_are_passed_over) {
  Forecaster forecaster;
  metrics::Minute line = by_hand(0, 0, 0), hour = by_hand(0, 0, 0);
  line.scope = metrics::Scope::line, hour.span_minutes = 60;
  forecaster.on(std::vector{line, hour});
  EXPECT_TRUE(forecaster.queues().empty());
}

TEST(Forecaster, a_loaded_one_goes_on_as_if_nothing_had_happened) {
  const QueueDays days(5, 3);
  Forecaster whole, first;
  live(whole, days, 0, 3 * 1440);
  live(first, days, 0, 2 * 1440 - 7);
  StateSaver saver;
  first.save(saver);
  EXPECT_LT(saver.bytes.size(), 20u * 1024);
  Forecaster second;
  StateLoader loader(saver.bytes);
  ASSERT_TRUE(second.load(loader) && loader.at_end());
  live(second, days, 2 * 1440 - 7, 3 * 1440);
  EXPECT_EQ(to_bytes(second), to_bytes(whole));
}

}  // namespace
}  // namespace hf::forecast
