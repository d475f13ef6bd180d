// The scanner below the SIP parser: lines, blanks, names in any case, numbers. Pure; views only.
#pragma once

#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

namespace hf::pbx {

constexpr bool sip_blank(char c) { return c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n'); }

constexpr std::string_view sip_trim(std::string_view text) {
  while (!text.empty() && sip_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && sip_blank(text.back())) text.remove_suffix(1);
  return text;
}

// `lower` is in lower case; only ASCII letters are folded.
constexpr bool sip_equal(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == lower[i]) continue;
    if (lower[i] < 'a' || lower[i] > 'z' || text[i] != lower[i] - 0x20) return false;
  }
  return true;
}

// Where the first of `signs` stands, else npos. find_first_of() makes a call for each sign of the text, and a header's
// value is short.
template <char... signs>
constexpr size_t sip_find(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i)
    if (((text[i] == signs) || ...)) return i;
  return std::string_view::npos;
}

// Whole text as a number, or nothing.
template <class T>
std::optional<T> sip_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The next logical line from `at`, with the lines folded to it (RFC 3261, 7.3.1) and without its end; `at` moves behind
// it. False when no line end is left.
inline bool sip_line(std::string_view bytes, size_t& at, std::string_view& line) {
  const size_t begin = at;
  while (at < bytes.size()) {
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    if (found == nullptr) return false;
    const size_t end = static_cast<size_t>(static_cast<const char*>(found) - bytes.data());
    at = end + 1;
    const bool empty = end == begin || (end == begin + 1 && bytes[begin] == '\r');
    if (!empty && at < bytes.size() && (bytes[at] == ' ' || bytes[at] == '\t')) continue;
    line = bytes.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
  }
  return false;
}

}  // namespace hf::pbx
