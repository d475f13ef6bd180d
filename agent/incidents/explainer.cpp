#include "agent/incidents/explainer.hpp"

#include <algorithm>
#include <cmath>

#include "agent/incidents/overtaken.hpp"
#include "agent/incidents/usual_floor.hpp"

namespace hf::incidents {
namespace {

constexpr Duration kAgain = std::chrono::minutes(5);
constexpr int kNewPart = 20;    // a twentieth of the incident must be new: hours are not moved by minutes
constexpr double kHeld = 30;    // seconds beyond the usual way: a menu takes some callers longer
constexpr double kMoved = 0.1;  // of the whole: below it the words stay the same

// The queue whose people could have answered the call.
std::string queue_of(const calls::Call& call, const calls::Tracker& tracker) {
  if (!call.answering_queue.empty()) return call.answering_queue;
  std::string target = call.line.empty() ? std::string{} : tracker.queue_of_line(call.line);
  if (target.empty() && !call.stints.empty()) target = call.stints.back().queue;
  return target;
}

// When it came to stand before the people of `queue`; its end (or `now`) if it never did.
Time reached(const calls::Call& call, const std::string& queue, Time end) {
  for (const calls::Stint& s : call.stints) {
    if (s.queue == queue) return s.joined;
  }
  return end;
}

// A source that shows queues alone never saw the arrival: the first join stands for it.
bool usable(const calls::Call& call) {
  return (call.arrival_seen || !call.stints.empty()) && !call.half_seen && call.outcome != calls::Outcome::refused &&
         call.outcome != calls::Outcome::lost_by_restart && !(call.self_service && !call.connected);
}

RecentCall recent(const calls::Call& call, const std::string& queue, const detect::Ways& ways, Time now) {
  const Time end = call.connected.value_or(call.ended.value_or(now));
  const Time arrived = call.arrival_seen ? call.arrived : call.stints.front().joined;
  const double way = seconds(reached(call, queue, end) - arrived);
  double held = 0;
  const auto line = ways.lines().find(call.line);
  if (line != ways.lines().end() && line->second.usual.samples >= detect::kFewestSamples) {
    const double beyond = way - seconds(line->second.usual.median);
    if (beyond > kHeld && way > seconds(line->second.usual.upper)) held = beyond;
  }
  RecentCall out;
  out.came = arrived + from_seconds(way - held);
  out.wait_s = static_cast<float>(std::max(0.0, seconds(end - out.came)));
  out.held_s = static_cast<float>(held);
  out.answered = call.connected.has_value(), out.open = !call.ended.has_value();
  out.talk_s = static_cast<float>(!out.answered ? 0.0 : seconds(call.ended.value_or(now) - *call.connected));
  return out;
}

std::vector<RecentCall> open_calls(const std::string& queue, const calls::Tracker& tracker, const detect::Ways& ways,
                                   Time now) {
  std::vector<RecentCall> out;
  for (const auto& [id, call] : tracker.open_calls()) {
    if (out.size() >= FloorRecord::kCalls) break;
    if (usable(call) && queue_of(call, tracker) == queue) out.push_back(recent(call, queue, ways, now));
  }
  return out;
}

bool moved(const std::optional<Shares>& a, const std::optional<Shares>& b) {
  if (a.has_value() != b.has_value()) return true;
  if (!a) return false;
  if (a->state != b->state || a->parts.size() != b->parts.size()) return true;
  for (size_t i = 0; i < a->parts.size(); ++i) {
    if (std::abs(a->parts[i].share - b->parts[i].share) >= kMoved) return true;
  }
  return false;
}

bool due_again(const Incident& incident, Time last, Time now) {
  return now - last >= std::max(kAgain, (last - incident.onset) / kNewPart);
}

}  // namespace

void Explainer::on(const calls::Change& change, const calls::Tracker& tracker, const detect::Ways& ways) {
  happenings_.on(change);
  const auto* ended = std::get_if<calls::CallEnded>(&change.what);
  if (ended == nullptr || !usable(ended->call)) return;
  const std::string queue = queue_of(ended->call, tracker);
  if (queue.empty() || (!queues_.contains(queue) && queues_.size() >= kQueues)) return;
  queues_[queue].on(recent(ended->call, queue, ways, change.at));
}

void Explainer::on(const std::vector<metrics::Minute>& closed, const calls::Tracker& tracker, const detect::Ways& ways,
                   const detect::LoadWatch& load, Time now, Book& book, std::vector<Incident>& changed) {
  for (const metrics::Minute& m : closed) {
    happenings_.on(m);
    if (m.scope != metrics::Scope::queue) continue;
    if (queues_.contains(m.id) || queues_.size() < kQueues) queues_[m.id].on(m);
  }
  const Now known{tracker, ways, load, now};
  for (Incident& incident : changed) {
    if (!shared_.contains(incident.id)) happenings_.on(incident);
    explain(incident, known, book);
  }
  if (!closed.empty() && !book.open().empty()) refresh(known, book, changed);
}

std::optional<Shares> Explainer::shares(const Incident& incident, const Now& now) const {
  std::optional<Shares> most;
  const Time to = std::min(now.at, incident.closed.value_or(now.at)),
             before = std::min(incident.onset, incident.onset_low);
  for (const std::string& queue : incident.queues) {
    const auto record = queues_.find(queue);
    if (record == queues_.end() || record->second.empty()) continue;
    const Time from = std::max(incident.onset, record->second.begins());
    UsualFloor usual = record->second.usual(before, to - from);
    if (const detect::QueueLoad* load = now.load.queue(queue))
      usual = by_the_week(usual, {std::max(before - FloorRecord::kBefore, record->second.begins()), before, from, to},
                          load->baseline(), now.load.calendar());
    usual.holds_known = now.tracker.source().agent_state || now.tracker.source().channel_events;
    SeenFloor seen = record->second.seen(from, to, open_calls(queue, now.tracker, now.ways, now.at));
    if (incident.kind == Kind::artificial_hold) hold_overtaken(seen);
    const Shares told = shares_of(seen, usual);
    if (!most || told.calls > most->calls) most = told;
  }
  return most;
}

void Explainer::explain(Incident& incident, const Now& now, Book& book) {
  const auto before = shared_.find(incident.id);
  if (before == shared_.end() || incident.closed || due_again(incident, before->second, now.at)) {
    incident.shares = shares(incident, now);
    shared_[incident.id] = now.at;
  }
  incident.chain = chain_of(incident, happenings_);
  if (incident.closed) shared_.erase(incident.id);
  std::vector<Incident> none;
  book.explain(incident.id, incident.chain, incident.shares, false, none);
}

void Explainer::refresh(const Now& now, Book& book, std::vector<Incident>& changed) {
  std::vector<std::string> due;
  for (const auto& [id, incident] : book.open()) {
    const auto before = shared_.find(id);
    if (before == shared_.end() || due_again(incident, before->second, now.at)) due.push_back(id);
  }
  for (const std::string& id : due) {
    Incident incident = book.open().at(id);
    const auto old = incident.shares;
    explain(incident, now, book);
    if (moved(old, incident.shares)) book.explain(id, incident.chain, incident.shares, true, changed);
  }
}

}  // namespace hf::incidents
