#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "agent/forecast/hour_of_week.hpp"
#include "agent/forecast/online_logistic.hpp"
#include "agent/forecast/score_card.hpp"

namespace hf::forecast {
namespace {

constexpr Features kZero{}, kOnes{1, 1, 1, 1, 1, 1, 1, 1};

TEST(OnlineLogistic, finds_the_weights_that_made_the_cases) {
  std::mt19937_64 random(7);
  std::normal_distribution<> normal;
  OnlineLogistic model(kZero, kOnes);
  const Features truth{-0.5, 1.5, -1, 0, 0.5, 0, 0, 0};
  for (int i = 0; i < 20'000; ++i) {
    Features x{1};
    double z = truth[0];
    for (size_t k = 1; k < kFeatures; ++k) x[k] = normal(random), z += truth[k] * x[k];
    model.learn(x, std::uniform_real_distribution<>(0, 1)(random) < sigmoid(z), 1);
  }
  for (size_t k = 0; k < kFeatures; ++k) EXPECT_NEAR(model.weights()[k], truth[k], 0.1) << k;
}

TEST(OnlineLogistic, says_the_priors_word_at_first_and_half_and_half_when_it_knows_nothing) {
  const OnlineLogistic sure({2}, {1e-9}), unsure({2}, {1e6});
  EXPECT_NEAR(sure.probability({1}), sigmoid(2), 1e-6);
  EXPECT_NEAR(unsure.probability({1}), 0.5, 0.01);
}

TEST(ScoreCard, scores_by_hand) {
  ScoreCard card;
  card.add({0.9, 1, 0.5}, true);
  card.add({0.2, 1, 0.5}, false);
  EXPECT_NEAR(card.brier()->model, (0.01 + 0.04) / 2, 1e-12);
  EXPECT_NEAR(card.brier()->persistence, 0.5, 1e-12);
  EXPECT_NEAR(*card.skill_over_climatology(), 1 - 0.025 / 0.25, 1e-12);
  EXPECT_EQ(card.bins[9].cases, 1u);
  EXPECT_EQ(card.bins[2].cases, 1u);
  EXPECT_NEAR(*card.calibration_gap(), (0.1 + 0.2) / 2, 1e-12);
  EXPECT_FALSE(card.enough());
}

TEST(ScoreCard, says_nothing_without_cases_and_nothing_over_a_perfect_reference) {
  ScoreCard card;
  EXPECT_FALSE(card.brier() || card.skill_over_persistence() || card.calibration_gap() || card.gap_by_chance());
  card.add({0.5, 1, 0.5}, true);
  EXPECT_FALSE(card.skill_over_persistence());
}

TEST(HourOfWeek, follows_the_sites_clock_through_a_change_of_time) {
  const TimeZone berlin = *TimeZone::find("Europe/Berlin");
  const Time winter = from_unix_seconds(1'743'231'600),
             summer = winter + std::chrono::hours(24);  // Saturday 08:00 local
  EXPECT_EQ(slot_of(berlin, winter).week, 5 * 24 + 8);
  EXPECT_EQ(slot_of(berlin, summer).week, 6 * 24 + 9) << "the clock went forward in between";
  EXPECT_EQ(slot_of(berlin, winter).day, 24 + 8);
}

TEST(Frequency, takes_an_unknown_hour_of_the_week_from_the_hour_of_the_day) {
  Frequency f;
  EXPECT_NEAR(f.at({0, 0}), 0.5, 1e-6);
  for (int i = 0; i < 200; ++i) f.add({9, 9}, true, 1), f.add({10, 10}, false, 1);
  EXPECT_GT(f.at({24 + 9, 9}), 0.9);
  EXPECT_LT(f.at({24 + 10, 10}), 0.1);
  EXPECT_NEAR(f.at({3, 3}), 0.5, 0.05);
}

TEST(Frequency, forgets_what_was_long_ago) {
  Frequency f;
  for (int i = 0; i < 1000; ++i) f.add({9, 9}, true, 1);
  for (int i = 0; i < 1000; ++i) f.add({9, 9}, false, 1);
  EXPECT_LT(f.at({9, 9}), 0.05);
}

TEST(Rate, is_unknown_for_an_hour_that_was_never_seen) {
  Rate rate;
  rate.add({9, 9}, 30, 300);
  EXPECT_NEAR(*rate.at({9, 9}), 0.1, 1e-6);
  EXPECT_FALSE(rate.at({10, 10}));
}

}  // namespace
}  // namespace hf::forecast
