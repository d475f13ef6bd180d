#include "hal/pbx/smdr/smdr_calls.hpp"

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr Duration kNoMore = std::chrono::hours(2);
constexpr size_t kMaxOpen = 2'000;

// How long the caller waited in this record. A wait at its column's limit is mended where start and end tell more.
Duration wait_of(const SmdrRecord& r) {
  const Duration rest = r.total ? std::max(Duration{}, *r.total - r.talk.value_or(Duration{}) - r.hold.value_or(Duration{})) : Duration{};
  if (!r.ring) return rest;
  return r.clipped ? std::max(*r.ring, rest) : *r.ring;
}

std::optional<Time> end_of(const SmdrRecord& r) {
  if (r.end) return r.whole_seconds ? r.end : std::nullopt;
  if (!r.start) return {};
  return *r.start + wait_of(r) + r.talk.value_or(Duration{}) + r.hold.value_or(Duration{});
}

void first(std::string& mine, const std::string& told) {
  if (mine.empty()) mine = told;
}

// Until somebody answers all is waiting; after that all is talk, and each further record somebody else's.
void add(CallRecorded& call, const SmdrRecord& r, bool fresh) {
  first(call.line, r.line), first(call.queue, r.queue);
  if (call.caller == 0) call.caller = r.caller;
  if (call.answered) {
    call.talk += r.talk.value_or(Duration{}) + r.hold.value_or(Duration{}), call.hold += r.hold.value_or(Duration{});
    if (!fresh) ++call.transfers;
    return;
  }
  call.wait += wait_of(r);
  call.wait_cut = call.wait_cut || (r.clipped && !(r.total && r.talk));
  if (r.queue_wait) call.queue_wait = call.queue_wait.value_or(Duration{}) + *r.queue_wait;
  if (!r.answered) return;
  call.answered = true, call.device = r.device, call.name = r.name;
  call.hold = r.hold.value_or(Duration{}), call.talk = r.talk.value_or(Duration{}) + call.hold;
}

}  // namespace

std::optional<Time> over_at(const SmdrRecord& r) { return r.end ? r.end : end_of(r); }

void SmdrCalls::close(IdMap<Open>::iterator at, Time when, std::vector<CallEvent>& out) {
  out.push_back({when, at->second.end, std::move(at->second.call)});
  open_.erase(at);
}

void SmdrCalls::take(const SmdrRecord& record, const std::string& id, Time at, std::vector<CallEvent>& out) {
  advance(at, out);
  const auto [entry, fresh] = open_.try_emplace(record.call.empty() ? id : record.call);
  Open& open = entry->second;
  if (fresh) open.call.call = entry->first;
  add(open.call, record, fresh);
  open.end = end_of(record), open.last = at;
  if (!record.more) return close(entry, at, out);
  if (open_.size() <= kMaxOpen) return;
  close(std::ranges::min_element(open_, {}, [](const auto& o) { return o.second.last; }), at, out);
}

void SmdrCalls::advance(Time now, std::vector<CallEvent>& out) {
  for (auto at = open_.begin(); at != open_.end();) {
    const auto here = at++;
    if (here->second.last + kNoMore <= now) close(here, now, out);
  }
}

}  // namespace hf::pbx
