#include "agent/detect/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hf::detect {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::deque<Duration> times(std::initializer_list<double> list) {
  std::deque<Duration> d;
  for (const double s : list) d.push_back(from_seconds(s));
  return d;
}

TEST(Quantile, interpolates_between_neighbours_and_survives_an_empty_sample) {
  EXPECT_EQ(median({}), Duration{});
  EXPECT_EQ(median({seconds(1), seconds(9), seconds(3)}), seconds(3));
  EXPECT_EQ(median({seconds(4), seconds(2)}), seconds(3));
  EXPECT_EQ(quantile({seconds(0), seconds(10)}, 0.25), milliseconds(2500));
}

TEST(UsualDwell, five_equal_calls_give_a_tight_bound) {
  const Usual u = usual_dwell(times({4, 4, 4.1, 4, 4}), minutes(1), {});
  EXPECT_EQ(u.median, seconds(4));
  EXPECT_LT(u.upper, seconds(9));
  EXPECT_GT(u.upper, seconds(5));
}

TEST(UsualDwell, two_calls_prove_nothing_and_leave_the_prior) {
  EXPECT_EQ(usual_dwell(times({4, 4}), minutes(5), {}).upper, minutes(5));
}

TEST(UsualDwell, a_menu_with_scattered_times_gets_a_wide_bound) {
  const Usual u = usual_dwell(times({35, 90, 110, 200, 150, 60, 240}), minutes(1), {});
  EXPECT_GT(u.upper, minutes(6));
}

TEST(UsualDwell, with_many_calls_the_longest_one_limits_the_bound) {
  std::deque<Duration> d;
  for (int i = 0; i < 40; ++i) d.push_back(seconds(i % 2 ? 5 : 240));
  EXPECT_LE(usual_dwell(d, minutes(1), {}).upper, seconds(420));
}

TEST(UsualDwell, a_legal_notice_of_the_site_model_lifts_the_bound) {
  EXPECT_EQ(usual_dwell(times({4, 4, 4, 4}), minutes(1), seconds(35)).upper, seconds(40));
}

TEST(UsualDwell, callers_who_join_at_once_do_not_break_the_logarithm) {
  const Usual u = usual_dwell(times({0, 0, 0, 0}), minutes(1), {});
  EXPECT_GE(u.upper, seconds(2));
  EXPECT_LT(u.upper, seconds(6));
}

TEST(HeldNats, say_nothing_about_a_notice_of_forty_seconds_and_all_at_a_minute) {
  EXPECT_EQ(held_nats(seconds(40), 0.002), 0);
  EXPECT_NEAR(held_nats(seconds(50), 0.002), -std::log(0.002) / 2, 1e-9);
  EXPECT_NEAR(held_nats(seconds(60), 0.002), -std::log(0.002), 1e-9);
  EXPECT_NEAR(held_nats(minutes(60), 0.002), -std::log(0.002) + 4, 1e-9);
}

TEST(Steps, weigh_a_caller_who_went_straight_on_against_everybody_being_held) {
  EXPECT_NEAR(direct_step(0.9), std::log(0.1), 1e-9);
  EXPECT_NEAR(direct_step(0.25), std::log(0.75), 1e-9);
  EXPECT_NEAR(held_step(0.25, 6), std::log(0.75 + 0.25 * std::exp(6)), 1e-9);
}

TEST(Densest, finds_the_constant_wait_among_ordinary_ones) {
  const PointMass m =
      densest({seconds(3), seconds(901), seconds(45), seconds(900), seconds(899), seconds(300)}, seconds(2));
  EXPECT_EQ(m.inside, 3U);
  EXPECT_EQ(m.of, 6U);
  EXPECT_EQ(m.centre, seconds(900));
}

TEST(Densest, of_nothing_is_nothing) { EXPECT_EQ(densest({}, seconds(2)).inside, 0U); }

TEST(ChanceOfRun, falls_fast_when_everybody_was_held_and_slowly_for_a_partial_roll_out) {
  EXPECT_DOUBLE_EQ(chance_of_run(8, 0, 0), 1);
  EXPECT_NEAR(chance_of_run(8, 0, 3), 0.0019, 0.0002);  // eight held, then three straight on
  EXPECT_GT(chance_of_run(2, 0, 3), 0.02);              // two held are not enough to know the share
  EXPECT_GT(chance_of_run(6, 14, 5), 0.1);              // 30 % held
  EXPECT_LT(chance_of_run(6, 14, 40), 0.002);
}

}  // namespace
}  // namespace hf::detect
