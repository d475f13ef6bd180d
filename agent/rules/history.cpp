#include "agent/rules/history.hpp"

#include <algorithm>

#include "agent/calls/pbx_name.hpp"

namespace hf::rules {

namespace {

constexpr auto kKept = kMaxOver + std::chrono::minutes(4);

void add(std::optional<Duration>& sum, const std::optional<Duration>& part) {
  if (part) sum = sum.value_or(Duration{}) + *part;
}

}  // namespace

std::vector<History::Bin> History::sparse(const metrics::WaitHistogram& waits) {
  static constexpr metrics::WaitHistogram kNobody{};
  std::vector<Bin> bins;
  if (waits == kNobody) return bins;  // most minutes
  for (size_t b = 0; b < metrics::WaitHistogram::kBins; ++b)
    if (waits.bins[b] > 0) bins.push_back({static_cast<uint8_t>(b), waits.bins[b]});
  return bins;
}

std::optional<Time> History::newest() const {
  std::optional<Time> last;
  for (const auto& [pbx, minutes] : seen_)
    if (!minutes.empty()) last = std::max(last.value_or(Time{}), minutes.rbegin()->first);
  return last;
}

void History::take(const metrics::Minute& m) {
  const auto last = newest();
  if (last && m.start < *last - kKept) return;
  Cell& cell = places_[{m.scope, m.id}][m.start];
  cell.offered = m.offered, cell.answered = m.answered, cell.abandoned = m.abandoned, cell.short_abandoned = m.short_abandoned;
  cell.answered_wait = m.answered_wait;
  cell.answered_waits = sparse(m.answered_waits), cell.abandoned_waits = sparse(m.abandoned_waits);
  cell.busy = m.busy, cell.free = m.free, cell.avoidable = m.avoidable_wait;
  const auto pbx = seen_.try_emplace(std::string(calls::pbx_of(m.id))).first;
  auto& seen = pbx->second[m.start];
  seen = std::max(seen, m.observed_seconds);
  if (!last || m.start > *last) forget(m.start);
}

void History::handled(const Place& place, const calls::Call& call) {
  if (place.id.empty()) return;
  Cell& cell = places_[place][std::chrono::floor<std::chrono::minutes>(*call.ended)];
  ++cell.handled;
  cell.talk += call.talk, cell.hold += call.hold;
}

void History::take(const calls::Call& call) {
  if (!call.connected || !call.ended || call.half_seen) return;
  handled({metrics::Scope::line, call.line}, call);
  handled({metrics::Scope::queue, call.answering_queue}, call);
}

void History::forget(Time now) {
  const Time oldest = now - kKept;
  for (auto& [pbx, minutes] : seen_) minutes.erase(minutes.begin(), minutes.lower_bound(oldest));
  for (auto place = places_.begin(); place != places_.end();) {
    place->second.erase(place->second.begin(), place->second.lower_bound(oldest));
    place = place->second.empty() ? places_.erase(place) : std::next(place);
  }
}

void History::add(const Cell& cell, Sums& out) {
  out.offered += cell.offered, out.answered += cell.answered, out.abandoned += cell.abandoned, out.short_abandoned += cell.short_abandoned;
  out.handled += cell.handled, out.answered_wait += cell.answered_wait, out.talk += cell.talk, out.hold += cell.hold;
  for (const Bin& bin : cell.answered_waits) out.answered_waits.bins[bin.bin] += bin.count;
  for (const Bin& bin : cell.abandoned_waits) out.abandoned_waits.bins[bin.bin] += bin.count;
  rules::add(out.busy, cell.busy), rules::add(out.free, cell.free), rules::add(out.avoidable, cell.avoidable);
}

Sums History::sums(const Place& place, Time from) const {
  Sums out;
  const auto known = places_.find(place);
  if (known == places_.end()) return out;
  for (auto cell = known->second.lower_bound(from); cell != known->second.end(); ++cell) add(cell->second, out);
  return out;
}

double History::observed(const Place& place, Time from, Time to) const {
  if (to <= from) return 1;
  const auto pbx = seen_.find(calls::pbx_of(place.id));
  if (pbx == seen_.end()) return 0;
  uint64_t seen = 0;
  for (auto minute = pbx->second.lower_bound(from); minute != pbx->second.end() && minute->first < to; ++minute) seen += minute->second;
  return static_cast<double>(seen) / seconds(to - from);
}

}  // namespace hf::rules
