// What somebody probably meant. In: a word and those that exist. Out: the nearest, if it is near enough to help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hf {

// Edits (insert, delete, replace, swap of neighbours) between two words of at most 64 bytes each, without regard to case (ASCII):
// the restricted Damerau-Levenshtein distance. Longer words are cut.
size_t edits(std::string_view a, std::string_view b);

// The word with the fewest edits: at most 3, and at most a third of the longer word, one more where the known one has three letters or
// more. The first of equals; empty = none.
std::string nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace hf
