// Values to bytes. In: a body or a batch. Out: the bytes of WIRE.md, the same for equal values on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/wire/messages.hpp"
#include "hal/platform/result.hpp"

namespace hf::wire {

// The JSON of one body. Durations and times are cut to whole milliseconds inside their ranges. Lists beyond their
// limits, a label that breaks check_label() or a summary whose start is no multiple of its span fail with
// invalid_input, as does Ignored.
Result<std::string> encode(const Body& body);

struct Head {
  Version version = kVersion;
  std::string site;
  uint64_t epoch = 0;
  std::array<uint16_t, 3> agent{};
  uint64_t oldest = 0, newest = 0;
  bool operator==(const Head&) const = default;
};

// One line of a batch without its line feed; `body` comes from encode().
std::string message_line(uint64_t sequence, const std::vector<Range>& replaces, std::string_view body);
std::string head_line(const Head& head);

// One zstd frame that states its content size; unpack() reads it. Fails with invalid_input beyond 4 MiB.
Result<std::string> compress(std::string_view text);

// Lines of a batch, compressed: the body of the request. Fails with invalid_input when a limit of WIRE.md is passed.
Result<std::string> pack(const std::vector<std::string>& lines);

}  // namespace hf::wire
