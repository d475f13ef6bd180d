// LINKS: hf_asterisk
// Bytes of an AMI connection: whatever they are, and however they are cut, framing and mapping give the same events,
// all of which have a text form that comes back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/ami_frame.hpp"
#include "hal/pbx/asterisk/ami_map.hpp"
#include "tests/fuzz/any_cut.hpp"

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
    text += hf::fuzz::as_text(events);
  }
  return text + std::to_string(framer.malformed()) + " " + std::to_string(mapper.unknown());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { return hf::fuzz::same_in_any_cut(data, size, mapped); }
