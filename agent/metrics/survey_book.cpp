#include "agent/metrics/survey_book.hpp"

#include <algorithm>

namespace hf::metrics {

namespace {

void count(SurveySum& s, uint16_t score) {
  ++s.answers, s.sum += score;
  s.top += score + 1 >= s.high ? 1u : 0u;
  const bool bottom = s.is_nps() ? score <= 6 : 2 * (score - s.low) < s.high - s.low;
  s.bottom += bottom ? 1u : 0u;
}

}  // namespace

void SurveyBook::on(const calls::SurveyGiven& given, std::vector<SurveySum>& changed) {
  const pbx::SurveyAnswered& answer = given.answer;
  SurveySum one;
  one.queue = given.queue, one.question = answer.question;
  one.start = std::chrono::floor<std::chrono::minutes>(given.about);
  one.start = Time(one.start.time_since_epoch() / kQuarter * kQuarter);
  if (answer.valid()) one.low = answer.low, one.high = answer.high, count(one, answer.score.value_or(0));
  else one.bad = 1;
  if (one.start < kept_from_) {
    ++too_old_;
    return;
  }
  auto at = std::ranges::lower_bound(rows_, key_of(one), {}, key_of);
  if (at != rows_.end() && key_of(*at) == key_of(one)) at->merge(one);
  else at = rows_.insert(at, std::move(one));
  changed.push_back(*at);
  if (rows_.size() <= kRows) return;
  kept_from_ = rows_.front().start + kQuarter;
  std::erase_if(rows_, [this](const SurveySum& s) { return s.start < kept_from_; });
}

SurveySum SurveyBook::day_of(const SurveySum& quarter) const {
  SurveySum day;
  day.queue = quarter.queue, day.question = quarter.question, day.low = quarter.low, day.high = quarter.high;
  const Time begin = Time(std::chrono::floor<std::chrono::days>(quarter.start.time_since_epoch()));
  const auto same = [&day](const SurveySum& s) { return s.queue == day.queue && s.question == day.question && s.low == day.low && s.high == day.high; };
  for (auto row = std::ranges::lower_bound(rows_, begin, {}, &SurveySum::start); row != rows_.end() && row->start < begin + std::chrono::days(1); ++row)
    if (same(*row)) day.merge(*row);
  day.start = begin;
  return day;
}

std::vector<SurveySum> SurveyBook::sums(Time from, Time to) const {
  std::vector<SurveySum> rows;
  for (auto row = std::ranges::lower_bound(rows_, from, {}, &SurveySum::start); row != rows_.end() && row->start < to; ++row) rows.push_back(*row);
  return joined(rows);
}

}  // namespace hf::metrics
