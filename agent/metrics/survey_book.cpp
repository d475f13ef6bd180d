#include "agent/metrics/survey_book.hpp"

#include <algorithm>
#include <map>

namespace hf::metrics {

namespace {

constexpr uint16_t kFewestSteps = 3;  // from end to end: below that "the two best" is half of the scale

bool is_nps(const SurveySum& s) { return s.question == pbx::SurveyQuestion::nps && s.low == 0 && s.high == 10; }

void count(SurveySum& s, uint16_t score) {
  ++s.answers, s.sum += score;
  s.top += score + 1 >= s.high ? 1u : 0u;
  const bool bottom = is_nps(s) ? score <= 6 : 2 * (score - s.low) < s.high - s.low;
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
  f.mean = s.sum / n;
  if (is_nps(s)) f.nps = 100.0 * (static_cast<double>(s.top) - static_cast<double>(s.bottom)) / n;
  if (s.question == pbx::SurveyQuestion::csat && s.high - s.low >= kFewestSteps) f.csat = s.top / n;
  return f;
}

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

std::vector<SurveySum> joined(const std::vector<SurveySum>& parts) {
  std::map<std::tuple<std::string, pbx::SurveyQuestion, uint16_t, uint16_t>, SurveySum> sums;
  for (const SurveySum& part : parts) {
    const auto [at, fresh] = sums.try_emplace({part.queue, part.question, part.low, part.high}, part);
    if (!fresh) at->second.merge(part);
  }
  std::vector<SurveySum> out;
  out.reserve(sums.size());
  for (auto& [key, sum] : sums) out.push_back(std::move(sum));
  return out;
}

std::vector<SurveySum> SurveyBook::sums(Time from, Time to) const {
  std::vector<SurveySum> rows;
  for (auto row = std::ranges::lower_bound(rows_, from, {}, &SurveySum::start); row != rows_.end() && row->start < to; ++row) rows.push_back(*row);
  return joined(rows);
}

}  // namespace hf::metrics
