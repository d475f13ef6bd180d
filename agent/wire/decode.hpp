// Bytes to values, for bytes from anywhere. In: a request body, a line. Out: values inside every range of WIRE.md, or
// an error that names the member. Nothing is allocated beyond the limits; a version is looked at before anything else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/wire/encode.hpp"
#include "agent/wire/messages.hpp"
#include "hal/platform/result.hpp"

namespace hf::wire {

// Decompresses a request. Fails with invalid_input (no zstd, no or too large a stated size, trailing bytes), before
// memory is taken.
Result<std::string> unpack(std::string_view request);

struct Message {
  uint64_t sequence = 0;
  std::vector<Range> replaces;
  Body body;
};

// The lines of a batch, the head apart. The views are into `text`. Fails with invalid_input, unsupported (another major
// version).
struct Lines {
  Head head;
  std::vector<std::string_view> messages;
};
Result<Lines> split(std::string_view text);

// Fails with invalid_input or unsupported; the sequence is told by sequence_of() even where the body is not understood.
Result<Message> decode(std::string_view line);
Result<uint64_t> sequence_of(std::string_view line);
Result<Body> decode_body(std::string_view json);

}  // namespace hf::wire
