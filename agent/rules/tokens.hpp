// A rule text cut into words, numbers and signs. For this folder's own use.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hf::rules {

enum class TokenKind : uint8_t { word, number, quoted, sign, end, wrong };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;    // without the quotes
  size_t column = 1;   // bytes, from 1
  size_t length = 0;   // as written
  size_t end() const { return column + length; }
};

// Always ends with one of kind `end`. A byte that begins nothing, and an open quote, become `wrong`.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace hf::rules
