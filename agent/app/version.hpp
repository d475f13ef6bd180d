#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hf::app {

inline constexpr std::string_view kVersion = "0.1.0";
inline constexpr std::array<uint16_t, 3> kVersionNumbers{0, 1, 0};

}  // namespace hf::app
