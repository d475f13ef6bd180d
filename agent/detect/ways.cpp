#include "agent/detect/ways.hpp"

#include <algorithm>

namespace hf::detect {
namespace {

constexpr size_t kLines = 256, kSettledWays = 64, kWays = 1024, kDwells = 128;
constexpr Duration kMemory = std::chrono::hours(2);
// Before a line is known: no welcome takes longer. Without dialplan steps an input menu cannot be told from a hold, so
// allow for one, unless the PBX's known lines are all steady: its lines are built alike.
constexpr Duration kPriorWithSteps = std::chrono::seconds(60);
constexpr Duration kPriorWithoutSteps = std::chrono::minutes(5);

}  // namespace

Duration LineWays::excess(const Way& way, Time now) const {
  const Duration dwell = way.progress == Progress::on_the_way ? now - way.arrived : way.dwell;
  return dwell - usual.upper;
}

bool LineWays::went_straight(const Way& way) const {
  const Duration bound = usual.samples < kFewestSamples ? std::min(usual.upper, kPriorWithSteps) : usual.upper;
  return way.progress == Progress::reached && way.dwell <= bound + kNoticeLength;
}

void Ways::set_site_model(const calls::SiteModel& model) {
  notices_.clear();
  for (const calls::Line& l : model.lines) {
    if (l.legal_notice > Duration{}) notices_[l.id] = l.legal_notice;
  }
  for (auto& [id, line] : lines_) refresh_usual(id, line);
}

double Ways::stray(const LineWays& line) const {
  double strays = 0.5, callers = line.usual.steady ? 2500 : 250;
  for (const auto& [id, other] : lines_) {
    if (other.usual.steady == line.usual.steady) strays += other.stray, callers += other.straight + other.stray;
  }
  return strays / callers;
}

bool Ways::cold(const std::string& queue, Time at) const {
  const auto last = answers_.find(queue);
  return last == answers_.end() || at - last->second > kColdAfter;
}

bool Ways::served(const std::string& queue, const calls::Tracker& tracker) const {
  if (has_answered(queue)) return true;
  const auto now = tracker.queue(queue);
  return now && now->staffed.value_or(0) > 0 && now->free.value_or(1) > 0;
}

std::optional<Ways::Settled> Ways::on(const calls::Change& change, const calls::Tracker& tracker) {
  steps_visible_ = tracker.source().dialplan_events;
  if (const auto* arrived = std::get_if<calls::CallArrived>(&change.what))
    return arrive(arrived->call, tracker), std::nullopt;
  if (const auto* joined = std::get_if<calls::CallJoined>(&change.what)) return join(joined->call, change.at, tracker);
  if (const auto* connected = std::get_if<calls::CallConnected>(&change.what)) return connect(connected->call, tracker);
  if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) return end(ended->call);
  if (const auto* left = std::get_if<calls::CallLeftQueue>(&change.what)) {
    LineWays* line = nullptr;
    if (Way* way = find(left->call, &line); way && way->progress == Progress::on_the_way)
      way->queue.clear(), way->joined.reset(), way->looked_up = false;
  }
  return std::nullopt;
}

LineWays* Ways::line(const std::string& id, const calls::Tracker& tracker) {
  const auto known = lines_.find(id);
  if (known == lines_.end() && lines_.size() >= kLines) return nullptr;
  LineWays& line = known == lines_.end() ? lines_[id] : known->second;
  if (line.usual.samples < kFewestSamples) refresh_usual(id, line);
  line.target = tracker.queue_of_line(id);
  reach_known_target(id, line);
  return &line;
}

// The target of a line may become known only after callers joined it.
void Ways::reach_known_target(const std::string& id, LineWays& line) {
  if (line.waiting == 0) return;
  for (Way& way : line.ways) {
    if (way.progress != Progress::on_the_way || !way.joined) continue;
    if (way.queue != line.target && !has_answered(way.queue)) continue;
    const Duration dwell = *way.joined - way.arrived;
    settle(line, way, Progress::reached, dwell);
    if (line.went_straight(way)) learn(id, line, dwell);
  }
}

Way* Ways::find(const calls::Call& call, LineWays** line) {
  const auto of = line_of_.find(call.id);
  if (of == line_of_.end()) return nullptr;
  const auto known = lines_.find(of->second);
  if (known == lines_.end()) return nullptr;
  *line = &known->second;
  auto& ways = known->second.ways;
  const auto is_it = [&](const Way& w) { return w.arrived == call.arrived && w.call == call.id; };
  const auto way = std::find_if(ways.rbegin(), ways.rend(), is_it);
  return way == ways.rend() ? nullptr : &*way;
}

void Ways::arrive(const calls::Call& call, const calls::Tracker& tracker) {
  if (line_of_.contains(call.id)) return;
  LineWays* line = this->line(call.line, tracker);
  if (!line) return;
  forget_old(call.line, *line, call.arrived);
  Way way;
  way.call = call.id;
  way.arrived = call.arrived;
  // A source that sees queues only never sees an arrival: there the first join is the arrival.
  const auto& source = tracker.source();
  if (!call.arrival_seen && (source.channel_events || source.told_at_end))
    way.progress = Progress::unusable;
  else
    ++line->waiting;
  line->ways.push_back(std::move(way));
  line_of_[call.id] = call.line;
}

