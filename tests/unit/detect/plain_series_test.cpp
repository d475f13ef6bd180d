#include "agent/detect/plain_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace hf::detect {
namespace {

// Days of five-minute rows that all look alike, with a little that no day repeats.
double day_curve(int row) { return 100 + 40 * std::sin(2 * std::numbers::pi * row / 288) + std::fmod(row * 7.31, 3); }

double strangest_of(PlainSeries& series, int from, int to, double plus = 0) {
  double most = 0;
  for (int row = from; row < to; ++row) most = std::max(most, series.on(day_curve(row) + plus));
  return most;
}

TEST(PlainSeries, finds_nothing_strange_in_days_that_look_alike) {
  PlainSeries series;
  strangest_of(series, 0, 288);
  EXPECT_LT(strangest_of(series, 288, 20 * 288), 0.01);
}

TEST(PlainSeries, tells_a_peak_beyond_all_days_at_its_row_by_how_far_it_is_beyond) {
  PlainSeries series;
  strangest_of(series, 0, 3 * 288);
  EXPECT_NEAR(series.on(143 + 83), 1.0, 0.05);  // the range is about 83 wide
}

TEST(PlainSeries, tells_a_level_that_moved_within_the_range) {
  const auto strangest = [](double weight) {
    PlainSeries series({.block = 288, .blocks = 14, .quiet = 144, .weight = weight});
    for (int row = 0; row < 3 * 288; ++row) series.on(row % 2 == 0 ? 10 : 0);  // each row anywhere, the mean soon 5
    double most = 0;
    for (int row = 0; row < 60; ++row) most = std::max(most, series.on(0));
    return most;
  };
  EXPECT_GT(strangest(0.05), 0.02);
  EXPECT_EQ(strangest(1), 0);  // without the mean there is nothing to see
}

TEST(PlainSeries, tells_one_event_once_and_a_stranger_one_again) {
  PlainSeries series;
  strangest_of(series, 0, 3 * 288);
  EXPECT_GT(series.on(300), 0);
  EXPECT_EQ(series.on(302), 0);
  EXPECT_EQ(series.on(140), 0);
  EXPECT_GT(series.on(2000), 0);
}

TEST(PlainSeries, forgets_what_is_older_than_its_memory) {
  PlainSeries series({.block = 10, .blocks = 3, .quiet = 5, .weight = 0.05});
  for (int row = 0; row < 100; ++row) series.on(row % 2);
  EXPECT_GT(series.on(50), 10);
  for (int row = 0; row < 200; ++row) series.on(row % 2);
  EXPECT_GT(series.on(50), 10);
}

TEST(PlainSeries, passes_over_what_is_no_number_and_starts_from_nothing) {
  PlainSeries series;
  EXPECT_EQ(series.on(std::numeric_limits<double>::quiet_NaN()), 0);
  EXPECT_EQ(series.on(5), 0);
  EXPECT_EQ(series.on(std::numeric_limits<double>::infinity()), 0);
  EXPECT_EQ(series.on(5), 0);
  EXPECT_EQ(series.on(7), 0);  // no range yet to be beyond of: a first step is no record
  EXPECT_GT(series.on(9), 0);
}

}  // namespace
}  // namespace hf::detect
