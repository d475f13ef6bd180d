// How the types lie in the columns of derived.db. For this folder's own use.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "agent/store/zero_runs.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::store {

constexpr size_t kMaxRowBytes = size_t{16} << 20;

inline int64_t stored(Time t) { return t.time_since_epoch().count(); }

template <class T>
std::string packed(const T& value) {
  return pack_zero_runs(to_bytes(value));
}

// False when the bytes are of another version of the type or damaged.
template <class T>
bool unpacked(std::string_view bytes, T& value) {
  const auto plain = unpack_zero_runs(bytes, kMaxRowBytes);
  return plain && from_bytes(*plain, value);
}

inline std::unexpected<Error> unreadable_row(const std::string& file, std::string_view table) {
  return fail(ErrorKind::corrupt, fmt::format("{}: a row of `{}` cannot be read; rebuild it from the journal", file, table));
}

}  // namespace hf::store
