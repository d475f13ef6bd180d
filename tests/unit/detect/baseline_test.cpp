#include "agent/detect/baseline.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "agent/detect/queue_minutes.hpp"
#include "agent/detect/talk_times.hpp"

namespace hf::detect {
namespace {

using std::chrono::minutes;
using Seconds = std::chrono::seconds;

Time at(int day, int hour, int minute = 0) {
  return Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / day)) + std::chrono::hours(hour) + minutes(minute);
}

calls::SiteModel berlin() {
  calls::SiteModel model;
  model.time_zone = "Europe/Berlin";
  return model;
}

TEST(Calendar, the_same_hour_by_the_wall_clock_stays_the_same_slot_when_summer_time_begins) {
  Calendar calendar;
  calendar.set(berlin());
  const LocalMoment winter = calendar.at(at(20, 9)), summer = calendar.at(at(27 + 3, 8));  // 10 h both
  EXPECT_EQ(winter.minute, 600);
  EXPECT_EQ(summer.minute, 600);
}

TEST(Calendar, a_day_of_23_hours_has_no_hour_that_is_skipped) {
  Calendar calendar;
  calendar.set(berlin());
  EXPECT_EQ(calendar.at(at(29, 0, 59)).minute, 119);
  EXPECT_EQ(calendar.at(at(29, 1, 0)).minute, 180);
  EXPECT_EQ(calendar.at(at(29, 1, 0)).day, calendar.at(at(29, 20)).day);
}

TEST(Calendar, knows_the_date_far_from_greenwich) {
  Calendar calendar;
  calls::SiteModel model;
  model.time_zone = "Pacific/Kiritimati";  // UTC+14
  calendar.set(model);
  EXPECT_EQ(calendar.at(at(2, 11)).row, 1);  // Tuesday there
  EXPECT_EQ(calendar.at(at(2, 11)).minute, 60);
  model.time_zone = "Pacific/Pago_Pago";  // UTC-11
  calendar.set(model);
  EXPECT_EQ(calendar.at(at(2, 1)).row, 6);  // Sunday there
}

TEST(Calendar, a_holiday_has_its_own_row_and_hours) {
  Calendar calendar;
  calls::SiteModel model = berlin();
  model.opening_hours.assign(7, {480, 1080});
  model.holidays = {{calendar.at(at(3, 12)).day, {600, 720}}};
  calendar.set(model);
  EXPECT_EQ(calendar.at(at(3, 9, 30)).row, 7);
  EXPECT_TRUE(calendar.at(at(3, 9, 30)).open);
  EXPECT_FALSE(calendar.at(at(3, 12)).open);
  EXPECT_EQ(calendar.at(at(4, 12)).row, 2);
  EXPECT_TRUE(calendar.at(at(4, 12)).open);
}

HalfHour half_hour(uint8_t row, uint32_t arrivals, double staff = 5) {
  HalfHour h;
  h.at.row = row, h.at.minute = 600;
  h.minutes = 30, h.arrivals = arrivals, h.staff = staff * 30, h.staff_minutes = 30;
  return h;
}

TEST(Baseline, a_weekday_never_seen_is_taken_from_the_other_days) {
  Baseline baseline;
  LocalMoment tuesday{.day = 0, .minute = 600, .row = 1};
  EXPECT_FALSE(baseline.arrivals_per_minute(tuesday));
  baseline.take(half_hour(0, 60));
  EXPECT_NEAR(baseline.arrivals_per_minute(tuesday).value(), 2, 1e-6);
  EXPECT_NEAR(baseline.staff(tuesday).value(), 5, 1e-6);
}

TEST(Baseline, a_weekday_with_a_habit_of_its_own_is_learnt_in_weeks) {
  Baseline baseline;
  const LocalMoment saturday{.day = 0, .minute = 600, .row = 5};
  for (int week = 0; week < 6; ++week) {
    for (uint8_t row = 0; row < 5; ++row) baseline.take(half_hour(row, 60));
    baseline.take(half_hour(5, 15));
  }
  EXPECT_LT(baseline.arrivals_per_minute(saturday).value(), 0.8);
  EXPECT_GT(baseline.arrivals_per_minute({.day = 0, .minute = 600, .row = 1}).value(), 1.5);
}

TEST(Baseline, one_odd_day_moves_it_little) {
  Baseline baseline;
  for (int week = 0; week < 8; ++week) baseline.take(half_hour(1, 60));
  baseline.take(half_hour(1, 600));
  EXPECT_LT(baseline.arrivals_per_minute({.day = 0, .minute = 600, .row = 1}).value(), 3);
}

