#include "agent/wire/label_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "hal/platform/utf8.hpp"

namespace hf::wire {
namespace {

constexpr size_t kMaxCharacters = 60;
constexpr size_t kMaxDigitsInRow = 4;
constexpr size_t kMaxSite = 24;

// The code point of a valid UTF-8 sequence of 1 to 4 bytes.
char32_t code_point(std::string_view sequence) {
  const auto lead = static_cast<uint8_t>(sequence[0]);
  if (sequence.size() == 1) return lead;
  char32_t point = lead & (0x7fU >> sequence.size());
  for (const char next : sequence.substr(1)) point = (point << 6) | (static_cast<uint8_t>(next) & 0x3fU);
  return point;
}

// Unicode 15, general category Nd, the blocks in living use; superscripts, subscripts and circled digits besides.
bool is_digit(char32_t c) {
  constexpr std::array<char32_t, 22> kZeros{U'0',   0x660,  0x6f0,  0x7c0,  0x966,  0x9e6, 0xa66, 0xae6,
                                            0xb66,  0xbe6,  0xc66,  0xce6,  0xd66,  0xe50, 0xed0, 0xf20,
                                            0x1040, 0x17e0, 0x1810, 0x2080, 0xff10, 0x2070};
  if (std::ranges::any_of(kZeros, [c](char32_t zero) { return c >= zero && c <= zero + 9; })) return true;
  return c == 0xb9 || c == 0xb2 || c == 0xb3 || (c >= 0x2460 && c <= 0x249b) || (c >= 0x2776 && c <= 0x2793) ||
         (c >= 0x1d7ce && c <= 0x1d7ff);
}

bool is_control(char32_t c) {  // also line separators, directions and what has no width: they could hide digits
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff);
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
    const size_t length = utf8_length(label);
    if (length == 0) return fail(ErrorKind::invalid_input, "a label is not valid UTF-8");
    const char32_t point = code_point(label.substr(0, length));
    label.remove_prefix(length);
    if (is_control(point)) return fail(ErrorKind::invalid_input, "a label holds a control character");
    if (++characters > kMaxCharacters) return fail(ErrorKind::invalid_input, "a label is longer than 60 characters");
    if (is_digit(point)) {
      if (++row > kMaxDigitsInRow)
        return fail(ErrorKind::invalid_input,
                    "a label holds more than 4 digits in a row: it could be a telephone number");
    } else if (ends_row(point)) {
      row = 0;
    }
  }
  return {};
}

Status check_site(std::string_view site) {
  constexpr std::string_view kForm = "a site's name begins with a-z, goes on with a-z, 0-9 or -, up to 24 characters";
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (site.empty() || site.size() > kMaxSite || !lower(site[0]))
    return fail(ErrorKind::invalid_input, std::string(kForm));
  const bool good =
      std::ranges::all_of(site, [&lower](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '-'; });
  if (!good) return fail(ErrorKind::invalid_input, std::string(kForm));
  return check_label(site);
}

}  // namespace hf::wire
