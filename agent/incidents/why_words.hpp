// Chain and shares in words, English and Russian: templates with numbers only. Never "caused by": the figures say what
// the wait is consistent with. Pure.
#pragma once

#include <string>

#include "agent/incidents/evidence_words.hpp"

namespace hf::incidents {

// One link of an incident's chain, a sentence with its full stop; a signal's link reads as its evidence.
std::string chain_words(const Evidence& link, Language language);
// What the shares say, or why they say nothing: one or two sentences.
std::string shares_words(const Shares& shares, Language language);
// "85 % (70 to 95 %): callers held beside free agents".
std::string share_words(const Share& share, Language language);

}  // namespace hf::incidents
