#include "hal/pbx/survey_words.hpp"

#include <gtest/gtest.h>

namespace hf::pbx {
namespace {

TEST(SurveyWords, the_usual_scale_is_meant_when_none_is_told) {
  const SurveyAnswered csat = survey_answer("CSAT", " 4 ", ""), nps = survey_answer("nps", "10", ""), ces = survey_answer("Ces", "7", "");
  EXPECT_TRUE(csat.valid() && nps.valid() && ces.valid());
  EXPECT_EQ(csat.high, 5);
  EXPECT_EQ(nps.low, 0);
  EXPECT_EQ(ces.high, 7);
}

TEST(SurveyWords, scales_are_read_in_three_ways) {
  for (const char* scale : {"1-9", "1..9", "1 to 9"}) {
    const SurveyAnswered a = survey_answer("csat", "9", scale);
    EXPECT_TRUE(a.valid()) << scale;
    EXPECT_EQ(a.high, 9) << scale;
  }
}

TEST(SurveyWords, whatever_is_wrong_is_no_valid_answer) {
  for (const char* score : {"", "#", "*", "6", "0", "-1", "4.5", "99999999999", "4 5"}) EXPECT_FALSE(survey_answer("csat", score, "1-5").valid()) << score;
  for (const char* scale : {"5", "5-1", "1-1", "1-500", "a-b", "-", "1-", "1-5-9"}) EXPECT_FALSE(survey_answer("csat", "1", scale).valid()) << scale;
  EXPECT_FALSE(survey_answer("mood", "3", "1-5").valid());
  EXPECT_FALSE(survey_answer("", "3", "").valid());
}

}  // namespace
}  // namespace hf::pbx
