#include "agent/metrics/meter.hpp"

#include <algorithm>

namespace hf::metrics {

namespace {
constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kRevisable = std::chrono::hours(2);

void add(std::optional<Duration>& sum, Duration more) { sum = sum.value_or(Duration{}) + more; }
}  // namespace

void Meter::set_site_model(const calls::SiteModel& model) {
  limits_.clear();
  line_queues_.clear();
  for (const calls::Queue& q : model.queues) limits_[q.id] = {q.ring_time, q.service_level, q.short_abandon};
  for (const calls::Line& line : model.lines) line_queues_[line.id] = line.queue;
  way_in_.set_site_model(model);
}

const Meter::Limits& Meter::limits_of_queue(const std::string& queue) const {
  static const Limits kDefault;
  const auto at = limits_.find(queue);
  return at == limits_.end() ? kDefault : at->second;
}

const Meter::Limits& Meter::limits_of_line(const std::string& line) const {
  const auto at = line_queues_.find(line);
  return limits_of_queue(at == line_queues_.end() ? std::string{} : at->second);
}

void Meter::begin(Time t) {
  begun_ = true;
  minute_ = std::chrono::floor<std::chrono::minutes>(t);
  counted_to_ = t;
}

std::optional<Time> Meter::next_deadline() const {
  if (!begun_) return std::nullopt;
  const Time end = minute_ + kMinute;
  return ripening_.empty() ? end : std::min(end, ripening_.begin()->first);
}

void Meter::on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Minute>& closed) {
  advance(change.at, tracker, closed);
  const Time t = change.at;
  using namespace calls;
  if (const auto* arrived = std::get_if<CallArrived>(&change.what)) {
    book(arrived->call, false);
    wait_begins(arrived->call, tracker, t);
  } else if (const auto* joined = std::get_if<CallJoined>(&change.what)) {
    const Call& c = joined->call;
    if (c.stints.size() == 1 && c.arrival_seen && !c.self_service) way_in_.learn(c.line, c.stints.front().joined - c.arrived);
    book(c, false);
    wait_begins(c, tracker, t);
  } else if (const auto* left = std::get_if<CallLeftQueue>(&change.what)) {
    book(left->call, false);
    wait_begins(left->call, tracker, t);
  } else if (const auto* connected = std::get_if<CallConnected>(&change.what)) {
    book(connected->call, false);
    wait_ends(connected->call.id, t);
  } else if (const auto* ended = std::get_if<CallEnded>(&change.what)) {
    book(ended->call, true);
    wait_ends(ended->call.id, ended->call.ended.value_or(t));
  }
}

// Nothing is counted up to `to` while nothing changes: so it does not matter in how many steps time comes here.
void Meter::advance(Time to, const calls::Tracker& tracker, std::vector<Minute>& closed) {
  if (!begun_) begin(to);
  move(to, tracker, closed);
  if (version_ == tracker.version()) return;
  count(to);
  look(tracker);
}

void Meter::move(Time to, const calls::Tracker& tracker, std::vector<Minute>& closed) {
  for (auto next = next_deadline(); next && *next <= to; next = next_deadline()) {
    count(*next);
    ripen(*next, tracker);
    if (*next == minute_ + kMinute) close_minute(closed);
  }
}

// The tracker's picture as it is now, for the time that follows.
void Meter::look(const calls::Tracker& tracker) {
  version_ = tracker.version();
  observing_ = tracker.observing();
  for (const calls::QueueNow& q : tracker.queues()) {
    QueueSeries& mine = queues_[q.queue];
    mine.floor = {q.free, q.staffed, q.busy};
  }
}

// Adds what held since the last count. Callers are counted only while they are seen.
void Meter::count(Time to) {
  if (to <= counted_to_) return;
  const Duration passed = to - counted_to_;
  counted_to_ = to;
  if (!observing_) return;
  for (auto& [id, q] : queues_) count_queue(id, q, passed);
  for (auto& [id, line] : lines_) {
    Cell& c = cell(Scope::line, id, minute_);
    c.observed += passed;
    c.minute.waiting += passed * line.waiting;
  }
}

