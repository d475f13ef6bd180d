// Packs bytes that are mostly zeros (a minute holds three histograms): each run of zeros becomes a zero byte and its length, 1 to 255.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hf::store {

std::string pack_zero_runs(std::string_view bytes);
// Nullopt when the input is not of pack_zero_runs, or would grow beyond `limit` bytes.
std::optional<std::string> unpack_zero_runs(std::string_view packed, size_t limit);

}  // namespace hf::store
