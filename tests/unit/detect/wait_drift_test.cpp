#include "agent/detect/wait_drift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace hf::detect {
namespace {

// Days whose waits follow their load, as queues do: ln(wait) = 4.85 + 2.66 ln(load) + noise of 0.16, as real days leave.
class Days {
 public:
  explicit Days(uint64_t seed = 3) : random_(seed) { testing::Test::RecordProperty("seed", std::to_string(seed)); }
  DaySums day(double factor, double level = 0) {
    const double arrivals = std::exp(std::normal_distribution<double>(std::log(800), 0.1)(random_) + level);
    const double load = arrivals * 180 / (5000 * 60);
    noise_ = alike * noise_ + std::normal_distribution<double>(0, 0.16 * std::sqrt(1 - alike * alike))(random_);
    const double wait = factor * std::exp(4.85 + 2.66 * std::log(load) + noise_);
    return {.arrivals = arrivals,
            .answered = 600,
            .answered_wait = 600 * wait,
            .talks = 600,
            .talk_time = 600 * 180,
            .minutes = 480,
            .staff_minutes = 5000,
            .tainted = false};
  }
  void live(WaitDrift& drift, int days, double factor = 1, double level = 0) {
    for (int i = 0; i < days; ++i) one(drift, day(factor, level));
  }
  void one(WaitDrift& drift, const DaySums& d) {
    drift.judge(d, {});
    if (drift.stands() && !stood_) ++told;
    stood_ = drift.stands();
    drift.close(d, {});
    stood_ = drift.stands();
  }
  int told = 0;
  double alike = 0;  // correlation of a day's noise with the day's before

 private:
  std::mt19937_64 random_;
  double noise_ = 0;
  bool stood_ = false;
};

TEST(WaitDrift, tells_waits_that_stay_a_third_longer_within_ten_working_days) {
  WaitDrift drift;
  Days days;
  days.live(drift, 40);
  ASSERT_EQ(days.told, 0);
  days.live(drift, 10, 1.35);
  EXPECT_EQ(days.told, 1);
  EXPECT_GT(drift.excess(), 0.1);
}

TEST(WaitDrift, a_busy_fortnight_with_the_waits_that_go_with_it_is_no_drift) {
  WaitDrift drift;
  Days days;
  days.live(drift, 40);
  days.live(drift, 10, 1, 0.2);
  EXPECT_EQ(days.told, 0);
}

TEST(WaitDrift, a_fortnight_with_a_smaller_floor_at_the_same_load_is_no_drift) {
  WaitDrift drift;
  Days days;
  const auto sized = [&](double members, int n) {
    for (int i = 0; i < n; ++i) {
      DaySums d = days.day(std::pow(members, -0.5));  // a small floor waits longer at the same load
      d.arrivals *= members, d.staff_minutes *= members;
      days.one(drift, d);
    }
  };
  for (int week = 0; week < 12; ++week) sized(1, 4), sized(0.6, 1);  // short Fridays
  ASSERT_EQ(days.told, 0);
  sized(0.6, 8);
  EXPECT_EQ(days.told, 0);
}

// On real days 0.2 to 0.3: waits that were long yesterday are rather long today.
TEST(WaitDrift, days_that_are_like_the_day_before_are_no_drift) {
  int told = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    WaitDrift drift;
    Days days(seed);
    days.alike = 0.25;
    days.live(drift, 214);
    told += days.told;
  }
  EXPECT_LE(told, 5) << "of 20 years; some 20 where days are taken to be independent";
}

TEST(WaitDrift, one_terrible_day_is_no_drift) {
  WaitDrift drift;
  Days days;
  days.live(drift, 40);
  days.live(drift, 1, 6);
  days.live(drift, 10);
  EXPECT_EQ(days.told, 0);
}

TEST(WaitDrift, a_day_with_an_incident_neither_judges_nor_teaches) {
  WaitDrift drift;
  Days days;
  days.live(drift, 40);
  const auto before = to_bytes(drift);
  DaySums bad = days.day(5);
  bad.tainted = true, bad.arrivals = drift.usual_arrivals();
  days.one(drift, bad);
  EXPECT_EQ(to_bytes(drift), before);
}

TEST(WaitDrift, ends_when_waits_are_as_before_and_knows_them_still) {
  WaitDrift drift;
  Days days;
  days.live(drift, 40);
  days.live(drift, 12, 1.5);
  ASSERT_TRUE(drift.stands());
  days.live(drift, 10);
  EXPECT_FALSE(drift.stands());
  EXPECT_EQ(days.told, 1);
}

TEST(WaitDrift, says_nothing_without_members_or_calls) {
  WaitDrift drift;
  Days days;
  for (int i = 0; i < 60; ++i) days.one(drift, {});
  DaySums nobody = days.day(1);
  nobody.staff_minutes = 0;
  for (int i = 0; i < 60; ++i) days.one(drift, nobody);
  EXPECT_EQ(days.told, 0);
  EXPECT_EQ(drift.nats(), 0);
}

}  // namespace
}  // namespace hf::detect
