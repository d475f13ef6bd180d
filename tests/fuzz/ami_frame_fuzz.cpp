// LINKS: hf_asterisk
// Bytes of an AMI connection: whatever they are, and however they are cut, framing and mapping give the same events,
// all of which have a text form that comes back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/ami_frame.hpp"
#include "hal/pbx/asterisk/ami_map.hpp"

namespace {

using namespace hf::pbx;

std::string mapped(std::string_view bytes, size_t chunk) {
  AmiFramer framer;
  AmiMapper mapper(hf::SipKey{1});
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    std::string_view rest = bytes.substr(at, chunk), message;
    std::vector<CallEvent> events;
    while (framer.next(rest, message)) mapper.map(message, {}, events);
    for (const CallEvent& event : events) {
      const std::string line = to_text(event);
      const auto back = from_text(line);
      if (!back || to_text(*back) != line) std::abort();
      text += line + "\n";
    }
  }
  return text + std::to_string(framer.malformed()) + " " + std::to_string(mapper.unknown());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t chunk = 1 + data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (mapped(bytes, chunk) != mapped(bytes, bytes.size())) std::abort();
  return 0;
}
