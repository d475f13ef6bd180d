#include "hal/pbx/json_members.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace hf::pbx {

namespace {

constexpr size_t kMaxNesting = 32;
constexpr std::string_view kBlank = " \t\r\n";

void skip_blanks(std::string_view& text) {
  if (!text.empty() && text.front() > ' ') return;  // nearly always: FreeSWITCH writes none
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
}

// Length of the string at the start of `text`, with both quotes; 0 when it does not end. An odd number of backslashes
// before a quote makes it part of the string; the quote at the start ends the count.
size_t string_length(std::string_view text) {
  for (size_t at = 1; (at = text.find('"', at)) != text.npos; ++at) {
    size_t slashes = 0;
    while (text[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return at + 1;
  }
  return 0;
}

// Length of the object or array at the start of `text`; 0 when it does not end or nests too deep.
size_t nested_length(std::string_view text) {
  size_t depth = 0;
  for (size_t at = 0; (at = text.find_first_of("{}[]\"", at)) != text.npos; ++at) {
    if (text[at] == '"') {
      const size_t length = string_length(text.substr(at));
      if (length == 0) return 0;
      at += length - 1;
    } else if (text[at] == '{' || text[at] == '[') {
      if (++depth > kMaxNesting) return 0;
    } else if (--depth == 0) {
      return at + 1;
    }
  }
  return 0;
}

size_t value_length(std::string_view text) {
  if (text.starts_with('"')) return string_length(text);
  if (text.starts_with('{') || text.starts_with('[')) return nested_length(text);
  return std::min(text.find_first_of(",}] \t\r\n"), text.size());
}

void append_utf8(std::string& out, uint32_t code) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 0x3f));
  if (code < 0x10000) return put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
  put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 0x3f)), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
}

// The four digits after \u, which are taken off; U+FFFD when they are none.
uint32_t take_code(std::string_view& text) {
  uint32_t code = 0;
  const std::string_view digits = text.substr(0, 4);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (error != std::errc{} || end != digits.data() + 4) return 0xfffd;
  text.remove_prefix(4);
  return code;
}

void append_escape(std::string& out, std::string_view& text) {  // `text` begins behind the backslash
  const char sign = text.front();
  text.remove_prefix(1);
  switch (sign) {
    case 'n':
      out += '\n';
      return;
    case 'r':
      out += '\r';
      return;
    case 't':
      out += '\t';
      return;
    case 'b':
      out += '\b';
      return;
    case 'f':
      out += '\f';
      return;
    case 'u':
      break;
    default:
      out += sign;
      return;
  }
  uint32_t code = take_code(text);
  if (code >= 0xd800 && code < 0xdc00 && text.starts_with("\\u")) {
    text.remove_prefix(2);
    const uint32_t low = take_code(text);
    code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
  }
  append_utf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
}

}  // namespace

JsonMembers::JsonMembers(std::string_view text) : rest_(text) {
  skip_blanks(rest_);
  if (rest_.starts_with('{'))
    rest_.remove_prefix(1);
  else
    bad();
}

bool JsonMembers::bad() {
  good_ = false;
  rest_ = {};
  return false;
}

bool JsonMembers::next(std::string_view& key, std::string_view& value) {
  if (!good_) return false;
  skip_blanks(rest_);
  if (rest_.starts_with('}')) return false;
  if (!first_) {
    if (!rest_.starts_with(',')) return bad();
    rest_.remove_prefix(1);
    skip_blanks(rest_);
  }
  first_ = false;
  const size_t length = rest_.starts_with('"') ? string_length(rest_) : 0;
  if (length == 0) return bad();
  key = rest_.substr(1, length - 2);
  rest_.remove_prefix(length);
  skip_blanks(rest_);
  if (!rest_.starts_with(':')) return bad();
  rest_.remove_prefix(1);
  skip_blanks(rest_);
  const size_t size = value_length(rest_);
  if (size == 0) return bad();
  value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

std::string json_text(std::string_view value) {
  if (value.starts_with('[')) {
    value.remove_prefix(1);
    skip_blanks(value);
    value = value.substr(0, value_length(value));
  }
  if (!value.starts_with('"') || value.size() < 2) return std::string(value);
  value = value.substr(1, value.size() - 2);
  std::string out;
  for (size_t escape = 0; (escape = value.find('\\')) != value.npos && escape + 1 < value.size();) {
    out.append(value.substr(0, escape));
    value.remove_prefix(escape + 1);
    append_escape(out, value);
  }
  return out.append(value);
}

bool next_json_object(std::string_view& array, std::string_view& object) {
  const size_t begin = array.find_first_not_of("[, \t\r\n");
  if (begin == array.npos || array[begin] != '{') return false;
  const size_t length = nested_length(array.substr(begin));
  if (length == 0) return false;
  object = array.substr(begin, length);
  array.remove_prefix(begin + length);
  return true;
}

}  // namespace hf::pbx
