// Numbers inside the sentences of evidence_words. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/incidents/evidence_words.hpp"

namespace hf::incidents {

std::optional<double> value(const Evidence& evidence, const char* name);
uint64_t whole(const Evidence& evidence, const char* name);                              // rounded; 0 when missing
std::string duration_of(const Evidence& evidence, const char* name, Language language);  // "" when missing

// "14 callers", "1 caller"; "14 абонентов", "1 абонент".
std::string callers(uint64_t number, Language language);
// "4.2 agents were", "1 agent was"; "было свободно 4,2 оператора": a number with a fraction takes the form of "few".
std::string agents_were_free(double number, Language language);

}  // namespace hf::incidents
