#include "agent/metrics/survey_sum.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace hf::metrics {

namespace {

constexpr uint16_t kFewestSteps = 3;  // from end to end: below that "the two best" is half of the scale

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

}  // namespace hf::metrics