void Meter::count_queue(const std::string& id, QueueSeries& q, Duration passed) {
  Cell& c = cell(Scope::queue, id, minute_);
  c.observed += passed;
  c.minute.waiting += passed * q.series.waiting;
  if (q.floor.staffed) add(c.minute.staffed, passed * *q.floor.staffed);
  if (q.floor.busy) add(c.minute.busy, passed * *q.floor.busy);
  if (!q.floor.free) return;
  add(c.minute.free, passed * *q.floor.free);
  const uint32_t beside = std::min(q.ripe_total, *q.floor.free);
  add(c.minute.avoidable_wait, passed * beside);
  add(q.avoidable, passed * beside);
  for (const auto& [line, callers] : q.ripe)  // each line bears its share of the callers
    if (lines_.contains(line)) add(cell(Scope::line, line, minute_).minute.avoidable_wait, passed * beside * callers / std::max(1u, q.ripe_total));
}

Meter::Series* Meter::series(Scope scope, const std::string& id) {
  if (scope == Scope::queue) {
    const auto at = queues_.find(id);
    return at == queues_.end() ? nullptr : &at->second.series;
  }
  const auto at = lines_.find(id);
  return at == lines_.end() ? nullptr : &at->second;
}

Meter::Cell& Meter::cell(Scope scope, const std::string& id, Time when) {
  Series& s = scope == Scope::queue ? queues_[id].series : lines_[id];
  const Time start = std::chrono::floor<std::chrono::minutes>(when);
  const auto [at, fresh] = s.cells.try_emplace(start);
  if (fresh) {
    Minute& m = at->second.minute;
    m.scope = scope, m.id = id, m.start = start;
    m.service_level = (scope == Scope::queue ? limits_of_queue(id) : limits_of_line(id)).service_level;
  }
  return at->second;
}

Minute Meter::finished(const Cell& cell) {
  Minute m = cell.minute;
  m.observed_seconds = static_cast<uint32_t>((cell.observed + std::chrono::milliseconds(500)) / std::chrono::seconds(1));
  return m;
}

void Meter::close_series(Scope scope, const std::string& id, Series& s, std::vector<Minute>& closed) {
  cell(scope, id, minute_).changed = true;
  for (auto& [start, c] : s.cells) {
    if (start > minute_ || !std::exchange(c.changed, false)) continue;
    if (std::exchange(c.closed, true)) ++c.minute.revision;
    closed.push_back(finished(c));
  }
  while (!s.cells.empty() && s.cells.begin()->first + kRevisable < minute_) s.cells.erase(s.cells.begin());
}

void Meter::close_minute(std::vector<Minute>& closed) {
  for (const auto& [id, caller] : callers_) age(caller, minute_ + kMinute);
  for (auto& [id, q] : queues_) close_series(Scope::queue, id, q.series, closed);
  for (auto& [id, line] : lines_) close_series(Scope::line, id, line, closed);
  minute_ += kMinute;
}

std::optional<Minute> Meter::running(Scope scope, const std::string& id, Time now) const {
  Meter copy = *this;  // counts up to now without leaving a trace
  copy.count(now);
  if (copy.series(scope, id) == nullptr) return std::nullopt;
  for (const auto& [call, caller] : copy.callers_) copy.age(caller, now);
  return finished(copy.cell(scope, id, minute_));
}

std::vector<std::pair<Scope, std::string>> Meter::known() const {
  std::vector<std::pair<Scope, std::string>> all;
  for (const auto& [id, q] : queues_) all.emplace_back(Scope::queue, id);
  for (const auto& [id, line] : lines_) all.emplace_back(Scope::line, id);
  return all;
}

std::optional<Duration> Meter::avoidable_total(const std::string& queue) const {
  const auto at = queues_.find(queue);
  return at == queues_.end() ? std::nullopt : at->second.avoidable;
}

bool Meter::load(Loader& in) {
  *this = {};
  in.get(*this);
  return in.ok();
}

}  // namespace hf::metrics
