// H18: waits look fine, and callers say that it got worse. Its look-alike: a busy day, whose poor answers follow the waits.
#include "agent/detect/survey_watch.hpp"

#include <gmock/gmock.h>

#include <random>

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

struct Survey : testing::Test {
  void SetUp() override { RecordProperty("seed", testing::UnitTest::GetInstance()->random_seed()); }
  void answer(uint16_t score, pbx::SurveyQuestion question = pbx::SurveyQuestion::nps) {
    now += std::chrono::minutes(3);
    const uint16_t low = question == pbx::SurveyQuestion::nps ? 0 : 1, high = question == pbx::SurveyQuestion::nps ? 10 : 5;
    watch.on({now, calls::SurveyGiven{"", "sales", now, {"", "sales", question, score, low, high, {}}}}, out);
  }
  void call(std::chrono::seconds wait) {
    now += std::chrono::seconds(30);
    calls::Call c;
    c.answering_queue = "sales";
    c.stints.push_back({"sales", now - wait, now, calls::StintEnd::answered});
    watch.on({now, calls::CallConnected{c}}, out);
  }
  // One day in which a share of callers answers poorly, and each waits so long.
  void day(double poor, std::chrono::seconds wait, int answers = 150) {
    std::bernoulli_distribution bad(poor);
    for (int i = 0; i < answers; ++i) {
      for (int k = 0; k < 3; ++k) call(wait);
      answer(bad(random) ? 3 : 9);
    }
  }
  std::vector<Finding> told(FindingKind kind) const {
    std::vector<Finding> all;
    for (const Finding& f : out)
      if (f.kind == kind) all.push_back(f);
    return all;
  }
  ReadingState state() const {
    std::vector<Reading> readings;
    watch.readings(readings);
    return readings.empty() ? ReadingState::unknown : readings.front().state;
  }

  SurveyWatch watch;
  std::vector<Finding> out;
  Time now{std::chrono::hours(500'000)};
  std::mt19937 random{static_cast<unsigned>(testing::UnitTest::GetInstance()->random_seed())};
};

TEST_F(Survey, opens_when_answers_fall_while_waits_look_fine) {
  day(0.15, std::chrono::seconds(10)), day(0.15, std::chrono::seconds(10));
  EXPECT_THAT(out, IsEmpty());
  EXPECT_EQ(state(), ReadingState::quiet);
  day(0.7, std::chrono::seconds(10));
  ASSERT_THAT(told(FindingKind::news), SizeIs(1));
  EXPECT_EQ(told(FindingKind::news)[0].queue, "sales");
  EXPECT_EQ(told(FindingKind::news)[0].template_id, "survey");
  EXPECT_EQ(state(), ReadingState::standing);
  day(0.1, std::chrono::seconds(10));
  EXPECT_THAT(told(FindingKind::cleared), SizeIs(1));
}

TEST_F(Survey, on_a_busy_day_the_same_answers_open_nothing) {
  day(0.15, std::chrono::seconds(10)), day(0.15, std::chrono::seconds(10));
  day(0.7, std::chrono::seconds(240));
  EXPECT_THAT(told(FindingKind::news), IsEmpty());
  EXPECT_THAT(told(FindingKind::evidence), SizeIs(1)) << "it is said beside what makes them wait";
}

TEST_F(Survey, ordinary_weeks_open_nothing) {
  for (int i = 0; i < 30; ++i) day(0.2, std::chrono::seconds(10));
  EXPECT_THAT(told(FindingKind::news), IsEmpty());
}

TEST_F(Survey, needs_two_hundred_answers_of_a_question_first) {
  day(0.9, std::chrono::seconds(10));
  EXPECT_THAT(out, IsEmpty());
  EXPECT_EQ(state(), ReadingState::unknown);
}

TEST_F(Survey, bad_digits_are_no_answers) {
  for (int i = 0; i < 300; ++i) answer(42);
  std::vector<Reading> readings;
  watch.readings(readings);
  EXPECT_THAT(readings, IsEmpty());
  EXPECT_FALSE(watch.heard());
}

}  // namespace
}  // namespace hf::detect
