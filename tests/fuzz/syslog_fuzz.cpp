// LINKS: hf_asterisk
// A log daemon's stream: cut anywhere, the messages are the same; what was logged lies within its message.
#include <cstdint>
#include <cstdlib>

#include "hal/pbx/asterisk/syslog_frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  hf::pbx::SyslogFrames whole, cut;
  std::vector<std::string> once, pieces;
  whole.feed(bytes, once);
  const size_t step = size == 0 ? 1 : 1 + data[0] % 7;
  for (size_t at = 0; at < size; at += step) cut.feed(bytes.substr(at, step), pieces);
  if (once != pieces || whole.passed_over() != cut.passed_over()) std::abort();
  for (const std::string& message : once) {
    const std::string_view text = hf::pbx::logged_text(message);
    if (!text.empty() && (text.data() < message.data() || text.data() + text.size() > message.data() + message.size())) std::abort();
  }
  return 0;
}
