#include "agent/metrics/meter.hpp"

#include <algorithm>

namespace hf::metrics {

namespace {
constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kRevisable = std::chrono::hours(2);
constexpr Duration kKeptAnyway = std::chrono::minutes(5);

void add(std::optional<Duration>& sum, Duration more) { sum = sum.value_or(Duration{}) + more; }
}  // namespace

void Meter::set_site_model(const calls::SiteModel& model) {
  limits_.clear();
  line_queues_.clear();
  for (const calls::Queue& q : model.queues) limits_[q.id] = {q.ring_time, q.service_level, q.short_abandon, q.holding};
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
  first_ = minute_ = std::chrono::floor<std::chrono::minutes>(t);
  now_ = t;
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
    if (c.stints.size() == 1 && c.arrival_seen && !c.self_service)
      way_in_.learn(c.line, c.stints.front().joined - c.arrived);
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
  if (version_ != tracker.version()) look(to, tracker);
}

void Meter::move(Time to, const calls::Tracker& tracker, std::vector<Minute>& closed) {
  for (auto next = next_deadline(); next && *next <= to; next = next_deadline()) {
    ripen(*next, tracker);
    if (*next == minute_ + kMinute) close_minute(closed);
  }
}

Meter::QueueSeries& Meter::queue_at(const std::string& id, Time t) {
  const auto [at, fresh] = queues_.try_emplace(id);
  if (fresh) at->second.series.counted_to = std::max(t, now_);
  return at->second;
}

Meter::Series& Meter::line_at(const std::string& id, Time t) {
  const auto [at, fresh] = lines_.try_emplace(id);
  if (fresh) at->second.counted_to = std::max(t, now_);
  return at->second;
}

// The tracker's picture as it is now, for the time that follows.
void Meter::look(Time t, const calls::Tracker& tracker) {
  version_ = tracker.version();
  told_at_end_ = tracker.source().told_at_end;
  if (observing_ != tracker.observing()) {
    count_all(t);
    if (observing_) observed_ += t - now_;
    now_ = std::max(now_, t);
    observing_ = tracker.observing();
  }
  if (floor_version_ == tracker.floor_version()) return;
  for (const std::string& id : tracker.queues_changed_since(floor_version_)) {
    const auto q = tracker.queue(id);
    if (!q) continue;
    QueueSeries& mine = queue_at(id, t);
    const Floor floor{q->free, q->staffed, q->busy};
    if (floor == mine.floor) continue;
    count_queue(id, mine, t);
    mine.floor = floor;
  }
  floor_version_ = tracker.floor_version();
}

// What a series has not counted yet; nothing while the source is not seen.
Duration Meter::passed(Series& s, Time to) const {
  if (to <= s.counted_to) return {};
  const Duration d = to - std::exchange(s.counted_to, to);
  return observing_ ? d : Duration{};
}

void Meter::count_line(const std::string& id, Series& line, Time to) {
  const Duration d = passed(line, to);
  if (line.waiting > 0 && d > Duration{}) cell_of(line, Scope::line, id, minute_).minute.waiting += d * line.waiting;
}

// Adds what held since this queue was counted last: before anything of it changes, and at the end of each minute.
void Meter::count_queue(const std::string& id, QueueSeries& q, Time to) {
  const Duration d = passed(q.series, to);
  if (d <= Duration{}) return;
  Minute& m = cell_of(q.series, Scope::queue, id, minute_).minute;
  m.waiting += d * q.series.waiting;
  if (q.floor.staffed) add(m.staffed, d * *q.floor.staffed);
  if (q.floor.busy) add(m.busy, d * *q.floor.busy);
  if (!q.floor.free) return;
  add(m.free, d * *q.floor.free);
  const uint32_t beside = std::min(q.ripe_total, *q.floor.free);
  add(m.avoidable_wait, d * beside);
  add(q.avoidable, d * beside);
  for (const auto& [line, callers] : q.ripe)  // each line bears its share of the callers
    if (lines_.contains(line))
      add(cell(Scope::line, line, minute_).minute.avoidable_wait, d * beside * callers / std::max(1u, q.ripe_total));
}

void Meter::count_all(Time to) {
  for (auto& [id, q] : queues_) count_queue(id, q, to);
  for (auto& [id, line] : lines_) count_line(id, line, to);
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
  return cell_of(scope == Scope::queue ? queue_at(id, when).series : line_at(id, when), scope, id, when);
}

Meter::Cell& Meter::cell_of(Series& s, Scope scope, const std::string& id, Time when) {
  const Time start = std::chrono::floor<std::chrono::minutes>(when);
  if (!s.cells.empty() && s.cells.rbegin()->first == start) return s.cells.rbegin()->second;
  const auto [at, fresh] = s.cells.try_emplace(start);
  if (fresh) {
    Minute& m = at->second.minute;
    m.scope = scope, m.id = id, m.start = start;
    m.service_level = (scope == Scope::queue ? limits_of_queue(id) : limits_of_line(id)).service_level;
  }
  return at->second;
}

// The minute under way was seen as long as the source was; a closed one keeps what was written at its end.
void Meter::finish(Minute& m) const {
  if (m.start == minute_)
    m.observed_seconds = static_cast<uint32_t>((observed_ + std::chrono::milliseconds(500)) / std::chrono::seconds(1));
}

// A minute is kept while calls of it are open or may yet be told, at most for two hours, and at least so long that a call
// told late still finds it.
void Meter::close_series(Scope scope, const std::string& id, Series& s, std::vector<Minute>& closed) {
  cell_of(s, scope, id, minute_).changed = true;
  for (auto at = s.cells.begin(); at != s.cells.end() && at->first <= minute_;) {
    Cell& c = at->second;
    if (std::exchange(c.changed, false)) {
      if (std::exchange(c.closed, true)) ++c.minute.revision;
      finish(c.minute);
      closed.push_back(c.minute);
    }
    const Duration old = minute_ - at->first;
    at = old > kRevisable || (old > kKeptAnyway && c.pending == 0 && !told_at_end_) ? s.cells.erase(at) : std::next(at);
  }
}

void Meter::close_minute(std::vector<Minute>& closed) {
  const Time end = minute_ + kMinute;
  const size_t room = closed.size() + 4 * (queues_.size() + lines_.size());  // minutes are large, and old ones change too
  if (closed.capacity() < room) closed.reserve(std::max(room, 2 * closed.capacity()));
  count_all(end);
  if (observing_) observed_ += end - now_;
  now_ = end;
  for (const auto& [id, caller] : callers_) age(caller, end);
  for (auto& [id, q] : queues_) close_series(Scope::queue, id, q.series, closed);
  for (auto& [id, line] : lines_) close_series(Scope::line, id, line, closed);
  minute_ = end;
  observed_ = {};
}

std::optional<Minute> Meter::running(Scope scope, const std::string& id, Time now) const {
  Meter one;  // this queue or line alone, counted on to `now`
  one.begun_ = true;
  one.minute_ = minute_, one.now_ = now_, one.observed_ = observed_, one.observing_ = observing_, one.limits_ = limits_;
  if (const auto q = queues_.find(id); scope == Scope::queue && q != queues_.end()) one.queues_.insert(*q);
  if (const auto line = lines_.find(id); scope == Scope::line && line != lines_.end()) one.lines_.insert(*line);
  if (one.series(scope, id) == nullptr) return std::nullopt;
  for (const auto& [line, callers] : queues_)
    if (scope == Scope::line && callers.ripe.contains(id)) one.queues_.emplace(line, callers);
  one.count_all(now);
  if (observing_ && now > now_) one.observed_ += now - now_;
  for (const auto& [call, caller] : callers_)
    if ((scope == Scope::queue ? caller.queue : caller.line) == id) one.age(caller, now);
  Minute minute = one.cell(scope, id, minute_).minute;
  one.finish(minute);
  return minute;
}

std::vector<std::pair<Scope, std::string>> Meter::known() const {
  std::vector<std::pair<Scope, std::string>> all;
  all.reserve(all.size() + queues_.size());
  for (const auto& [id, q] : queues_) all.emplace_back(Scope::queue, id);
  for (const auto& [id, line] : lines_) all.emplace_back(Scope::line, id);
  return all;
}

std::optional<Duration> Meter::avoidable_total(const std::string& queue) const {
  const auto at = queues_.find(queue);
  return at == queues_.end() ? std::nullopt : at->second.avoidable;
}

bool Meter::load(StateLoader& in) {
  *this = {};
  in.get(*this);
  return in.ok();
}

}  // namespace hf::metrics
