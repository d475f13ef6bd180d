#include "agent/metrics/minute.hpp"

#include <gtest/gtest.h>

namespace hf::metrics {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Cisco's example: 70 answered within X, 10 abandoned within X, 20 beyond X; of those 20 ten were answered.
Minute cisco() {
  Minute m;
  m.offered = 100, m.answered = 80, m.abandoned = 20;
  m.answered_within = 70, m.abandoned_within = 10;
  return m;
}

TEST(ServiceLevels, agree_with_the_textbook_example) {
  const ServiceLevels s = service_levels(cisco());
  EXPECT_NEAR(s.ignore_abandons.value(), 70.0 / 90.0, 1e-12);  // 77.8 %
  EXPECT_NEAR(s.abandons_negative.value(), 0.70, 1e-12);
  EXPECT_NEAR(s.abandons_positive.value(), 0.80, 1e-12);
  EXPECT_NEAR(s.only_handled.value(), 0.875, 1e-12);
}

TEST(ServiceLevels, are_unknown_without_calls) {
  const ServiceLevels s = service_levels(Minute{});
  EXPECT_FALSE(s.ignore_abandons || s.abandons_negative || s.abandons_positive || s.only_handled);
}

TEST(ServiceLevels, disagree_when_everybody_leaves_early) {
  Minute m;
  m.offered = m.abandoned = m.abandoned_within = 12;
  const ServiceLevels s = service_levels(m);
  EXPECT_FALSE(s.ignore_abandons);
  EXPECT_EQ(s.abandons_negative, 0.0);
  EXPECT_EQ(s.abandons_positive, 1.0);
}

TEST(Formulas, short_abandons_leave_numerator_and_denominator) {
  Minute m;
  m.offered = 50, m.abandoned = 14, m.short_abandoned = 4;
  EXPECT_NEAR(abandon_rate(m).value(), 10.0 / 46.0, 1e-12);
  m.offered = m.abandoned = m.short_abandoned = 3;
  EXPECT_FALSE(abandon_rate(m));
}

TEST(Formulas, average_speed_of_answer_is_over_the_answered_alone) {
  Minute m;
  EXPECT_FALSE(average_speed_of_answer(m));
  m.answered = 4, m.abandoned = 6, m.answered_wait = seconds(90);
  EXPECT_EQ(average_speed_of_answer(m), Duration(seconds(90)) / 4);
}

TEST(Formulas, occupancy_is_unknown_where_agents_are) {
  Minute m;
  EXPECT_FALSE(occupancy(m));
  m.busy = minutes(3), m.free = minutes(1);
  EXPECT_NEAR(occupancy(m).value(), 0.75, 1e-12);
}

TEST(WaitHistogram, has_bins_of_a_second_and_then_of_ten_percent) {
  EXPECT_EQ(WaitHistogram::bin_of(seconds(-1)), 0u);
  EXPECT_EQ(WaitHistogram::bin_of(seconds(59) + std::chrono::microseconds(999'999)), 59u);
  EXPECT_EQ(WaitHistogram::bin_of(seconds(60)), 60u);
  EXPECT_EQ(WaitHistogram::bin_of(seconds(66)), 61u);
  EXPECT_EQ(WaitHistogram::bin_of(std::chrono::hours(9)), WaitHistogram::kBins - 1);
  for (size_t i = 0; i < WaitHistogram::kBins; ++i) {
    EXPECT_EQ(WaitHistogram::bin_of(WaitHistogram::lower_edge(i)), i);
    if (i == 0) continue;
    EXPECT_EQ(WaitHistogram::bin_of(WaitHistogram::lower_edge(i) - Duration(1)), i - 1);
  }
}

TEST(WaitHistogram, counts_below_an_edge_exactly) {
  WaitHistogram h;
  for (int s = 0; s < 100; ++s) h.add(seconds(s));
  EXPECT_EQ(h.count(), 100u);
  EXPECT_EQ(h.count_below(seconds(20)), 20u);
  EXPECT_EQ(h.count_below(seconds(60)), 60u);
  EXPECT_EQ(h.count_below(std::chrono::hours(1)), 100u);
}

TEST(WaitHistogram, finds_quantiles_within_a_bin) {
  WaitHistogram h;
  EXPECT_FALSE(h.quantile(0.5));
  for (int s = 0; s < 60; ++s) h.add(seconds(s));
  h.add(seconds(900));
  EXPECT_EQ(h.quantile(0.5), Duration(std::chrono::milliseconds(30'500)));
  const Duration top = h.quantile(1.0).value();
  EXPECT_GT(top, seconds(850));
  EXPECT_LT(top, seconds(950));
}

TEST(Minute, merges_to_what_one_count_over_both_would_be) {
  Minute a = cisco(), b = cisco();
  a.start = Time(minutes(100)), b.start = Time(minutes(99));
  a.observed_seconds = 60, b.observed_seconds = 30;
  a.answered_waits.add(seconds(5)), b.answered_waits.add(seconds(5));
  a.longest_wait = seconds(40), b.longest_wait = seconds(70);
  a.avoidable_wait = seconds(10);
  a.merge(b);
  EXPECT_EQ(a.start, Time(minutes(99)));
  EXPECT_EQ(a.offered, 200u);
  EXPECT_EQ(a.answered_waits.count_below(seconds(6)), 2u);
  EXPECT_EQ(a.longest_wait, seconds(70));
  EXPECT_EQ(a.avoidable_wait, seconds(10));
  EXPECT_FALSE(a.free);
  EXPECT_NEAR(completeness(a), 90.0 / 120.0, 1e-12);
  EXPECT_NEAR(service_levels(a).abandons_negative.value(), 0.7, 1e-12);
}

TEST(Minute, comes_back_from_its_bytes) {
  Minute m = cisco(), back;
  m.id = "support", m.free = seconds(12);
  ASSERT_TRUE(from_bytes(to_bytes(m), back));
  EXPECT_EQ(m, back);
}

}  // namespace
}  // namespace hf::metrics
