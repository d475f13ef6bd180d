// Bytes as lower-case hex and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hf {

std::string to_hex(std::span<const uint8_t> bytes);

// Upper or lower case, an even count of digits, nothing else; nullopt otherwise.
std::optional<std::vector<uint8_t>> from_hex(std::string_view text);

}  // namespace hf
