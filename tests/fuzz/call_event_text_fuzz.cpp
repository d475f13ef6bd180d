// LINKS: hf_pbx_types
// The text form of events: what can be read is written as text that reads the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hal/pbx/call_event.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto event = hf::pbx::from_text({reinterpret_cast<const char*>(data), size});
  if (!event) return 0;
  const std::string text = to_text(*event);
  const auto back = hf::pbx::from_text(text);
  if (!back || to_text(*back) != text) std::abort();
  return 0;
}
