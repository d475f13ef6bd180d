#include "agent/rules/tokens.hpp"

namespace hf::rules {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool inside_word(char c) { return letter(c) || digit(c) || c == '.' || c == '-'; }

size_t length_of(std::string_view rest, bool (*fits)(char)) {
  size_t n = 1;
  while (n < rest.size() && fits(rest[n])) ++n;
  return n;
}

Token quoted(std::string_view rest) {
  const size_t close = rest.find('"', 1);
  if (close == std::string_view::npos) return {TokenKind::wrong, std::string(rest), 0, rest.size()};
  return {TokenKind::quoted, std::string(rest.substr(1, close - 1)), 0, close + 1};
}

Token next(std::string_view rest) {
  const char c = rest[0];
  if (c == '"') return quoted(rest);
  if (digit(c)) {
    size_t n = length_of(rest, digit);
    if (n + 1 < rest.size() && rest[n] == '.' && digit(rest[n + 1])) n += length_of(rest.substr(n), digit);
    return {TokenKind::number, std::string(rest.substr(0, n)), 0, n};
  }
  if (letter(c)) {
    const size_t n = length_of(rest, inside_word);
    return {TokenKind::word, std::string(rest.substr(0, n)), 0, n};
  }
  if (rest.starts_with(">=") || rest.starts_with("<=")) return {TokenKind::sign, std::string(rest.substr(0, 2)), 0, 2};
  if (std::string_view("<>(),%").find(c) != std::string_view::npos) return {TokenKind::sign, std::string(1, c), 0, 1};
  return {TokenKind::wrong, std::string(1, c), 0, 1};
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> all;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
      ++at;
      continue;
    }
    Token token = next(text.substr(at));
    token.column = at + 1;
    at += token.length;
    all.push_back(std::move(token));
  }
  all.push_back({TokenKind::end, "", text.size() + 1, 0});
  return all;
}

}  // namespace hf::rules
