#include "agent/metrics/survey_sum.hpp"

#include <gtest/gtest.h>

namespace hf::metrics {
namespace {

using pbx::SurveyQuestion;
using std::chrono::minutes;

constexpr Time kNoon{std::chrono::hours(500'000)};

struct Asked {
  SurveyBook book;
  std::vector<SurveySum> changed;

  void answer(Time about, SurveyQuestion question, std::optional<uint16_t> score, uint16_t low, uint16_t high, const std::string& queue = "sales") {
    book.add(sum_of({"", queue, about, {"", queue, question, score, low, high, {}}}), changed);
  }
  void nps(int n, uint16_t score) {
    for (int i = 0; i < n; ++i) answer(kNoon, SurveyQuestion::nps, score, 0, 10);
  }
  SurveySum all() const {
    const auto sums = book.sums(kNoon - minutes(60), kNoon + minutes(60));
    return sums.empty() ? SurveySum{} : sums.front();
  }
};

TEST(SurveyBook, nps_is_the_share_of_nines_and_tens_less_that_of_nought_to_six) {
  Asked asked;
  asked.nps(10, 10), asked.nps(5, 9), asked.nps(10, 7), asked.nps(10, 8), asked.nps(3, 6), asked.nps(2, 0);
  EXPECT_EQ(asked.all().answers, 40u);
  EXPECT_NEAR(figures(asked.all()).nps.value(), 100.0 * (15 - 5) / 40, 1e-9);
  EXPECT_FALSE(figures(asked.all()).csat) << "another question";
}

TEST(SurveyBook, nps_on_another_scale_has_a_mean_and_no_nps) {
  Asked asked;
  for (int i = 0; i < 30; ++i) asked.answer(kNoon, SurveyQuestion::nps, 4, 1, 5);
  EXPECT_FALSE(figures(asked.all()).nps);
  EXPECT_NEAR(figures(asked.all()).mean.value(), 4.0, 1e-9);
}

TEST(SurveyBook, csat_is_the_share_of_the_two_best) {
  Asked asked;
  for (const uint16_t score : std::initializer_list<uint16_t>{5, 4, 3, 2, 1})
    for (int i = 0; i < 6; ++i) asked.answer(kNoon, SurveyQuestion::csat, score, 1, 5);
  EXPECT_NEAR(figures(asked.all()).csat.value(), 0.4, 1e-9);
  EXPECT_NEAR(figures(asked.all()).mean.value(), 3.0, 1e-9);
}

TEST(SurveyBook, a_day_is_all_that_its_quarters_say_of_one_question) {
  Asked asked;
  const Time day = std::chrono::floor<std::chrono::days>(kNoon);
  asked.answer(day, SurveyQuestion::csat, 5, 1, 5), asked.answer(day + minutes(24 * 60 - 1), SurveyQuestion::csat, 2, 1, 5);
  asked.answer(day - minutes(1), SurveyQuestion::csat, 1, 1, 5), asked.answer(day + minutes(24 * 60), SurveyQuestion::csat, 1, 1, 5);
  asked.answer(day, SurveyQuestion::csat, 5, 1, 7), asked.answer(day, SurveyQuestion::nps, 5, 1, 5), asked.answer(day, SurveyQuestion::csat, 5, 1, 5, "support");
  const SurveySum sum = day_of(asked.book, asked.changed[1]);
  EXPECT_EQ(sum.start, day);
  EXPECT_EQ(sum.answers, 2u);
  EXPECT_EQ(sum.sum, 7u);
  EXPECT_EQ(sum.bottom, 1u);
}

TEST(SurveyBook, too_few_answers_give_no_figure) {
  Asked asked;
  asked.nps(19, 10);
  EXPECT_FALSE(figures(asked.all()).nps);
  EXPECT_FALSE(figures(asked.all()).mean);
  asked.nps(1, 10);
  EXPECT_TRUE(figures(asked.all()).nps);
}

TEST(SurveyBook, what_is_off_the_scale_is_counted_and_never_taken) {
  Asked asked;
  asked.nps(20, 9);
  asked.answer(kNoon, SurveyQuestion::nps, 11, 0, 10);
  asked.answer(kNoon, SurveyQuestion::nps, std::nullopt, 0, 10);
  asked.answer(kNoon, SurveyQuestion::csat, 3, 0, 0);
  asked.answer(kNoon, SurveyQuestion::untold, 3, 1, 5);
  uint32_t bad = 0, answers = 0;
  for (const SurveySum& s : asked.book.sums(kNoon, kNoon + minutes(15))) bad += s.bad, answers += s.answers;
  EXPECT_EQ(bad, 4u);
  EXPECT_EQ(answers, 20u);
}

TEST(SurveyBook, scales_and_queues_never_meet) {
  Asked asked;
  asked.answer(kNoon, SurveyQuestion::csat, 4, 1, 5);
  asked.answer(kNoon, SurveyQuestion::csat, 4, 1, 7);
  asked.answer(kNoon, SurveyQuestion::csat, 4, 1, 5, "support");
  EXPECT_EQ(asked.book.sums(kNoon, kNoon + minutes(15)).size(), 3u);
}

TEST(SurveyBook, tells_each_quarter_whole_so_that_taking_it_twice_changes_nothing) {
  Asked asked;
  asked.answer(kNoon, SurveyQuestion::csat, 4, 1, 5);
  asked.answer(kNoon + minutes(14), SurveyQuestion::csat, 2, 1, 5);
  asked.answer(kNoon + minutes(15), SurveyQuestion::csat, 5, 1, 5);
  ASSERT_EQ(asked.changed.size(), 3u);
  EXPECT_EQ(asked.changed[1].answers, 2u);
  EXPECT_EQ(asked.changed[1].start, kNoon);
  EXPECT_EQ(asked.changed[2].start, kNoon + minutes(15));
  EXPECT_EQ(asked.changed[2].answers, 1u);
}

TEST(SurveyBook, forgets_the_oldest_quarters_when_it_is_full_and_refuses_what_comes_for_them) {
  Asked asked;
  for (size_t i = 0; i <= SurveyBook::kRows; ++i) asked.answer(kNoon + minutes(15 * i), SurveyQuestion::csat, 4, 1, 5);
  EXPECT_TRUE(asked.book.sums(kNoon, kNoon + minutes(15)).empty());
  const size_t told = asked.changed.size();
  asked.answer(kNoon, SurveyQuestion::csat, 4, 1, 5);
  EXPECT_EQ(asked.changed.size(), told) << "a sum that would wipe out the one told before";
  EXPECT_EQ(asked.book.too_old(), 1u);
}

}  // namespace
}  // namespace hf::metrics
