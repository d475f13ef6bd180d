// Callers who do not come: played on the floor over some weeks of a queue that is open from 08:00 to 18:00 UTC.
#include <gmock/gmock.h>

#include <functional>
#include <random>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr double kHour = 3600, kDay = 24 * kHour;
// The floor's clock begins at 14:13:20 UTC on a Monday; this is the midnight after it.
constexpr double kMidnight = kDay - (14 * kHour + 13 * 60 + 20);

struct Drought : testing::Test {
  using Rate = std::function<double(double)>;  // calls an hour, by seconds after midnight
  static double usual(double s) { return s >= 8 * kHour && s < 18 * kHour ? 60 : 0; }

  void staff(bool at_work, int members = 4) {
    for (int i = 1001; i < 1001 + members; ++i) floor.agent("support", "PJSIP/" + std::to_string(i), !at_work);
  }
  // Day `d` after the start. `members`: who comes at 08:00 and leaves at 18:00. `other`: what else the PBX tells, an
  // hour.
  void day(int d, const Rate& rate, int members = 4, double other = 12) {
    const double begin = kMidnight + d * kDay;
    std::exponential_distribution<double> gap(1);
    const auto next = [&](double s, const Rate& r) {  // thinning at 200 an hour
      do s += gap(random) * kHour / 200;
      while (s < kDay && std::uniform_real_distribution<double>(0, 200)(random) >= r(s));
      return s;
    };
    const Rate others = [&](double s) { return s >= 8 * kHour && s < 18 * kHour ? other : 0; };
    double call = next(0, rate), event = next(0, others);
    bool here = false;
    while (call < kDay || event < kDay) {
      const double s = std::min(call, event);
      if (!here && s >= 8 * kHour) floor.at(begin + 8 * kHour), staff(true, members), here = true;
      floor.at(begin + s);
      if (call <= event) {
        const std::string id = "c" + std::to_string(++n), phone = "PJSIP/" + std::to_string(1001 + n % members);
        floor.arrive(id, "5550101"), floor.join(id, "support"), floor.at(begin + s + 3);
        floor.connect(id, "support", phone), floor.at(begin + s + 10), floor.done(id, "support", phone);
        call = next(s + 10, rate);
      } else {
        floor.on(pbx::ConfigurationChanged{"chan"}), event = next(s, others);
      }
    }
    floor.at(begin + 18 * kHour), staff(false, members);
    floor.at(begin + kDay);
  }
  void weeks(int n_weeks) {
    for (; today < 7 * n_weeks; ++today)
      if (today % 7 < 4) day(today, usual);  // Tuesday to Friday; the other days are closed
  }
  std::vector<Finding> news() const { return floor.of(FindingKind::news, "arrival_drought"); }
  std::mt19937 random{7};
  Floor floor;
  int today = 0, n = 0;
};

TEST_F(Drought, a_dead_trunk_is_told_within_an_hour_and_over_when_callers_come_again) {
  weeks(4);
  EXPECT_THAT(news(), IsEmpty()) << "four ordinary weeks";
  day(today, [](double s) { return s >= 11 * kHour && s < 13 * kHour ? 0 : usual(s); });
  ASSERT_THAT(news(), SizeIs(1));
  const Finding f = news()[0];
  EXPECT_EQ(f.queue, "support");
  const double since = Floor::since_start(f.at) - kMidnight - today * kDay - 11 * kHour;
  EXPECT_GE(since, 30 * 60);
  EXPECT_LT(since, 50 * 60);
  EXPECT_NEAR(Floor::since_start(f.since), kMidnight + today * kDay + 11 * kHour, 10 * 60);
  EXPECT_GT(f.values.at("expected"), 10);
  const auto over = floor.of(FindingKind::cleared, "arrival_drought");
  ASSERT_THAT(over, SizeIs(1));
  EXPECT_LT(Floor::since_start(over[0].at), kMidnight + today * kDay + 14 * kHour);
}

