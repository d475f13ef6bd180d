// LINKS: hf_settings
// A settings file of any bytes: it is read or refused, never more; what was read can be shown and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/settings/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto agent = hf::settings::parse_agent(text, "fuzz", "/")) {
    if (!hf::settings::parse_agent(hf::settings::dump(*agent), "dump", "/")) std::abort();
  }
  if (const auto hq = hf::settings::parse_hq(text, "fuzz", "/")) {
    if (!hf::settings::parse_hq(hf::settings::dump(*hq), "dump", "/")) std::abort();
  }
  return 0;
}
