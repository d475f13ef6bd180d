// What each figure means: its name, unit and formula, and plain words for a reader who has never heard of a percentile. English and Russian.
#pragma once

#include <span>
#include <string_view>

namespace hf::web {

struct Words {
  std::string_view name, unit, text;
};

struct Formula {
  std::string_view id;  // the field's name in the API
  std::string_view formula;
  Words en, ru;
};

std::span<const Formula> all_formulas();

}  // namespace hf::web
