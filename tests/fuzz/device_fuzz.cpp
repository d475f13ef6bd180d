// LINKS: hf_device
// Bytes on the device service's socket: whatever is accepted means the same when it is written and read again.
#include <cstdint>
#include <cstdlib>

#include "hal/device/request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto ask = hf::device::parse_ask(bytes)) {
    const std::string text = hf::device::write_ask(*ask);
    const auto again = hf::device::parse_ask(text);
    if (!again || hf::device::write_ask(*again) != text || !hf::device::check(ask->request)) std::abort();
  }
  if (const auto answer = hf::device::parse_answer(bytes)) {
    const std::string text = hf::device::write_answer(*answer);
    const auto again = hf::device::parse_answer(text);
    if (!again || hf::device::write_answer(*again) != text) std::abort();
  }
  return 0;
}
