#include "agent/detect/queue_load.hpp"

#include <gmock/gmock.h>

#include "agent/detect/budget.hpp"
#include "centre.hpp"

namespace hf::detect {
namespace {

using test::Centre;
using test::Rates;

constexpr int kNoon = 720;

// Minutes from `minute` of the last day to the first alarm; negative: none, or another cause.
double delay(const Centre& centre, LoadCause cause, int minute) {
  if (centre.alarms.size() != 1 || centre.alarms.front().cause != cause) return -1;
  const Time begun = centre.now() - std::chrono::minutes(1440 - minute);
  return seconds(centre.alarms.front().at - begun) / 60;
}

TEST(QueueLoad, stays_quiet_for_a_month_of_ordinary_days) {
  Centre centre;
  centre.days(30);
  EXPECT_TRUE(centre.alarms.empty());
}

TEST(QueueLoad, names_the_handling_time_when_talks_double) {
  Centre centre;
  centre.days(10);
  centre.day([](int m) { return Rates{.talk_s = m >= kNoon ? 300.0 : 150.0}; });
  EXPECT_THAT(delay(centre, LoadCause::handling_time, kNoon), testing::AllOf(testing::Gt(0), testing::Lt(60)));
}

TEST(QueueLoad, names_the_missing_members_when_half_of_them_leave) {
  Centre centre;
  centre.days(10);
  centre.day([](int m) { return Rates{.members = m >= kNoon ? 3 : 7}; });
  EXPECT_THAT(delay(centre, LoadCause::missing_agents, kNoon), testing::AllOf(testing::Gt(0), testing::Lt(40)));
}

// Eight callers are left behind each time; where nobody joins any more, the centre closes.
TEST(QueueLoad, pages_nobody_for_members_who_go_when_callers_stay_away) {
  for (const double arrivals : {0.0, 1.5}) {
    Centre centre;
    centre.days(10);
    for (int m = 0; m < kNoon + 60; ++m) {
      if (m == kNoon) centre.stranded = 8;
      centre.minute(m < 480      ? Rates{.arrivals = 0, .members = 0}
                    : m >= kNoon ? Rates{.arrivals = arrivals, .members = 1}
                                 : Rates{});
    }
    EXPECT_EQ(centre.alarms.empty(), arrivals <= 0);
  }
}

TEST(QueueLoad, names_the_surge_when_arrivals_nearly_double) {
  Centre centre;
  centre.days(10);
  centre.day([](int m) { return Rates{.arrivals = m >= kNoon ? 3.0 : 1.5}; });
  EXPECT_THAT(delay(centre, LoadCause::arrival_surge, kNoon), testing::AllOf(testing::Gt(0), testing::Lt(60)));
}

TEST(QueueLoad, pages_nobody_for_a_surge_that_the_staff_can_carry) {
  Centre centre;
  for (int i = 0; i < 10; ++i) centre.day([](int) { return Rates{.members = 16}; });
  centre.day([](int m) { return Rates{.arrivals = m >= kNoon ? 3.0 : 1.5, .members = 16}; });
  EXPECT_GT(centre.load.minutes().size(), 0U);
  EXPECT_TRUE(centre.alarms.empty());
}

TEST(QueueLoad, pages_nobody_for_long_talks_that_keep_nobody_waiting) {
  Centre centre;
  for (int i = 0; i < 10; ++i) centre.day([](int) { return Rates{.members = 20}; });
  centre.day([](int m) { return Rates{.members = 20, .talk_s = m >= kNoon ? 300.0 : 150.0}; });
  EXPECT_TRUE(centre.alarms.empty());
}

// Where callers wait every day, four times as many are hardly ever seen: what talks show makes up for part of it.
TEST(QueueLoad, tells_doubled_talks_sooner_where_callers_wait_every_day) {
  const auto told_after = [](double least_beyond) {
    Centre centre;
    centre.parameters.least_beyond = least_beyond;
    const auto rates = [&](int m, double talk_s) {
      centre.stranded = m >= kNoon ? 2 : 0;  // each afternoon
      return Rates{.members = 8, .talk_s = talk_s};
    };
    for (int i = 0; i < 10; ++i) centre.day([&](int m) { return rates(m, 150); });
    centre.day([&](int m) { return rates(m, m >= kNoon ? 300 : 150); });
    return delay(centre, LoadCause::handling_time, kNoon);
  };
  const double whole = told_after(4), part = told_after(2);
  EXPECT_THAT(part, testing::AllOf(testing::Gt(0), testing::Lt(35)));
  EXPECT_GT(whole, part);
}

// Far more callers, who talk somewhat longer: what arrivals may add to a page is capped, what they say of its name is not.
TEST(QueueLoad, names_the_surge_where_it_shows_far_more_than_the_talks_that_page) {
  Centre centre(13);  // of 24 seeds the one whose talks paged first, and gave the name
  centre.days(6);
  centre.day([](int m) { return m >= kNoon ? Rates{.arrivals = 2.7, .talk_s = 190.0} : Rates{}; });
  EXPECT_THAT(delay(centre, LoadCause::arrival_surge, kNoon), testing::AllOf(testing::Gt(0), testing::Lt(60)));
}

// A crowd with one short question: the talks after it are as long as ever, and no longer than usual.
TEST(QueueLoad, an_hour_of_short_talks_makes_the_days_other_talks_no_longer) {
  Centre centre;
  for (int i = 0; i < 10; ++i) centre.day([](int) { return Rates{.members = 14}; });
  double before = 0, after = 0;
  centre.day([&](int m) {
    if (m == kNoon) before = centre.load.picture().usual_talk_s;
    if (m == kNoon + 120) after = centre.load.picture().usual_talk_s;
    const bool crowd = m >= kNoon && m < kNoon + 60;
    return Rates{.arrivals = crowd ? 2.8 : 1.5, .members = 14, .talk_s = crowd ? 57.0 : 150.0};
  });
  EXPECT_GT(after, 0.8 * before);
}

TEST(QueueLoad, an_opening_cohort_is_usual_there) {
  Centre centre;
  for (int i = 0; i < 12; ++i) centre.day([](int m) { return Rates{.arrivals = m < 500 ? 6.0 : 1.2}; });
  const Time settled = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 6));
  for (const auto& alarm : centre.alarms) EXPECT_LT(alarm.at, settled);
}

