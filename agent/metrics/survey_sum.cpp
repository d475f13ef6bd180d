#include "agent/metrics/survey_sum.hpp"

#include <algorithm>

namespace hf::metrics {

namespace {

constexpr uint16_t kFewestSteps = 3;  // from end to end: below that "the two best" is half of the scale

void count(SurveySum& s, uint16_t score) {
  ++s.answers, s.sum += score;
  s.top += score + 1 >= s.high ? 1u : 0u;
  const bool bottom = s.is_nps() ? score <= 6 : 2 * (score - s.low) < s.high - s.low;
  s.bottom += bottom ? 1u : 0u;
}

}  // namespace

void SurveySum::merge(const SurveySum& other) {
  start = std::min(start, other.start);
  answers += other.answers, sum += other.sum, top += other.top, bottom += other.bottom, bad += other.bad;
}

SurveyFigures figures(const SurveySum& s) {
  SurveyFigures f;
  if (s.answers < SurveyFigures::kFewest) return f;
  const double n = s.answers;
  f.mean = s.sum / n, f.poor = s.bottom / n;
  if (s.is_nps()) f.nps = 100.0 * (static_cast<double>(s.top) - static_cast<double>(s.bottom)) / n;
  if (s.question == pbx::SurveyQuestion::csat && s.high - s.low >= kFewestSteps) f.csat = s.top / n;
  return f;
}

SurveySum sum_of(const calls::SurveyGiven& given) {
  const pbx::SurveyAnswered& answer = given.answer;
  SurveySum one;
  one.queue = given.queue, one.question = answer.question, one.start = SurveyBook::quarter_of(given.about);
  if (answer.valid()) one.low = answer.low, one.high = answer.high, count(one, answer.score.value_or(0));
  else one.bad = 1;
  return one;
}

SurveySum day_of(const SurveyBook& book, const SurveySum& quarter) {
  SurveySum day;
  day.queue = quarter.queue, day.question = quarter.question, day.low = quarter.low, day.high = quarter.high;
  const Time begin = Time(std::chrono::floor<std::chrono::days>(quarter.start.time_since_epoch()));
  for (const SurveySum& row : book.between(begin, begin + std::chrono::days(1)))
    if (row.of() == quarter.of()) day.merge(row);
  day.start = begin;
  return day;
}

}  // namespace hf::metrics