std::optional<Ways::Settled> Ways::join(const calls::Call& call, Time at, const calls::Tracker& tracker) {
  if (call.stints.empty()) return std::nullopt;
  if (!line_of_.contains(call.id)) arrive(call, tracker);
  const auto of = line_of_.find(call.id);
  if (of == line_of_.end()) return std::nullopt;
  const std::string id = of->second;
  if (!line(id, tracker)) return std::nullopt;
  LineWays* line = nullptr;
  Way* way = find(call, &line);
  if (!way || way->progress != Progress::on_the_way || tracker.source().told_at_end) return std::nullopt;
  way->queue = call.stints.back().queue;
  way->joined = at;
  way->looked_up = false;
  way->self_service = call.self_service;
  if (way->queue != line->target && !served(way->queue, tracker)) return std::nullopt;
  settle(*line, *way, Progress::reached, at - way->arrived);
  if (line->went_straight(*way)) learn(id, *line, way->dwell);
  return Settled{id, *way, true, false};
}

std::optional<Ways::Settled> Ways::connect(const calls::Call& call, const calls::Tracker& tracker) {
  if (!call.answering_queue.empty() && (answers_.size() < kLines || has_answered(call.answering_queue)))
    answers_[call.answering_queue] = call.connected.value_or(call.arrived);
  const auto of = line_of_.find(call.id);
  if (of == line_of_.end()) return std::nullopt;
  const std::string id = of->second;
  LineWays* line = nullptr;
  Way* way = find(call, &line);
  if (!way || way->progress == Progress::unusable || way->progress == Progress::left) return std::nullopt;
  const bool settles = way->progress == Progress::on_the_way;
  way->answered = true;
  way->self_service = call.self_service;
  if (settles) {
    // A record of a call tells how long until somebody answered, and rarely what of it was before a queue.
    const bool whole = call.stints.empty() || tracker.source().told_at_end;
    const Time reached = whole ? call.connected.value_or(call.arrived) : call.stints.back().joined;
    way->queue = call.answering_queue;
    settle(*line, *way, Progress::reached, reached - way->arrived);
    if (line->went_straight(*way)) learn(id, *line, way->dwell);
  }
  way->after_join = call.connected.value_or(call.arrived) - call.arrived - way->dwell;
  Settled settled{id, *way, settles, true};
  this->line(id, tracker);
  return settled;
}

std::optional<Ways::Settled> Ways::end(const calls::Call& call) {
  LineWays* line = nullptr;
  Way* way = find(call, &line);
  const auto of = line_of_.find(call.id);
  const std::string id = of == line_of_.end() ? std::string{} : of->second;
  if (of != line_of_.end()) line_of_.erase(of);
  if (!way || way->progress != Progress::on_the_way) return std::nullopt;
  const bool lost = call.half_seen || call.outcome == calls::Outcome::lost_by_restart;
  way->self_service = call.self_service;
  settle(*line, *way, lost ? Progress::unusable : Progress::left, call.ended.value_or(call.arrived) - call.arrived);
  return Settled{id, *way, true, false};
}

void Ways::settle(LineWays& line, Way& way, Progress progress, Duration dwell) {
  way.progress = progress;
  way.dwell = dwell;
  line.waiting -= line.waiting > 0 ? 1 : 0;
}

void Ways::learn(const std::string& id, LineWays& line, Duration dwell) {
  line.dwells.add(dwell, kDwells);
  ++line.straight;
  refresh_usual(id, line);
}

void Ways::refresh_usual(const std::string& id, LineWays& line) {
  const auto notice = notices_.find(id);
  line.usual = usual_dwell(line.dwells, prior(), notice == notices_.end() ? Duration{} : notice->second);
}

Duration Ways::prior() const {
  if (steps_visible_) return kPriorWithSteps;
  bool steady = false;
  for (const auto& [id, line] : lines_) {
    if (line.usual.samples >= kKnowSteadiness && !line.usual.steady) return kPriorWithoutSteps;
    steady = steady || line.usual.steady;
  }
  return steady ? kPriorWithSteps : kPriorWithoutSteps;
}

// A long way that never led to an alarm becomes usual when it is forgotten: a new menu is learnt within 64 callers or
// two hours.
void Ways::forget_old(const std::string& id, LineWays& line, Time now) {
  const auto settled = line.ways.size() - std::min<size_t>(line.waiting, line.ways.size());
  size_t surplus = settled > kSettledWays ? settled - kSettledWays : 0;
  while (!line.ways.empty()) {
    const Way& oldest = line.ways.front();
    const bool waits = oldest.progress == Progress::on_the_way;
    const bool old = now - oldest.arrived > kMemory;
    if ((waits || (surplus == 0 && !old)) && line.ways.size() <= kWays) return;
    if (waits) line.waiting -= 1;
    const Way way = std::move(line.ways.front());
    line.ways.pop_front();
    line.settled -= line.settled > 0 ? 1 : 0;
    surplus -= surplus > 0 ? 1 : 0;
    if (line.named || waits || line.went_straight(way)) continue;
    if (way.progress == Progress::reached) learn(id, line, way.dwell);
    if (way.beside_free >= kHeldLength) ++line.stray;
  }
}

}  // namespace hf::detect
