#include "agent/store/zero_runs.hpp"

namespace hf::store {

std::string pack_zero_runs(std::string_view bytes) {
  std::string packed;
  for (size_t i = 0; i < bytes.size();) {
    if (bytes[i] != '\0') {
      packed += bytes[i++];
      continue;
    }
    size_t run = 0;
    while (i < bytes.size() && bytes[i] == '\0' && run < 255) ++i, ++run;
    packed += '\0';
    packed += static_cast<char>(run);
  }
  return packed;
}

std::optional<std::string> unpack_zero_runs(std::string_view packed, size_t limit) {
  std::string bytes;
  for (size_t i = 0; i < packed.size(); ++i) {
    if (packed[i] != '\0') {
      bytes += packed[i];
    } else if (++i < packed.size() && packed[i] != '\0') {
      bytes.append(static_cast<unsigned char>(packed[i]), '\0');
    } else {
      return std::nullopt;
    }
    if (bytes.size() > limit) return std::nullopt;
  }
  return bytes;
}

}  // namespace hf::store
