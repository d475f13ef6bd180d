// LINKS: hf_health
// The JSON files that the health check reads: whatever stands in them, it stands.
#include <cstdint>
#include <cstdlib>

#include "firmware/health/checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)hf::health::read_agent_word(bytes);
  hf::health::Verdict verdict;
  verdict.memory = hf::health::read_record(bytes);
  const auto again = hf::health::read_record(hf::health::write_record(verdict, verdict.memory.at));
  if (again.heard != verdict.memory.heard || again.failed != verdict.memory.failed) std::abort();
  return 0;
}
