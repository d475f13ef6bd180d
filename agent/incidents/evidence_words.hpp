// Evidence, first checks and kinds in words. In: template ids with numbers. Out: one plain sentence in English or
// Russian, for people who never heard of a percentile. Used wherever a person reads: page, command line, webhook. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agent/incidents/incident.hpp"

namespace hf::incidents {

enum class Language : uint8_t { en, ru };

// A sentence with its full stop. A template id that is not known, or a missing number, gives a sentence that says only
// what is known.
std::string evidence_words(const Evidence& evidence, Language language);
// "Call the line yourself and ..."; empty for an id that is none.
std::string check_words(std::string_view template_id, Language language);
// "Artificial hold"; short, for titles.
std::string kind_words(Kind kind, Language language);
// "Artificial hold: callers are made to wait although agents are free."
std::string kind_sentence(Kind kind, Language language);

// All ids that evidence and first checks can carry, sorted, and all names of numbers: the closed lists of what may
// leave the site.
std::span<const std::string_view> evidence_templates();
std::span<const std::string_view> evidence_values();
std::span<const std::string_view> check_templates();

// "90 s", "15 min", "5 min 14 s"; "90 с", "15 мин". Rounded to seconds.
std::string duration_words(Duration duration, Language language);
// The right Russian form after a number: form(21, "абонент", "абонента", "абонентов") = "абонент".
std::string_view russian_form(uint64_t number, std::string_view one, std::string_view few, std::string_view many);

}  // namespace hf::incidents