TEST(Baseline, learns_how_long_talks_last_from_a_prior) {
  Baseline baseline;
  EXPECT_NEAR(seconds(baseline.typical_handling({})), 180, 5);
  HalfHour h = half_hour(1, 60);
  h.talks = 50, h.talk_log = 50 * std::log(60.0), h.talk_log2 = 50 * std::log(60.0) * std::log(60.0);
  for (int i = 0; i < 20; ++i) baseline.take(h);
  EXPECT_NEAR(seconds(baseline.typical_handling(h.at)), 60, 6);
}

TEST(Baseline, knows_who_talks_longer_than_the_others) {
  Baseline baseline;
  HalfHour h = half_hour(1, 60);
  h.by_member = {{7, {.talks = 20, .beyond = 20 * 0.5}}, {8, {.talks = 1, .beyond = 3}}};
  h.talks = 21;
  for (int i = 0; i < 10; ++i) baseline.take(h);
  EXPECT_NEAR(baseline.member_talk(7), 0.5, 0.1);
  EXPECT_LT(baseline.member_talk(8), 1);  // ten talks are few
  EXPECT_EQ(baseline.member_talk(9), 0);
}

TEST(Baseline, remembers_no_more_members_than_its_limit) {
  Baseline baseline;
  for (uint64_t i = 0; i < 2 * Baseline::kMembers; ++i) {
    HalfHour h = half_hour(1, 60);
    h.talks = 2, h.by_member = {{i, {.talks = 2, .beyond = 1}}};
    baseline.take(h);
  }
  EXPECT_LT(to_bytes(baseline).size(), 64U * 1024);
  EXPECT_GT(baseline.member_talk(2 * Baseline::kMembers - 1), 0);
}

TEST(TalkTimes, members_who_always_talk_long_are_no_evidence) {
  const Baseline::Talk usual{std::log(120.0), 0.8};
  const auto nats = [&](double beyond) {
    TalkTimes talks;
    for (uint64_t i = 0; i < 30; ++i) {
      talks.began(i, 1, beyond, at(2, 9) + minutes(i));
      EXPECT_TRUE(talks.ended(i, at(2, 9) + minutes(i) + Seconds(150 + 6 * i), usual));
    }
    return talks.evidence(at(2, 9, 40), usual).nats;
  };
  EXPECT_GT(nats(0), 4);
  EXPECT_LT(nats(std::log(2.0)), 1);
}

TEST(TalkTimes, talks_that_do_not_end_speak_before_they_end) {
  TalkTimes talks;
  const Baseline::Talk usual{std::log(120.0), 0.8};
  for (uint64_t i = 0; i < 30; ++i) talks.began(i, i, 0, at(2, 9) + Seconds(i));
  EXPECT_LT(talks.evidence(at(2, 9, 1), usual).nats, 3);
  EXPECT_GT(talks.evidence(at(2, 9, 10), usual).nats, 5);
}

TEST(TalkTimes, a_forgotten_phone_is_one_talk) {
  TalkTimes talks;
  const Baseline::Talk usual{std::log(120.0), 0.8};
  talks.began(99, 99, 0, at(2, 8));
  for (uint64_t i = 0; i < 30; ++i) {
    talks.began(i, i, 0, at(2, 9) + minutes(i));
    ASSERT_TRUE(talks.ended(i, at(2, 9) + minutes(i) + Seconds(60 + 6 * i), usual));
  }
  EXPECT_LT(talks.evidence(at(2, 9, 40), usual).nats, 3);
}

TEST(TalkTimes, a_talk_that_ends_before_it_began_counts_as_short) {
  TalkTimes talks;
  talks.began(1, 1, 0, at(2, 9));
  ASSERT_TRUE(talks.under_way(1, at(2, 8)));
  EXPECT_EQ(talks.under_way(1, at(2, 8))->length, Duration{});
  EXPECT_TRUE(talks.ended(1, at(2, 8), {}));
  EXPECT_FALSE(talks.ended(1, at(2, 9), {}));
}

TEST(RateNats, agree_with_the_negative_binomial_by_hand) {
  // ln NB(60; 40, mean 72) - ln NB(60; 40, mean 40), shape 40
  EXPECT_NEAR(rate_nats(60, 40, 1.8, 40), 60 * std::log(1.8) - 100 * std::log(112.0 / 80.0), 1e-12);
  EXPECT_LT(rate_nats(40, 40, 1.8, 40), 0);
  EXPECT_EQ(rate_nats(5, 0, 1.8, 40), 0);
}

}  // namespace
}  // namespace hf::detect
