// Sentences of evidence as texts with numbers in braces. For evidence_words alone.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agent/incidents/evidence_words.hpp"

namespace hf::incidents {

struct TableSentence {
  std::string_view id, en, ru;
};
// Sorted by id.
std::span<const TableSentence> sentence_table();
// Empty when a number is missing.
std::string fill_sentence(const TableSentence& sentence, const Evidence& evidence, Language language);

}  // namespace hf::incidents
