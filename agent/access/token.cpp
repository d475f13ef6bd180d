#include "agent/access/token.hpp"

#include <sodium.h>

#include <span>

#include "hal/platform/hex.hpp"

namespace hf::access {

namespace {

constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kCodeSigns = 20, kGroup = 5;

}  // namespace

std::string random_token(Random& random) {
  std::array<uint8_t, 32> raw;
  random.fill(std::as_writable_bytes(std::span(raw)));
  return to_hex(raw);
}

TokenHash hash_token(std::string_view token) {
  TokenHash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr, 0);
  return hash;
}

bool equal_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_setup_code(Random& random) {
  std::array<uint8_t, kCodeSigns> raw;
  random.fill(std::as_writable_bytes(std::span(raw)));
  std::string code;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (i > 0 && i % kGroup == 0) code += '-';
    code += kBase32[raw[i] % kBase32.size()];  // 256 is a multiple of 32: no sign is likelier than another
  }
  return code;
}

std::string normal_setup_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    code += c;
  }
  return code;
}

bool is_setup_code_form(std::string_view typed) {
  const std::string code = normal_setup_code(typed);
  if (code.size() != kCodeSigns || code.find_first_not_of(kBase32) != std::string::npos) return false;
  return code.find_first_not_of(code.front()) != std::string::npos;
}

}  // namespace hf::access
