// A recorded stream as one string, and how a socket would hand it out.
#pragma once

#include <string>

#include "hal/platform/gz_reader.hpp"

namespace hf::bench {

inline constexpr size_t kChunk = 64 * 1024;  // as the socket is read

// The unpacked content of a file below the project's folder; empty when it cannot be read, which no bench survives.
inline std::string unpack(const std::string& path) {
  return read_gz_file(HF_SOURCE_DIR "/" + path, size_t{1} << 30).value_or(std::string{});
}

}  // namespace hf::bench
