// What HQ hears of surveys: sums of a day, at every fifth answer.
#include <gtest/gtest.h>

#include "agent/core/core.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;

const Time kMorning = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 3).time_since_epoch()) + 8h;

std::vector<metrics::SurveySum> days_told(const std::string& pbx, int answers, std::optional<uint16_t> score) {
  Core core(0);
  CoreOutput out;
  for (int i = 0; i < answers; ++i)
    core.on({kMorning + i * 10min, {}, pbx::SurveyAnswered{"", "sales", pbx::SurveyQuestion::csat, score, 1, 5, {}}, pbx}, out);
  std::vector<metrics::SurveySum> days;
  for (const auto& step : out.steps) days.insert(days.end(), step.survey_days.begin(), step.survey_days.end());
  return days;
}

TEST(SurveyDays, are_told_at_every_fifth_answer_and_never_between) {
  const auto days = days_told("", 14, 4);
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].answers, 5u);
  EXPECT_EQ(days[1].answers, 10u) << "over several quarters of an hour";
  EXPECT_EQ(days[1].sum, 40u);
  EXPECT_EQ(days[1].start, kMorning - 8h);
  EXPECT_EQ(days[1].queue, "sales");
  EXPECT_TRUE(days_told("", 4, 4).empty());
}

TEST(SurveyDays, bear_the_name_of_their_pbx) { EXPECT_EQ(days_told("north", 5, 4).at(0).queue, "north|sales"); }

TEST(SurveyDays, what_is_no_answer_tells_nothing) { EXPECT_TRUE(days_told("", 20, 9).empty()); }

}  // namespace
}  // namespace hf::app
