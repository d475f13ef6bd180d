// What looks like a load incident and is none: no page.
#include <gmock/gmock.h>

#include <functional>

#include "agent/detect/load_findings.hpp"
#include "centre.hpp"

namespace hf::detect {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Centre;
using test::Rates;

calls::SiteModel berlin() {
  calls::SiteModel model;
  model.time_zone = "Europe/Berlin";
  return model;
}

// The alarms, as days after the first, minutes and causes: for whoever reads a failure.
std::vector<std::string> told(const Centre& centre) {
  std::vector<std::string> out;
  for (const auto& alarm : centre.alarms) {
    const LocalMoment at = centre.calendar.at(alarm.at);
    out.push_back(std::to_string(at.day - 20514) + " " + std::to_string(at.minute) + " " +
                  std::string(signal_of(alarm.cause)));
  }
  return out;
}

// Open from 8 to 18 h by the wall clock.
void live_local(Centre& centre, int days, const std::function<Rates(const LocalMoment&)>& at) {
  const Time until = centre.now() + hours(24 * days);
  while (centre.now() < until) {
    const LocalMoment local = centre.calendar.at(centre.now());
    const bool open = local.minute >= 480 && local.minute < 1080;
    centre.minute(open ? at(local) : Rates{.arrivals = 0, .members = 0});
  }
}

Rates busy_morning(const LocalMoment& at) {
  return {.arrivals = at.minute < 600 ? 2.2 : 1.2, .members = at.minute < 600 ? 10 : 6};
}

TEST(LoadLookAlike, the_days_before_and_after_the_change_to_summer_time) {
  Centre centre;
  centre.calendar.set(berlin());
  live_local(centre, 34, busy_morning);  // 29 March is the 28th of them
  EXPECT_THAT(told(centre), testing::IsEmpty());
}

TEST(LoadLookAlike, a_holiday_with_few_members_and_few_callers) {
  Centre centre;
  calls::SiteModel model = berlin();
  centre.calendar.set(model);
  const int32_t holiday = centre.calendar.at(centre.now()).day + 21;
  model.holidays = {{holiday, {480, 1080}}};
  centre.calendar.set(model);
  live_local(centre, 25, [&](const LocalMoment& at) {
    return at.day == holiday ? Rates{.arrivals = 0.4, .members = 2} : busy_morning(at);
  });
  EXPECT_THAT(told(centre), testing::IsEmpty());
}

TEST(LoadLookAlike, a_lunch_break_that_halves_the_floor_each_day) {
  Centre centre;
  live_local(centre, 28, [](const LocalMoment& at) {
    const bool lunch = at.minute >= 720 && at.minute < 780;
    return Rates{.arrivals = lunch ? 0.6 : 1.2, .members = lunch ? 4 : 7};
  });
  EXPECT_THAT(told(centre), testing::IsEmpty());
}

TEST(LoadLookAlike, a_clock_that_steps_to_another_hour) {
  for (const Duration by : {Duration(hours(2)), Duration(-minutes(20))}) {
    Centre centre;
    live_local(centre, 20, busy_morning);
    while (centre.calendar.at(centre.now()).minute < 660) centre.minute(busy_morning(centre.calendar.at(centre.now())));
    centre.step_clock(by);
    live_local(centre, 1, [](const LocalMoment&) { return Rates{.arrivals = 1.2, .members = 6}; });
    EXPECT_THAT(told(centre), testing::IsEmpty());
  }
}

TEST(LoadLookAlike, a_pbx_that_restarts_and_a_maintenance_in_which_nothing_comes) {
  Centre centre;
  live_local(centre, 15, busy_morning);
  live_local(centre, 1, [&](const LocalMoment& at) {
    if (at.minute == 660 || at.minute == 760) centre.load.observation_lost();
    const bool down = at.minute >= 700 && at.minute < 760;
    return down ? Rates{.arrivals = 0, .members = 0} : busy_morning(at);
  });
  EXPECT_THAT(told(centre), testing::IsEmpty());
}

TEST(LoadLookAlike, an_opening_time_that_moves_by_ten_minutes_a_week) {
  Centre centre;
  for (int day = 0; day < 56; ++day) {
    const int opens = 500 + 10 * (day / 7);
    const Time until = centre.now() + hours(24);
    for (int m = 0; centre.now() < until; ++m) {
      const bool open = m >= opens && m < opens + 300;
      centre.minute(open ? Rates{.arrivals = m < opens + 30 ? 1.6 : 1.1}
                         : Rates{.arrivals = 0, .members = m >= opens && m < opens + 360 ? 7 : 0});
    }
  }
  EXPECT_THAT(told(centre), testing::IsEmpty());
}

TEST(LoadLookAlike, callers_who_pile_up_for_no_reason_that_shows_are_given_no_load_cause) {
  Centre centre;
  for (int i = 0; i < 10; ++i) centre.day([](int) { return Rates{.members = 10}; });
  centre.day([&](int m) {
    centre.stranded = m >= 720 && m < 800 ? 40 : 0;
    return Rates{.arrivals = 1.2, .members = 10};
  });
  EXPECT_THAT(told(centre), testing::IsEmpty());
}

}  // namespace
}  // namespace hf::detect
