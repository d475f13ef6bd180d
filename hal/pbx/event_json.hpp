// The vocabulary as JSON, for connectors that somebody else writes. One object a line:
//   {"id": "e17", "at": 1772445600.123, "kind": "queue_joined", "channel": "c1", "queue": "sales", "position": 1}
// Field names are those of call_event.hpp; durations are seconds and end in "_s" ("wait_s": 12.5); times are unix seconds; enums are words; a
// caller is told by "caller_number" and becomes a pseudonym at once. What is left out is not told.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hal/pbx/call_event.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

struct PostedEvent {
  std::string id;          // the connector's own, 1 to 64 bytes: the same id is taken once
  std::optional<Time> at;  // when it happened, by the connector's clock
  CallEventBody body;
};

// invalid_input names the field, and the known one that is nearest to it.
Result<PostedEvent> from_json(std::string_view line, const SipKey& site_key);

}  // namespace hf::pbx
