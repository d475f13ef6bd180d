#include "hal/pbx/survey_words.hpp"

#include <algorithm>
#include <array>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr auto kSeparators = std::to_array<std::string_view>({"-", "..", " to "});

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view text, std::string_view word) { return std::ranges::equal(text, word, {}, lower); }

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::pair<uint16_t, uint16_t> usual_scale(SurveyQuestion question) {
  switch (question) {
    case SurveyQuestion::csat: return {1, 5};
    case SurveyQuestion::nps: return {0, 10};
    case SurveyQuestion::ces: return {1, 7};
    case SurveyQuestion::untold: break;
  }
  return {};
}

}  // namespace

SurveyQuestion survey_question(std::string_view word) {
  word = trimmed(word);
  while (!word.empty() && ((word.back() >= '0' && word.back() <= '9') || word.back() == '-' || word.back() == '_')) word.remove_suffix(1);
  if (same(word, "csat")) return SurveyQuestion::csat;
  if (same(word, "nps")) return SurveyQuestion::nps;
  return same(word, "ces") ? SurveyQuestion::ces : SurveyQuestion::untold;
}

bool is_survey(std::string_view name) {
  return same(name, "survey") || same(name, "surveyanswer") || same(name, "surveyresult") || same(name, "holdfastsurvey");
}

bool nothing_pressed(std::string_view score) { return trimmed(score).empty(); }

std::optional<std::pair<uint16_t, uint16_t>> survey_scale(std::string_view text) {
  text = trimmed(text);
  for (const std::string_view separator : kSeparators) {
    const size_t at = text.find(separator);
    if (at == text.npos) continue;
    const auto low = to_number<uint16_t>(text.substr(0, at)), high = to_number<uint16_t>(text.substr(at + separator.size()));
    if (!low || !high || *low >= *high || *high > 100) return {};
    return std::pair(*low, *high);
  }
  return {};
}

SurveyAnswered survey_answer(std::string_view question, std::string_view score, std::string_view scale) {
  SurveyAnswered answer;
  answer.question = survey_question(question);
  answer.score = to_number<uint16_t>(trimmed(score));
  const auto told = trimmed(scale).empty() ? std::optional(usual_scale(answer.question)) : survey_scale(scale);
  if (told) answer.low = told->first, answer.high = told->second;
  return answer;
}

}  // namespace hf::pbx