TEST_F(Drought, one_caller_in_ten_still_gets_through) {
  weeks(4);
  day(today, [](double s) { return s >= 11 * kHour ? usual(s) / 10 : usual(s); });
  ASSERT_THAT(news(), SizeIs(1));
  EXPECT_NEAR(Floor::since_start(news()[0].at), kMidnight + today * kDay + 12.2 * kHour, 0.25 * kHour);
}

TEST_F(Drought, an_outage_of_half_an_hour_is_shown_and_pages_nobody) {
  weeks(4);
  ReadingState state{};
  const double begin = kMidnight + today * kDay;
  floor.at(begin + 8 * kHour), staff(true);
  for (int i = 0; i < 180; ++i) floor.call(begin + 8 * kHour + i * 60, "5550101", "support", "PJSIP/1001");
  for (const int minutes : {6, 12, 18, 24, 27})  // the PBX tells other things meanwhile
    floor.at(begin + 11 * kHour + minutes * 60), floor.on(pbx::ConfigurationChanged{"chan"});
  for (const Reading& r : floor.detector.readings(Floor::time(begin + 11.45 * kHour), floor.tracker))
    if (r.signal == "arrival_drought") state = r.state;
  EXPECT_EQ(state, ReadingState::standing);
  for (int i = 208; i < 300; ++i) floor.call(begin + 8 * kHour + i * 60, "5550101", "support", "PJSIP/1001");
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(Drought, a_branch_that_leads_elsewhere_from_the_morning_on_is_told) {
  weeks(4);
  day(today, [](double s) { return usual(s) / 6; });
  EXPECT_THAT(news(), SizeIs(1));
}

TEST_F(Drought, a_holiday_that_nobody_entered_is_quiet) {
  weeks(4);
  const double begin = kMidnight + today * kDay;
  floor.at(begin + 10 * kHour), floor.on(pbx::ConfigurationChanged{"chan"});
  floor.at(begin + kDay);
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(Drought, a_skeleton_crew_for_few_callers_is_quiet) {
  weeks(4);
  day(today, [](double s) { return usual(s) / 4; }, 1);
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(Drought, closing_two_hours_early_is_quiet) {
  weeks(4);
  const double begin = kMidnight + today * kDay;
  for (int i = 0; i < 8 * 60; ++i) {
    if (i == 0) floor.at(begin + 8 * kHour), staff(true);
    floor.call(begin + 8 * kHour + i * 60, "5550101", "support", "PJSIP/1001");
  }
  staff(false);
  floor.at(begin + kDay);
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(Drought, a_calendar_that_says_closed_expects_nobody) {
  weeks(4);
  calls::SiteModel model;
  const auto date = std::chrono::floor<std::chrono::days>(Floor::time(kMidnight + today * kDay + 60));
  model.holidays = {{static_cast<int32_t>(date.time_since_epoch().count()), {}}};
  floor.set(model);
  day(today, [](double) { return 0.0; });
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(Drought, a_silent_source_is_not_a_drought) {
  weeks(4);
  day(today, [](double s) { return s < 11 * kHour ? usual(s) : 0; }, 4, 0);
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(Drought, the_first_week_says_nothing) {
  day(0, usual);
  for (today = 1; today < 4; ++today) day(today, [](double s) { return usual(s) / 10; });
  EXPECT_THAT(news(), IsEmpty()) << "no weekday was ever seen before";
}

TEST_F(Drought, a_trunk_that_fails_explains_it) {
  weeks(4);
  const double begin = kMidnight + today * kDay;
  floor.at(begin + 8 * kHour), staff(true);
  for (int i = 0; i < 120; ++i) floor.call(begin + 8 * kHour + i * 60, "5550101", "support", "PJSIP/1001");
  for (int i = 0; i < 60; ++i) {
    const std::string id = "k" + std::to_string(i);
    floor.at(begin + 10 * kHour + 10 + i * 60), floor.arrive(id, "5550101");
    floor.on(pbx::ChannelEnded{id, id, 38});
  }
  EXPECT_THAT(news(), IsEmpty());
  const auto beside = floor.of(FindingKind::evidence, "trunk_failure");
  ASSERT_THAT(beside, SizeIs(1));
  EXPECT_EQ(beside[0].template_id, "arrival_drought");
}

}  // namespace
}  // namespace hf::detect
