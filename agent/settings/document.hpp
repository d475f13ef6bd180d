// A TOML text as a flat list of [section] key = value with the place of each. toml++ lives in document.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf::settings {

struct Place {
  uint32_t line = 0, column = 0;
};

using Value = std::variant<std::string, int64_t, double, bool>;

struct Assignment {
  std::string section;  // "pbx", "pbx.north"; empty above the first [section]
  std::string key;
  Value value;
  Place place;
};

struct Document {
  std::vector<Assignment> assignments;
  std::vector<std::pair<std::string, Place>> sections;
  std::vector<std::pair<std::string, Place>> unusable;  // lists, dates, deeper tables: none of our keys is one
};

constexpr size_t kMaxDocument = size_t{64} << 10;

// invalid_input, "NAME:LINE:COLUMN: ...", for text that is no TOML or longer than kMaxDocument.
Result<Document> parse(std::string_view text, std::string_view name);

// "a string", "a whole number", ... for messages.
std::string_view type_name(const Value& value);

}  // namespace hf::settings
