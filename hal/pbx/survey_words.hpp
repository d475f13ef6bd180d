// Answers to a survey as a dialplan's author or a file writes them. In: question, digits and scale as text. Out: a SurveyAnswered
// without channel and queue. Pure; whatever is wrong reads as not told, so that the answer is counted as bad and not taken.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "hal/pbx/call_event.hpp"

namespace hf::pbx {

// "csat", "NPS", "Ces", also with a number ("csat1"); untold for anything else.
SurveyQuestion survey_question(std::string_view word);

// The name under which a dialplan tells an answer: "Survey", "SurveyAnswer", "SurveyResult", "HoldfastSurvey", in any case.
bool is_survey(std::string_view name);
// The caller was asked and pressed no key: that is no answer, and no bad one.
bool nothing_pressed(std::string_view score);

// "1-5", "0..10" or "1 to 7": both ends, of 0 to 100, the first below the second.
std::optional<std::pair<uint16_t, uint16_t>> survey_scale(std::string_view text);

// An empty scale is the question's usual one: csat 1-5, nps 0-10, ces 1-7. A scale that cannot be read is none.
SurveyAnswered survey_answer(std::string_view question, std::string_view score, std::string_view scale);

}  // namespace hf::pbx
