#include "agent/sync/roll_up.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <tuple>

#include "agent/metrics/minute.hpp"
#include "agent/sync/outgoing.hpp"
#include "agent/wire/decode.hpp"

namespace hf::sync {
namespace {

// Messages in one step. Minutes: 18 hours where a minute is one message; more where that spans too little time to roll
// up anything.
constexpr std::array<size_t, 4> kMinuteSteps{1080, 2160, 4320, 8640};
constexpr std::array<size_t, 1> kQuarterSteps{200};
constexpr size_t kLostAtOnce = 500;

metrics::Minute to_minute(const wire::Summary& s) {
  metrics::Minute m;
  wire::copy_numbers(s, m);
  m.span_minutes = minutes_of(s.span);
  m.answered_waits.bins = wire::dense(s.answered_waits);
  m.abandoned_waits.bins = wire::dense(s.abandoned_waits);
  m.holds.bins = wire::dense(s.holds);
  return m;
}

Time block_of(Time start, wire::Span to) {
  const auto block = std::chrono::minutes(minutes_of(to));
  return Time(start.time_since_epoch() / block * block);
}

// Keeps the highest revision of each single minute; coarser summaries are of different minutes already.
void drop_older_revisions(std::vector<wire::Summary>& sums) {
  const auto key = [](const wire::Summary& s) { return std::tuple(s.scope, s.id, s.start, s.span, s.cover); };
  std::ranges::stable_sort(sums, [&key](const auto& a, const auto& b) {
    return std::tuple(key(a), b.revision) < std::tuple(key(b), a.revision);
  });
  const auto same = [&key](const auto& a, const auto& b) { return a.span == wire::Span::minute && key(a) == key(b); };
  const auto rest = std::ranges::unique(sums, same);
  sums.erase(rest.begin(), rest.end());
}

uint64_t shifted_cover(const wire::Summary& s, Time block) {
  return s.cover << std::chrono::duration_cast<std::chrono::minutes>(s.start - block).count();
}

wire::Summary merged(const std::vector<const wire::Summary*>& parts, wire::Span to, Time block) {
  metrics::Minute sum = to_minute(*parts.front());
  for (size_t i = 1; i < parts.size(); ++i) sum.merge(to_minute(*parts[i]));
  wire::Summary out;
  wire::copy_numbers(sum, out);
  out.scope = parts.front()->scope, out.id = parts.front()->id;
  out.start = block, out.span = to, out.cover = 0;
  for (const auto* part : parts) out.cover |= shifted_cover(*part, block);
  out.answered_waits = wire::sparse(sum.answered_waits.bins);
  out.abandoned_waits = wire::sparse(sum.abandoned_waits.bins);
  out.holds = wire::sparse(sum.holds.bins);
  return out;
}

Result<std::vector<wire::Summary>> sums_of(const std::vector<store::OutboxMessage>& messages) {
  std::vector<wire::Summary> sums;
  for (const auto& message : messages) {
    auto json = json_of(message);
    if (!json) return fail(std::move(json.error()));
    auto body = wire::decode_body(*json);
    if (!body) return fail(std::move(body.error()));
    auto* minutes = std::get_if<wire::Minutes>(&*body);
    if (minutes == nullptr) return fail(ErrorKind::corrupt, "an outbox message is not of the kind it is filed under");
    std::ranges::move(minutes->sums, std::back_inserter(sums));
  }
  return sums;
}

Status add_messages(std::vector<store::NewMessage>& out, const std::vector<wire::Summary>& sums, Time created) {
  for (size_t i = 0; i < sums.size(); i += kSumsPerMessage) {
    const auto from = sums.begin() + static_cast<std::ptrdiff_t>(i);
    const auto to = sums.begin() + static_cast<std::ptrdiff_t>(std::min(i + kSumsPerMessage, sums.size()));
    auto message = message_of(wire::Minutes{{from, to}}, created);
    if (!message) return fail(std::move(message.error()));
    out.push_back(std::move(*message));
  }
  return {};
}

std::vector<uint64_t> sequences(const std::vector<store::OutboxMessage>& messages) {
  std::vector<uint64_t> out;
  for (const auto& m : messages) out.push_back(m.sequence);
  return out;
}

// One step from grain `from` to span `to`; false when these messages hold nothing to roll up.
Result<bool> step(store::Outbox& outbox, const std::vector<store::OutboxMessage>& old, wire::Span from, wire::Span to) {
  auto sums = sums_of(old);
  if (!sums) return fail(std::move(sums.error()));
  const bool revisions_end = from != wire::Span::minute;
  const RolledUp made = roll_up(std::move(*sums), to, revisions_end ? Time::max() : old.back().created - kFinalAfter);
  if (made.rolled.empty()) return false;
  std::vector<store::NewMessage> fresh;
  if (auto added = add_messages(fresh, made.rolled, old.front().created); !added) return fail(std::move(added.error()));
  if (auto added = add_messages(fresh, made.carried, old.back().created); !added) return fail(std::move(added.error()));
  if (auto replaced = outbox.replace(sequences(old), fresh); !replaced) return fail(std::move(replaced.error()));
  return true;
}

Result<bool> roll_up_oldest(store::Outbox& outbox, wire::Span from, wire::Span to, std::span<const size_t> steps) {
  for (const size_t count : steps) {
    auto old = outbox.waiting(store::OutboxKind::minutes, minutes_of(from), count);
    if (!old) return fail(std::move(old.error()));
    if (old->empty()) return false;
    auto done = step(outbox, *old, from, to);
    if (!done || *done || old->size() < count) return done;
  }
  return false;
}

Result<bool> lose_oldest(store::Outbox& outbox) {
  for (const uint32_t grain : {60U, 15U, 1U}) {
    auto old = outbox.waiting(store::OutboxKind::minutes, grain, kLostAtOnce);
    if (!old) return fail(std::move(old.error()));
    if (old->empty()) continue;
    auto gap = message_of(wire::Gap{wire::GapReason::over_budget, old->front().created, old->back().created},
                          old->front().created);
    if (!gap) return fail(std::move(gap.error()));
    if (auto replaced = outbox.replace(sequences(*old), {std::move(*gap)}); !replaced)
      return fail(std::move(replaced.error()));
    return true;
  }
  return false;
}

}  // namespace

RolledUp roll_up(std::vector<wire::Summary> sums, wire::Span to, Time final_before) {
  drop_older_revisions(sums);
  RolledUp out;
  using Key = std::tuple<wire::Scope, wire::Id, Time, Duration>;
  std::map<Key, std::vector<const wire::Summary*>> blocks;
  for (const auto& s : sums) {
    const Time block = block_of(s.start, to);
    if (block + std::chrono::minutes(minutes_of(to)) > final_before)
      out.carried.push_back(s);
    else
      blocks[{s.scope, s.id, block, s.service_level}].push_back(&s);
  }
  for (const auto& [key, parts] : blocks) out.rolled.push_back(merged(parts, to, std::get<Time>(key)));
  return out;
}

Result<Fitted> fit(store::Outbox& outbox, uint64_t budget) {
  Fitted fitted = Fitted::as_it_was;
  for (;;) {
    auto status = outbox.status();
    if (!status) return fail(std::move(status.error()));
    if (status->waiting_bytes <= budget) return fitted;
    auto smaller = roll_up_oldest(outbox, wire::Span::minute, wire::Span::quarter, kMinuteSteps);
    if (smaller && !*smaller) smaller = roll_up_oldest(outbox, wire::Span::quarter, wire::Span::hour, kQuarterSteps);
    if (!smaller) return fail(std::move(smaller.error()));
    if (*smaller) {
      fitted = std::max(fitted, Fitted::rolled_up);
      continue;
    }
    auto lost = lose_oldest(outbox);
    if (!lost) return fail(std::move(lost.error()));
    if (!*lost) return fitted;  // only incidents, labels and gaps are left: they are small, and kept
    fitted = Fitted::lost;
  }
}

}  // namespace hf::sync
