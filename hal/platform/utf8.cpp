#include "hal/platform/utf8.hpp"

#include <cstdint>

namespace hf {

namespace {

struct Form {
  unsigned char mask, lead;
  size_t length;
  uint32_t smallest;
};
constexpr Form kForms[] = {{0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

bool valid(std::string_view text, const Form& form) {
  if (text.size() < form.length) return false;
  uint32_t code = static_cast<unsigned char>(text[0]) & static_cast<unsigned char>(~form.mask);
  for (size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return false;
    code = code << 6 | (byte & 0x3f);
  }
  return code >= form.smallest && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

}  // namespace

size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  for (const Form& form : kForms) {
    if ((static_cast<unsigned char>(text[0]) & form.mask) == form.lead) return valid(text, form) ? form.length : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t n = utf8_length(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

}  // namespace hf
