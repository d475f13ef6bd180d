// LINKS: hf_smdr
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hal/pbx/smdr/smdr_assist.hpp"

// Pasted lines: every one comes back with a verdict, and columns lie where a template may have them.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto zone = hf::TimeZone::find("Europe/Berlin");
  const auto proposal = hf::pbx::propose_smdr({reinterpret_cast<const char*>(data), size}, *zone);
  if (!proposal) return 0;
  if (proposal->lines.empty() || proposal->lines.size() > hf::pbx::kMaxPasted) std::abort();
  for (const auto& c : proposal->how.columns)
    if (c.at > 0 && (c.at > 500 || c.width > 500 || proposal->how.separator.empty() != (c.width > 0))) std::abort();
  return 0;
}
