// LINKS: hf_pbx
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hal/pbx/scrubber.hpp"

// The length stays, whatever the bytes are, and the same key gives the same line.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hf::pbx;
  if (size == 0) return 0;
  Scrubber scrubber(static_cast<WireForm>(data[0] % 4), hf::Secret("a key of this target")), same(static_cast<WireForm>(data[0] % 4), hf::Secret("a key of this target"));
  const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
  const hf::Time now{std::chrono::seconds(1'795'306'400)};
  const std::string out = scrubber.line(line, now);
  if (out.size() != line.size() || out != same.line(line, now)) std::abort();
  return 0;
}
