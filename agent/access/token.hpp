// Secrets that the box makes itself: session tokens, CSRF tokens, the set-up code. Only their hashes are kept.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "hal/platform/clock.hpp"

namespace hf::access {

using TokenHash = std::array<uint8_t, 32>;

// 32 random bytes as 64 hex digits: 256 bits, twice what OWASP ASVS 5.0 (7.2.3) asks.
std::string random_token(Random& random);

// BLAKE2b-256 (libsodium's generichash, no key). A fast hash is right here: a token cannot be guessed from its hash by trying.
TokenHash hash_token(std::string_view token);

// Equal, in a time that depends on the lengths alone.
[[nodiscard]] bool equal_secret(std::string_view a, std::string_view b);

// 20 signs of Crockford's base32 (100 bits) in groups of five: "7ZK2M-04XQR-...". Written once, typed once.
std::string random_setup_code(Random& random);

// The code as typed, made comparable: case, blanks and dashes dropped, O read as 0, I and L as 1.
std::string normal_setup_code(std::string_view typed);

// 20 signs of the alphabet above, and not all the same one.
[[nodiscard]] bool is_setup_code_form(std::string_view typed);

}  // namespace hf::access
