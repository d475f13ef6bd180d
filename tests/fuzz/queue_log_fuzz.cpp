// LINKS: hf_asterisk
// Lines of a queue_log: whatever they hold, what is made of them has a text form that comes back.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "hal/pbx/asterisk/queue_log_map.hpp"
#include "tests/fuzz/any_cut.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hf::pbx::QueueLogMapper mapper;
  std::vector<hf::pbx::CallEvent> events;
  for (std::string_view rest(reinterpret_cast<const char*>(data), size); !rest.empty();) {
    const size_t end = rest.find('\n');
    mapper.map(rest.substr(0, end), events);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  }
  hf::fuzz::as_text(events);
  return 0;
}