TEST(QueueLoad, one_or_two_calls_an_hour_never_page) {
  Centre centre;
  for (int i = 0; i < 60; ++i) centre.day([](int) { return Rates{.arrivals = 0.03, .members = 1}; });
  EXPECT_TRUE(centre.alarms.empty());
}

TEST(QueueLoad, the_first_day_of_a_box_pages_nobody) {
  Centre centre;
  centre.days(1);
  EXPECT_TRUE(centre.alarms.empty());
}

TEST(QueueLoad, names_nothing_while_an_artificial_hold_stands) {
  Centre centre;
  centre.days(10);
  centre.day([&](int m) {
    centre.other = m >= kNoon;
    return Rates{.members = m >= kNoon ? 3 : 7};
  });
  EXPECT_TRUE(centre.alarms.empty());
}

TEST(QueueLoad, what_an_incident_touched_is_not_learnt) {
  Centre centre;
  centre.days(10);
  const LocalMoment two{.day = 0, .minute = 840, .row = 3};
  const double before = centre.load.baseline().arrivals_per_minute(two).value();
  centre.day([](int m) { return Rates{.arrivals = m >= kNoon ? 4.0 : 1.5}; });
  centre.days(1);
  ASSERT_FALSE(centre.alarms.empty());
  EXPECT_NEAR(centre.load.baseline().arrivals_per_minute(two).value(), before, 0.3);
}

TEST(QueueLoad, the_incident_ends_when_callers_no_longer_wait) {
  Centre centre;
  centre.days(10);
  centre.day([](int m) { return Rates{.members = m >= kNoon && m < kNoon + 120 ? 3 : 9}; });
  EXPECT_EQ(centre.alarms.size(), 1U);
  EXPECT_EQ(centre.load.standing(), LoadCause::none);
}

TEST(QueueLoad, a_gap_in_the_observation_is_no_evidence) {
  Centre centre;
  centre.days(10);
  centre.day([&](int m) {
    if (m == kNoon) centre.load.observation_lost();
    return Rates{};
  });
  EXPECT_TRUE(centre.alarms.empty());
}

TEST(Budget, is_shared_by_callers_so_that_many_queues_keep_one_promise) {
  EXPECT_EQ(share_nats(1000, 1000), 0);
  EXPECT_NEAR(share_nats(500, 1000), std::log(2), 1e-12);
  EXPECT_EQ(share_nats(0, 1e9), 8);
  EXPECT_EQ(share_nats(0, 0), 0);
}

TEST(QueueLoad, goes_on_after_a_restart_as_if_there_had_been_none) {
  Centre centre;
  centre.days(5);
  QueueLoad copy;
  ASSERT_TRUE(from_bytes(to_bytes(centre.load), copy));
  EXPECT_EQ(to_bytes(copy), to_bytes(centre.load));
  EXPECT_LT(to_bytes(copy).size(), 64U * 1024);
}

}  // namespace
}  // namespace hf::detect
