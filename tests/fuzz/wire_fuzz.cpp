// LINKS: hf_wire
// Requests as any peer may send them. What is read must be writable again, and then mean the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/wire/answer.hpp"
#include "agent/wire/decode.hpp"

namespace {

void read_line(std::string_view line) {
  const auto message = hf::wire::decode(line);
  if (!message || std::holds_alternative<hf::wire::Ignored>(message->body)) return;
  const auto again = hf::wire::encode(message->body);
  if (!again) std::abort();
  const auto body = hf::wire::decode_body(*again);
  if (!body || *body != message->body) std::abort();
}

void read_batch(std::string_view text) {
  const auto batch = hf::wire::split(text);
  if (!batch) return;
  for (const auto line : batch->messages) read_line(line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto text = hf::wire::unpack(bytes)) read_batch(*text);
  read_batch(bytes);
  read_line(bytes);
  (void)hf::wire::decode_answer(bytes).has_value();
  return 0;
}
