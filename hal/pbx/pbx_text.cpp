#include "hal/pbx/pbx_text.hpp"

#include <algorithm>

#include "hal/platform/utf8.hpp"

namespace hf::pbx {

namespace {

unsigned char byte_at(std::string_view s, size_t i) { return static_cast<unsigned char>(s[i]); }

bool ascii(std::string_view s) {
  return std::none_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string from_latin1(std::string_view s) {
  std::string out;
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out += c;
    else
      out += static_cast<char>(0xc0 | byte >> 6), out += static_cast<char>(0x80 | (byte & 0x3f));
  }
  return out;
}

std::string cut(std::string text) {
  if (text.size() <= kMaxText) return text;
  size_t end = kMaxText;
  while (end > 0 && (byte_at(text, end) & 0xc0) == 0x80) --end;  // not inside a sequence
  text.resize(end);
  return text;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

constexpr int64_t kYear = 366 * 86'400;

// Up to six decimals of a second; the rest is dropped.
std::optional<int64_t> micros(std::string_view decimals) {
  if (decimals.empty() || !std::all_of(decimals.begin(), decimals.end(), digit)) return {};
  int64_t value = 0;
  for (size_t i = 0; i < 6; ++i) value = value * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  return value;
}

std::optional<Duration> decimal_seconds(std::string_view text, int64_t limit) {
  const size_t dot = text.find('.');
  const auto whole = to_number<int64_t>(text.substr(0, dot));
  const auto fraction = dot == text.npos ? std::optional<int64_t>(0) : micros(text.substr(dot + 1));
  if (!whole || !fraction || text.starts_with('-') || *whole > limit) return {};
  return Duration(*whole * 1'000'000 + *fraction);
}

}  // namespace

std::string clean_text(std::string_view text) {
  return cut(ascii(text) || is_utf8(text) ? std::string(text) : from_latin1(text.substr(0, kMaxText)));
}

CallerKey caller_key(const SipKey& key, std::string_view number) {
  std::string digits;
  for (const char c : number.substr(0, kMaxText))
    if (digit(c)) digits += c;
  if (digits.empty()) return 0;
  const uint64_t hash = siphash24(key, digits);
  return hash == 0 ? 1 : hash;  // 0 is kept for "withheld"
}

std::string_view device_of(std::string_view channel) {
  std::string_view name = channel;
  const size_t half = name.rfind(';');  // the two ends of a Local channel are ;1 and ;2
  if (half != name.npos) name = name.substr(0, half);
  const size_t dash = name.rfind('-');
  if (dash == name.npos || name.size() - dash < 9) return channel;
  const std::string_view number = name.substr(dash + 1);
  const bool hex = std::all_of(number.begin(), number.end(), [](char c) { return digit(c) || (c >= 'a' && c <= 'f'); });
  return hex ? name.substr(0, dash) : channel;
}

std::optional<Duration> to_seconds(std::string_view text) { return decimal_seconds(text, kYear); }

std::optional<Time> to_time(std::string_view text) {
  const auto since = decimal_seconds(text, 253'402'300'799);  // the end of the year 9999
  return since ? std::optional<Time>(Time(*since)) : std::nullopt;
}

std::optional<Duration> to_age(std::string_view text) {
  const size_t first = text.find(':'), last = text.rfind(':');
  if (first == text.npos || last == first) return {};
  const auto hours = to_number<uint32_t>(text.substr(0, first));
  const auto minutes = to_number<uint32_t>(text.substr(first + 1, last - first - 1));
  const auto secs = to_number<uint32_t>(text.substr(last + 1));
  if (!hours || !minutes || !secs || *hours > 24 * 366 || *minutes > 59 || *secs > 59) return {};
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*secs);
}

}  // namespace hf::pbx
