// Room for months without a link: old minutes become quarters, old quarters hours, and only then is the oldest lost,
// told by a gap. In: the outbox and its budget. Out: the outbox, smaller. No sum is changed by it: what is offered,
// answered or waited before equals that after.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/store/outbox.hpp"
#include "agent/wire/messages.hpp"
#include "hal/platform/result.hpp"

namespace hf::sync {

// After this time a minute has no more revisions: no call that arrived in it is still open.
constexpr Duration kFinalAfter = std::chrono::hours(12);

struct RolledUp {
  std::vector<wire::Summary> rolled;   // of span `to`, by (scope, id, start)
  std::vector<wire::Summary> carried;  // not to be rolled up yet, the highest revision of each
};

// Pure. Blocks of span `to` that end at or before `final_before` are merged (metrics::Minute::merge, one per service
// level limit); of several revisions of one minute the highest counts.
RolledUp roll_up(std::vector<wire::Summary> sums, wire::Span to, Time final_before);

// Rolls up, oldest first, until the waiting bodies fit into `budget` bytes. Each step is one transaction over at most
// 18 hours of minutes. Returns whether anything was lost, which is told to HQ by `gap` messages.
enum class Fitted : uint8_t { as_it_was, rolled_up, lost };
Result<Fitted> fit(store::Outbox& outbox, uint64_t budget);

}  // namespace hf::sync
