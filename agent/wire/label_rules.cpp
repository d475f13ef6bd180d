#include "agent/wire/label_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hf::wire {
namespace {

constexpr size_t kMaxCharacters = 60;
constexpr size_t kMaxDigitsInRow = 4;
constexpr size_t kMaxSite = 24;

// Takes one code point off the front; nullopt where the bytes are not UTF-8 (RFC 3629).
std::optional<char32_t> take(std::string_view& text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t length = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 0;
  if (length == 0 || length > text.size()) return std::nullopt;
  char32_t point = length == 1 ? lead : lead & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto next = static_cast<uint8_t>(text[i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    point = (point << 6) | (next & 0x3fU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (point < kLeast[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return std::nullopt;
  text.remove_prefix(length);
  return point;
}

// Unicode 15, general category Nd, the blocks in living use; superscripts, subscripts and circled digits besides.
bool is_digit(char32_t c) {
  constexpr std::array<char32_t, 22> kZeros{U'0',   0x660,  0x6f0,  0x7c0,  0x966,  0x9e6,  0xa66,  0xae6,  0xb66,  0xbe6,   0xc66,
                                            0xce6,  0xd66,  0xe50,  0xed0,  0xf20,  0x1040, 0x17e0, 0x1810, 0x2080, 0xff10,  0x2070};
  if (std::ranges::any_of(kZeros, [c](char32_t zero) { return c >= zero && c <= zero + 9; })) return true;
  return c == 0xb9 || c == 0xb2 || c == 0xb3 || (c >= 0x2460 && c <= 0x249b) || (c >= 0x2776 && c <= 0x2793) ||
         (c >= 0x1d7ce && c <= 0x1d7ff);
}

bool is_control(char32_t c) {  // also line separators, directions and what has no width: they could hide digits
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff);
}

bool ends_row(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool blank = c == 0xa0 || (c >= 0x2000 && c <= 0x206f) || c == 0x3000;
  return !blank;
}

}  // namespace

Status check_label(std::string_view label) {
  if (label.empty()) return fail(ErrorKind::invalid_input, "a label is empty");
  size_t characters = 0, row = 0;
  while (!label.empty()) {
    const auto point = take(label);
    if (!point) return fail(ErrorKind::invalid_input, "a label is not valid UTF-8");
    if (is_control(*point)) return fail(ErrorKind::invalid_input, "a label holds a control character");
    if (++characters > kMaxCharacters) return fail(ErrorKind::invalid_input, "a label is longer than 60 characters");
    if (is_digit(*point)) {
      if (++row > kMaxDigitsInRow)
        return fail(ErrorKind::invalid_input, "a label holds more than 4 digits in a row: it could be a telephone number");
    } else if (ends_row(*point)) {
      row = 0;
    }
  }
  return {};
}

Status check_site(std::string_view site) {
  constexpr std::string_view kForm = "a site's name begins with a-z, goes on with a-z, 0-9 or -, up to 24 characters";
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (site.empty() || site.size() > kMaxSite || !lower(site[0])) return fail(ErrorKind::invalid_input, std::string(kForm));
  const bool good = std::ranges::all_of(site, [&lower](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '-'; });
  if (!good) return fail(ErrorKind::invalid_input, std::string(kForm));
  return check_label(site);
}

}  // namespace hf::wire
