// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed 64-bit hash for pseudonyms and
// tables. In: a 16-byte key and any bytes. Out: 64 bits that tell nothing without the key. Not a signature: too short
// for that.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hf {

using SipKey = std::array<uint8_t, 16>;

// Never fails. The same key and bytes give the same value on every machine.
[[nodiscard]] uint64_t siphash24(const SipKey& key, std::string_view bytes);

}  // namespace hf
