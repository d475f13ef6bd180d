#include "hal/device/message.hpp"

#include <algorithm>

#include "hal/platform/utf8.hpp"

namespace hf::device {

namespace {

constexpr std::string_view kFirst = "holdfast-device 1";
constexpr std::string_view kAnyVersion = "holdfast-device ";
constexpr size_t kMaxKey = 40;

bool key_sign(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; }
bool value_sign(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

// Takes the line off `rest`; nothing when it does not end.
std::optional<std::string_view> next_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

Error wrong_line(size_t number, std::string_view why) { return {ErrorKind::invalid_input, "line " + std::to_string(number) + ": " + std::string(why)}; }

}  // namespace

Result<Fields> parse_fields(std::string_view message) {
  if (message.size() > kMaxMessage) return fail(ErrorKind::invalid_input, "the message is longer than 16 KiB");
  const auto first = next_line(message);
  if (first != kFirst)
    return fail(first && first->starts_with(kAnyVersion) ? ErrorKind::unsupported : ErrorKind::invalid_input, "the message does not begin with \"holdfast-device 1\"");
  Fields fields;
  for (size_t number = 2; !message.empty(); ++number) {
    const auto line = next_line(message);
    if (!line) return fail(wrong_line(number, "it does not end"));
    const size_t blank = line->find(' ');
    const std::string_view key = line->substr(0, blank);
    if (blank == std::string_view::npos || key.empty() || key.size() > kMaxKey || !std::ranges::all_of(key, key_sign)) return fail(wrong_line(number, "no key and value"));
    const std::string_view value = line->substr(blank + 1);
    if (!std::ranges::all_of(value, value_sign) || !is_utf8(value)) return fail(wrong_line(number, "the value holds signs that it may not"));
    if (find(fields, key)) return fail(wrong_line(number, "the key stands twice"));
    if (fields.size() >= kMaxFields) return fail(wrong_line(number, "too many lines"));
    fields.emplace_back(key, value);
  }
  return fields;
}

std::string write_fields(const Fields& fields) {
  std::string text(kFirst);
  text += '\n';
  size_t written = 0;
  for (const auto& [key, value] : fields) {
    if (written++ >= kMaxFields || text.size() + key.size() + value.size() + 2 > kMaxMessage) break;
    text += key;
    text += ' ';
    const bool good = is_utf8(value);
    for (const char c : value) text += value_sign(c) && (good || static_cast<unsigned char>(c) < 0x80) ? c : ' ';
    text += '\n';
  }
  return text;
}

std::optional<std::string_view> find(const Fields& fields, std::string_view key) {
  const auto found = std::ranges::find(fields, key, &Fields::value_type::first);
  if (found == fields.end()) return std::nullopt;
  return std::string_view(found->second);
}

}  // namespace hf::device
