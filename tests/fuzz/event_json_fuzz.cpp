// LINKS: hf_pbx
// A connector's lines: whatever they hold, what is made of them has a text form that comes back, and a refusal names something.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hal/pbx/event_json.hpp"
#include "tests/fuzz/any_cut.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hf::pbx;
  for (std::string_view rest(reinterpret_cast<const char*>(data), size); !rest.empty();) {
    const size_t end = rest.find('\n');
    const auto read = from_json(rest.substr(0, end), hf::SipKey{1});
    if (!read && read.error().what.empty()) std::abort();
    if (read) hf::fuzz::as_text(CallEvent{read->at.value_or(hf::Time{}), {}, read->body});
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  }
  return 0;
}
