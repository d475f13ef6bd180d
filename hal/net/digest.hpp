// Digests as plain functions. In: bytes. Out: fixed-size arrays, so that a digest can be neither empty nor short.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "hal/platform/files.hpp"
#include "hal/platform/result.hpp"

namespace hf::net {

using Sha256 = std::array<uint8_t, 32>;

// FIPS 180-4. Cannot fail: without SHA-256 the process must not run, and ends.
Sha256 sha256(std::string_view bytes);

// Of a whole file, read in pieces. What reading gives: not_found, denied, io.
Result<Sha256> sha256_of_file(const Path& file);

// RFC 2104 with SHA-256 (vectors: RFC 4231). Any key length.
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

// RFC 1321, 32 lower-case hex digits: only for the AMI challenge, which knows nothing better. `unsupported` where the
// system's policy forbids MD5.
Result<std::string> md5_hex(std::string_view bytes);

// Equal, in a time that depends on the lengths alone.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace hf::net
