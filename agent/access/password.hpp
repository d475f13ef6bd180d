// Passwords: which are accepted, and how they are kept. In: a password as typed (UTF-8, up to 256 bytes, never cut). Out: argon2id strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::access {

constexpr size_t kMinPassword = 12;   // characters; NIST SP 800-63B and ASVS 5.0 6.2.1 ask for 8
constexpr size_t kMaxPassword = 256;  // bytes

// invalid_input says which rule: too short, too long, not UTF-8, common, made of the user's name, one sign or a plain sequence.
// No composition rules (ASVS 5.0 6.2.5).
Status check_password(std::string_view password, std::string_view user);

// Cost of one hash. The default is libsodium's "interactive" (2 passes, 64 MiB); tests take the least that libsodium allows.
struct HashCost {
  uint64_t passes = 0;
  size_t memory = 0;
  static HashCost interactive();
  static HashCost least();
};

// "$argon2id$v=19$m=65536,t=2,p=1$...": parameters and salt are inside, so that a later cost reads older hashes. Takes about 0.1 s and
// the memory of `cost`: never on the server's thread. Fails with `internal` when there is no memory.
Result<std::string> hash_password(std::string_view password, HashCost cost);

// False for a wrong password and for a hash that is none.
[[nodiscard]] bool verify_password(std::string_view hash, std::string_view password);

}  // namespace hf::access
