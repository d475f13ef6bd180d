// LINKS: hf_sip
// HEPv3 from a stream, however it is cut; a frame that can be read comes back from its own rendering.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "hal/pbx/sip/hep_frame.hpp"

namespace {

using namespace hf::pbx;

std::string framed(std::string_view bytes, size_t chunk) {
  HepStream stream;
  std::string all;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    stream.feed(bytes.substr(at, chunk));
    for (std::string_view frame;;) {
      const auto more = stream.next(frame);
      if (!more) return all + "!";
      if (!*more) break;
      all += std::string(frame) + "|";
    }
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (framed(bytes, 1 + data[0]) != framed(bytes, bytes.size())) std::abort();
  const auto frame = parse_hep(bytes);
  if (!frame) return 0;
  const std::string again = render_hep(*frame);
  if (again.empty()) return 0;
  const auto back = parse_hep(again);
  if (!back || back->payload != frame->payload || back->to != frame->to) std::abort();
  return 0;
}
