// Callers who wait, and what calls add to the minutes of their arrival.
#include <algorithm>

#include "agent/metrics/meter.hpp"

namespace hf::metrics {

namespace {

constexpr Duration kLookAgain = std::chrono::seconds(15);  // a caller in a menu waits for nobody yet
constexpr size_t kMaxKnown = 10'000;                       // lines: whatever callers dial

void count_end(Minute& m, calls::StintEnd end, int step) {
  const auto one = static_cast<uint32_t>(step);  // -1 wraps and takes away
  switch (end) {
    case calls::StintEnd::answered:
      m.answered += one;
      break;
    case calls::StintEnd::abandoned:
      m.abandoned += one;
      break;
    case calls::StintEnd::timeout:
      m.timeout += one;
      break;
    case calls::StintEnd::exit_key:
      m.exit_key += one;
      break;
    case calls::StintEnd::refused:
      m.refused += one;
      break;
    case calls::StintEnd::lost:
      m.lost += one;
      break;
    case calls::StintEnd::waiting:
      break;
  }
}

// Adds (step 1) or takes back (step -1) one wait with its end.
void count_wait(Minute& m, calls::StintEnd end, Duration wait, Duration short_abandon, int step) {
  const auto one = static_cast<uint32_t>(step);
  count_end(m, end, step);
  if (end == calls::StintEnd::answered) {
    m.answered_wait += wait * step;
    m.answered_waits.bins[WaitHistogram::bin_of(wait)] += one;
    if (wait < m.service_level) m.answered_within += one;
  }
  if (end != calls::StintEnd::abandoned) return;
  m.abandoned_wait += wait * step;
  m.abandoned_waits.bins[WaitHistogram::bin_of(wait)] += one;
  if (wait < m.service_level) m.abandoned_within += one;
  if (wait < short_abandon) m.short_abandoned += one;
}

calls::StintEnd end_of(const calls::Call& call, bool final) {
  using calls::Outcome, calls::StintEnd;
  if (call.connected) return StintEnd::answered;
  if (!final) return StintEnd::waiting;
  switch (call.outcome) {
    case Outcome::answered:
      return StintEnd::answered;
    case Outcome::abandoned:
      return StintEnd::abandoned;
    case Outcome::timeout:
      return StintEnd::timeout;
    case Outcome::exit_key:
      return StintEnd::exit_key;
    case Outcome::refused:
      return StintEnd::refused;
    case Outcome::lost_by_restart:
      return StintEnd::lost;
    case Outcome::open:
      break;
  }
  return StintEnd::waiting;
}

Duration stint_wait(const calls::Stint& s) { return s.left.value_or(s.joined) - s.joined; }

}  // namespace

// The minute of `when`, unless it is too old to be changed or its line is one too many. A minute that was told and let
// go must not begin anew: it would wipe out what it said.
Meter::Cell* Meter::open_cell(Scope scope, const std::string& id, Time when) {
  Series* s = series(scope, id);
  if (id.empty() || (s == nullptr && (scope == Scope::line ? lines_.size() : queues_.size()) >= kMaxKnown))
    return nullptr;
  const Time start = std::chrono::floor<std::chrono::minutes>(when);
  if (start + std::chrono::hours(2) < minute_) return nullptr;
  const bool told = start >= first_ && start < minute_;
  if (told && s != nullptr && !s->cells.contains(start)) return nullptr;
  Cell& c = cell(scope, id, when);
  c.changed = true;
  return &c;
}

void Meter::book(const calls::Call& call, bool final) {
  Booked& booked = booked_[call.id];
  book_line(call, booked, final);
  for (size_t i = 0; i < call.stints.size(); ++i) book_stint(call, i, booked);
  if (!final) return;
  for (const calls::Stint& s : call.stints) {
    if (s.end != calls::StintEnd::answered || !call.connected || s.queue != call.answering_queue) continue;
    if (Cell* c = open_cell(Scope::queue, s.queue, s.joined)) {
      c->minute.hold += call.hold, c->minute.talk += call.talk;
      if (call.hold > Duration{}) c->minute.holds.add(call.hold);
    }
    break;
  }
  settle(call, booked);
  booked_.erase(call.id);
}

// The call is over: its minutes wait for it no longer.
void Meter::settle(const calls::Call& call, const Booked& booked) {
  const auto let_go = [](Cell* c) {
    if (c != nullptr && c->pending > 0) --c->pending;
  };
  if (booked.offered) let_go(open_cell(Scope::line, call.line, call.arrived));
  for (size_t i = 0; i < std::min(booked.stints.size(), call.stints.size()); ++i)
    let_go(open_cell(Scope::queue, call.stints[i].queue, call.stints[i].joined));
}

void Meter::book_line(const calls::Call& call, Booked& booked, bool final) {
  if (call.line.empty()) return;
  const bool offer = !std::exchange(booked.offered, true);
  const calls::StintEnd end = end_of(call, final);
  const bool settle = end != calls::StintEnd::waiting && !booked.answered;
  if (!offer && !settle && !final) return;
  Cell* c = open_cell(Scope::line, call.line, call.arrived);
  if (c == nullptr) return;
  if (offer) ++c->minute.offered, ++c->pending;
  if (settle) {
    booked.answered = true;
    count_wait(c->minute, end, call.caller_wait().value_or(Duration{}), limits_of_line(call.line).short_abandon, 1);
  }
  if (!final || !call.connected) return;
  c->minute.hold += call.hold, c->minute.talk += call.talk;
  if (call.hold > Duration{}) c->minute.holds.add(call.hold);
}

// How a stay ended can be told anew (a time-out that was a shutdown): the old word is taken back.
void Meter::book_stint(const calls::Call& call, size_t i, Booked& booked) {
  const calls::Stint& s = call.stints[i];
  const bool offer = booked.stints.size() <= i;
  if (offer) booked.stints.resize(i + 1, calls::StintEnd::waiting);
  calls::StintEnd& told = booked.stints[i];
  if (!offer && told == s.end) return;
  Cell* c = open_cell(Scope::queue, s.queue, s.joined);
  if (c == nullptr) return;
  if (offer) ++c->minute.offered, ++c->pending;
  const Duration brief = limits_of_queue(s.queue).short_abandon;
  if (told != calls::StintEnd::waiting) count_wait(c->minute, told, stint_wait(s), brief, -1);
  if (s.end != calls::StintEnd::waiting) count_wait(c->minute, s.end, stint_wait(s), brief, 1);
  told = s.end;
}

// Whether people answer in this queue, or it only parks callers for those of `target`.
bool Meter::serves(const std::string& queue, const std::string& target, const calls::Tracker& tracker) const {
  if (queue == target) return true;
  if (limits_of_queue(queue).holding) return false;
  const auto here = tracker.queue(queue);
  return here && here->staffed.value_or(1) > 0;
}

// A caller stands somewhere new: before the queues, in one, or between two. One ring grace is granted at each place,
// and before the first queue what is usual on the line.
void Meter::wait_begins(const calls::Call& call, const calls::Tracker& tracker, Time t) {
  wait_ends(call.id, t);
  if (!calls::Tracker::waiting(call)) return;
  Caller caller{call.line, {}, {}, call.arrived, t, {}, false};
  std::string target = tracker.queue_of_line(call.line);
  if (std::string* known = target.empty() ? nullptr : &line_queues_[call.line]; known != nullptr && *known != target)
    *known = target;
  const bool queued = !call.stints.empty() && call.stints.back().end == calls::StintEnd::waiting;
  if (queued) {
    caller.queue = call.stints.back().queue;
    caller.since = call.stints.back().joined;
    caller.served_by = target.empty() || serves(caller.queue, target, tracker) ? caller.queue : std::move(target);
    caller.ripe_at = caller.since + limits_of_queue(caller.queue).ring;
  } else {
    caller.served_by = std::move(target);
    caller.ripe_at =
        (call.stints.empty() ? call.arrived + way_in_.usual(call.line) : t) + limits_of_queue(caller.served_by).ring;
  }
  caller.ripe_at = std::max(caller.ripe_at, t);
  change_waiting(caller, t, 1);
  if (!caller.served_by.empty()) ripening_.insert({caller.ripe_at, call.id});
  callers_[call.id] = std::move(caller);
}

void Meter::wait_ends(const std::string& id, Time t) {
  const auto at = callers_.find(id);
  if (at == callers_.end()) return;
  Caller& caller = at->second;
  age(caller, t);
  set_ripe(caller, false, t);
  ripening_.erase({caller.ripe_at, id});
  change_waiting(caller, t, -1);
  callers_.erase(at);
}

void Meter::change_waiting(const Caller& caller, Time t, int step) {
  const auto one = static_cast<uint32_t>(step);  // -1 wraps and takes away
  if (!caller.queue.empty()) {
    QueueSeries& q = queue_at(caller.queue, t);
    count_queue(caller.queue, q, t);
    q.series.waiting += one;
  }
  if (caller.line.empty() || (!lines_.contains(caller.line) && lines_.size() >= kMaxKnown)) return;
  Series& line = line_at(caller.line, t);
  count_line(caller.line, line, t);
  line.waiting += one;
}

// The oldest caller seen: in a queue since it joined, on a line since it arrived.
void Meter::age(const Caller& caller, Time t) {
  if (!observing_) return;
  if (!caller.queue.empty()) {
    Duration& longest = cell(Scope::queue, caller.queue, minute_).minute.longest_wait;
    longest = std::max(longest, t - caller.since);
  }
  if (caller.line.empty() || !lines_.contains(caller.line)) return;
  Duration& longest = cell(Scope::line, caller.line, minute_).minute.longest_wait;
  longest = std::max(longest, t - caller.arrived);
}

void Meter::set_ripe(Caller& caller, bool ripe, Time t) {
  if (caller.ripe == ripe) return;
  caller.ripe = ripe;
  QueueSeries& q = queue_at(caller.served_by, t);
  count_queue(caller.served_by, q, t);
  uint32_t& of_line = q.ripe[caller.line];
  if (ripe)
    ++of_line, ++q.ripe_total;
  else
    --of_line, --q.ripe_total;
  if (of_line == 0) q.ripe.erase(caller.line);
}

void Meter::ripen(Time t, const calls::Tracker& tracker) {
  while (!ripening_.empty() && ripening_.begin()->first <= t) {
    const std::string id = ripening_.begin()->second;
    ripening_.erase(ripening_.begin());
    const auto at = callers_.find(id);
    if (at == callers_.end()) continue;
    const auto call = tracker.open_calls().find(id);
    if (call != tracker.open_calls().end() && call->second.self_service) {
      at->second.ripe_at = t + kLookAgain;
      ripening_.insert({at->second.ripe_at, id});
      continue;
    }
    set_ripe(at->second, true, t);
  }
}

}  // namespace hf::metrics
