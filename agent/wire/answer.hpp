// HQ's answer to a batch, both ways.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/wire/messages.hpp"
#include "hal/platform/result.hpp"

namespace hf::wire {

struct Refusal {
  uint64_t sequence = 0;
  RefusedReason why{};
  bool operator==(const Refusal&) const = default;
};

struct Answer {
  std::vector<Range> acked;  // rising, not touching
  std::vector<Refusal> refused;
  uint32_t ignored = 0;  // of the acked: kinds or summaries that HQ could not use
  bool operator==(const Answer&) const = default;
};

std::string encode_answer(const Answer& answer);
// Fails with invalid_input, unsupported.
Result<Answer> decode_answer(std::string_view json);

// Sequences in any order, doubles allowed, as rising ranges.
std::vector<Range> ranges_of(std::vector<uint64_t> sequences);

}  // namespace hf::wire
