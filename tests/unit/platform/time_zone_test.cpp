#include "hal/platform/time_zone.hpp"

#include <gtest/gtest.h>

namespace hf {
namespace {

using namespace std::chrono_literals;

Time utc(int year, unsigned month, unsigned day, std::chrono::minutes minute) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)) + minute;
}

TEST(TimeZone, a_day_begins_at_local_midnight) {
  const auto berlin = TimeZone::find("Europe/Berlin");
  ASSERT_TRUE(berlin);
  EXPECT_EQ(berlin->day_start(utc(2026, 11, 26, 30min)), utc(2026, 11, 25, 23h));
  EXPECT_EQ(berlin->day_start(utc(2026, 11, 25, 23h)), utc(2026, 11, 25, 23h));
}

TEST(TimeZone, the_day_of_the_change_to_winter_time_has_25_hours) {
  const auto berlin = TimeZone::find("Europe/Berlin");
  ASSERT_TRUE(berlin);
  const Time start = berlin->day_start(utc(2026, 10, 25, 12h)), next = berlin->day_start(utc(2026, 10, 26, 12h));
  EXPECT_EQ(next - start, 25h);
}

TEST(TimeZone, tells_wall_time_and_weekday) {
  const auto moscow = TimeZone::find("Europe/Moscow");
  ASSERT_TRUE(moscow);
  const auto wall = moscow->wall_time(utc(2026, 11, 26, 21h + 30min));  // a Thursday in UTC
  EXPECT_EQ(wall.minute, 30);
  EXPECT_EQ(wall.weekday, 4);
}

TEST(TimeZone, refuses_a_zone_that_is_none) {
  const auto bad = TimeZone::find("Europe/Atlantis");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf
