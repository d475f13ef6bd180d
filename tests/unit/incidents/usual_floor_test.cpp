// What the week knows of an incident's hours.
#include "agent/incidents/usual_floor.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hf::incidents {
namespace {

using namespace std::chrono_literals;

const Time kDay = from_unix_seconds(1'790'035'200);  // midnight UTC
Time at(int week, double hour) { return kDay + week * 7 * 24h + from_seconds(3600 * hour); }

// Weeks in which each half hour of the day brings 30 calls and four members before noon, 60 and eight after it.
detect::Baseline weeks(int n, const detect::Calendar& calendar) {
  detect::Baseline out;
  for (int week = 0; week < n; ++week)
    for (int slot = 0; slot < 48; ++slot) {
      detect::HalfHour h;
      h.at = calendar.at(at(week, slot / 2.0));
      const int twice = slot < 24 ? 1 : 2;
      h.minutes = h.staff_minutes = 30, h.arrivals = static_cast<uint32_t>(30 * twice), h.staff = 30 * 4 * twice;
      h.talks = 20, h.talk_log = 20 * 5.0, h.talk_log2 = 20 * 25.25;
      out.take(h);
    }
  return out;
}

UsualFloor seen(double calls, double agents) {
  UsualFloor out;
  out.arrivals = calls, out.agents = agents, out.handling_s = 180;
  return out;
}

struct ByTheWeek : testing::Test {
  Spans noon{at(5, 10), at(5, 12), at(5, 12), at(5, 14)};
  detect::Calendar calendar;
};

TEST_F(ByTheWeek, an_ordinary_afternoon_is_twice_its_morning) {
  // Before noon came 60 an hour with four members, as always: 120 for two hours.
  const UsualFloor usual = by_the_week(seen(120, 4), noon, weeks(5, calendar), calendar);
  EXPECT_NEAR(*usual.arrivals, 240, 1);
  EXPECT_NEAR(*usual.agents, 8, 0.1);
  EXPECT_EQ(*usual.handling_s, 180) << "talks are those of today";
}

TEST_F(ByTheWeek, a_busy_day_stays_one) {
  const UsualFloor usual = by_the_week(seen(180, 5), noon, weeks(5, calendar), calendar);
  EXPECT_NEAR(*usual.arrivals, 240 * (20 + 180) / (20 + 120.0), 2);
  EXPECT_NEAR(*usual.agents, 10, 0.2);
}

TEST_F(ByTheWeek, an_incident_at_the_opening_has_the_week_alone) {
  const UsualFloor usual = by_the_week(UsualFloor{}, noon, weeks(5, calendar), calendar);
  EXPECT_NEAR(*usual.arrivals, 240, 1);
  EXPECT_NEAR(*usual.agents, 8, 0.1);
  ASSERT_TRUE(usual.handling_s);
  EXPECT_NEAR(*usual.handling_s, std::exp(5.0 + 0.25 / 2), 40);
}

TEST_F(ByTheWeek, a_young_week_says_nothing) {
  const UsualFloor before = seen(120, 4);
  for (const int n : {0, 1}) {
    const UsualFloor usual = by_the_week(before, noon, weeks(n, calendar), calendar);
    EXPECT_EQ(*usual.arrivals, 120) << n;
    EXPECT_EQ(*usual.agents, 4) << n;
  }
}

TEST_F(ByTheWeek, half_the_staff_gone_before_is_no_reason_to_expect_a_quarter) {
  const UsualFloor usual = by_the_week(seen(120, 0.5), noon, weeks(5, calendar), calendar);
  EXPECT_NEAR(*usual.agents, 4, 0.1);
}

}  // namespace
}  // namespace hf::incidents
