#include "agent/detect/queue_holds.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agent/detect/hold_alarm.hpp"
#include "agent/detect/statistics.hpp"

namespace hf::detect {
namespace {

constexpr size_t kQueues = 256, kWaits = 64;
constexpr Duration kTellEvery = std::chrono::seconds(60);
constexpr double kFewestCallers = 2;
constexpr Duration kReloadLogsOut = std::chrono::minutes(5);  // from a reload to members who are gone by it
constexpr uint32_t kFewestServed = 2;
constexpr uint32_t kFewestStraight = 3;
constexpr Duration kSilence = std::chrono::hours(2);  // nobody held any more, and too few callers to be sure: given up

const char* signal_of(bool dead) { return dead ? "dead_queue" : "held_in_queue"; }

double staff(const calls::Tracker& tracker, const std::string& queue) {
  return static_cast<double>(tracker.logged_in(queue).value_or(1));
}

// Who talks is known from the calls whatever the source tells of its members, and answers nobody else meanwhile.
double off_calls(const calls::Tracker& tracker, const std::string& queue) {
  const auto talks = std::ranges::count_if(tracker.open_calls(), [&](const auto& open) {
    return open.second.connected && !open.second.ended && open.second.answering_queue == queue;
  });
  return staff(tracker, queue) - static_cast<double>(talks);
}

}  // namespace

QueueHolds::Queue* QueueHolds::queue_of(const std::string& id) {
  const auto known = queues_.find(id);
  if (known != queues_.end()) return &known->second;
  return id.empty() || queues_.size() >= kQueues ? nullptr : &queues_[id];
}

void QueueHolds::count(const std::string& id, Queue& queue, Time now, const calls::Tracker& tracker) const {
  const bool ordinary = queue.stands == Stands::nothing;
  queue.departures.count(now, staff(tracker, id), ordinary, parameters_);
  queue.leavers.count(now, static_cast<double>(tracker.members(id).value_or(1)), ordinary, parameters_);
  const Time departure = queue.leavers.since().value_or(Time{});
  if (departure == queue.departure) return;
  queue.departure = departure;
  queue.served_since = queue.served_on = 0;
}

// Before the gap takes the answer.
void QueueHolds::count_served(Queue& queue, Time joined) const {
  if (queue.departure == Time{} || joined < queue.departure) return;
  ++queue.served_since;
  if (queue.gap.weigh_for_those_here() < parameters_.instead_nats) ++queue.served_on;
}

void QueueHolds::settled(Queue& queue, bool held, bool answered, Time at) {
  if (queue.stands == Stands::nothing) return;
  if (held) {
    ++queue.held, queue.run = 0, queue.last_held = at;
  } else if (answered) {
    ++queue.straight, ++queue.run;
  }
}

void QueueHolds::on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out) {
  if (std::holds_alternative<calls::ConfigurationSeen>(change.what)) reloaded_ = change.at;
  if (std::holds_alternative<calls::ObservationLost>(change.what)) {
    for (auto& [id, queue] : queues_) queue.floor.forget(), queue.gap.forget(), queue.same_waits.forget();
    return;
  }
  const auto* join = std::get_if<calls::CallJoined>(&change.what);
  const auto* answer = std::get_if<calls::CallConnected>(&change.what);
  const auto* leave = std::get_if<calls::CallLeftQueue>(&change.what);
  const auto* end = std::get_if<calls::CallEnded>(&change.what);
  const calls::Call* call = join     ? &join->call
                            : answer ? &answer->call
                            : leave  ? &leave->call
                            : end    ? &end->call
                                     : nullptr;
  if (!call || call->stints.empty()) return;
  Queue* queue = queue_of(call->stints.back().queue);
  if (!queue) return;
  if (join) {
    queue->floor.joined(call->id, call->stints.back().joined), queue->gap.joined(hour(change.at)), watching_ = true;
    count(call->stints.back().queue, *queue, change.at, tracker);
  } else if (answer) {
    connected(*queue, *call, change.at, tracker, out);
  } else if (leave || !call->connected) {
    left(*queue, *call, change.at, tracker.source().agent_state);
  }
}

void QueueHolds::connected(Queue& queue, const calls::Call& call, Time at, const calls::Tracker& tracker,
                           std::vector<Finding>& out) {
  const std::string& id = call.stints.back().queue;
  const Time joined = call.stints.back().joined;
  const Duration beside = queue.floor.answered(call.id, joined, call.agent, at, parameters_);
  const bool held = tracker.source().agent_state ? beside >= from_seconds(parameters_.held_beside_s)
                                                 : !queue.gap.ordinary(at - joined, parameters_);
  count_served(queue, joined);
  queue.gap.answered(at, hour(at), at - joined, staff(tracker, id), parameters_, queue.stands == Stands::nothing);
  look_at_waits(id, queue, joined, at, out);
  settled(queue, held || queue.same.nats > 0, true, at);
  if (queue.stands == Stands::hold && held) {
    queue.held_time += beside;
    queue.waits.push_back(at - joined);
    if (queue.waits.size() > kWaits) queue.waits.pop_front();
  }
  if (queue.stands == Stands::dead) clear(id, queue, at, out);
}

// What finished calls say of a hold of some: tells one that no idle member shows, and adds to one that stands.
void QueueHolds::look_at_waits(const std::string& id, Queue& queue, Time joined, Time at, std::vector<Finding>& out) {
  queue.same = queue.same_waits.answered(joined, at);
  if (queue.same.nats < parameters_.alarm_nats || queue.stands == Stands::dead) return;
  Finding f;
  f.sample_size = queue.same.callers, f.template_id = "same_wait";
  f.values = {{"callers", queue.same.callers}, {"of", queue.same.of}, {"wait_s", seconds(queue.same.wait)}};
  if (queue.stands == Stands::nothing)
    return raise(id, queue, Stands::hold, {.nats = queue.same.nats, .words = std::move(f), .since = queue.same.since}, at, out);
  f.signal = "same_wait", f.queue = id, f.at = at;
  out.push_back(std::move(f));
}

void QueueHolds::left(Queue& queue, const calls::Call& call, Time at, bool agent_state) {
  const Time joined = call.stints.back().joined;
  if (!queue.floor.waits(call.id, joined)) return;
  const Duration beside = queue.floor.left(call.id, joined, at, !agent_state && queue.gap.overdue(at), parameters_);
  queue.gap.left(hour(at), queue.stands == Stands::nothing, parameters_);
  if (beside < from_seconds(parameters_.held_beside_s)) return;
  settled(queue, true, false, at);
  if (queue.stands == Stands::hold) queue.held_time += beside;
}

void QueueHolds::tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  if (!watching_) return;
  watching_ = false;
  const bool agent_state = tracker.source().agent_state;
  for (auto& [id, queue] : queues_) {
    if (!queue.floor.anyone_waits() && queue.stands == Stands::nothing) continue;
    watching_ = true;
    count(id, queue, now, tracker);
    if (agent_state) queue.floor.tick(now, id, tracker, parameters_);
    if (!agent_state || queue.departure != Time{})
      queue.gap.tick(now, hour(now), queue.floor.waiting(), std::max(0.0, off_calls(tracker, id)));
    look(id, queue, now, agent_state, out);
  }
}

QueueHolds::Found QueueHolds::weigh(const Queue& queue, Time now, bool agent_state) const {
  return agent_state ? weigh_floor(queue, now) : weigh_gap(queue, now, queue.gap.weigh(parameters_));
}

QueueHolds::Found QueueHolds::weigh_floor(const Queue& queue, Time now) const {
  const FloorEvidence e = queue.floor.weigh(now, parameters_);
  if (e.callers == 0) return {};
  // That most have left at once, and that those who stay stand idle, are two things that ordinary days do not bring.
  const double left = e.nats > 0 ? queue.departures.nats(now, parameters_) : 0;
  Found found{.nats = e.nats + left, .words = {}, .since = {}};
  found.words.sample_size = e.callers, found.words.template_id = "held_in_queue";
  found.words.values = {{"callers", e.callers}, {"free", e.members}, {"longest_s", seconds(e.longest)}};
  return found;
}

QueueHolds::Found QueueHolds::weigh_gap(const Queue& queue, Time now, double nats) {
  Found found{.nats = nats, .words = {}, .since = {}};
  found.words.sample_size = queue.gap.callers(), found.words.template_id = "answers_stopped";
  found.words.values = {{"callers", queue.gap.callers()},
                        {"since_answer_s", seconds(now - queue.gap.last_answer().value_or(now))}};
  return found;
}

void QueueHolds::look(const std::string& id, Queue& queue, Time now, bool agent_state, std::vector<Finding>& out) {
  Found found = weigh(queue, now, agent_state);
  const bool enough = found.nats >= hold_alarm(parameters_, agent_state) && found.words.sample_size >= kFewestCallers;
  if (queue.stands == Stands::nothing) {
    if (enough && !agent_state && undecided(queue, now)) {
      queue.doubted = std::move(found.words);
    } else if (enough) {
      raise(id, queue, kind_now(queue, now, agent_state), std::move(found), now, out);
    } else if (queue.doubted) {  // answers came back
      raise(id, queue, Stands::hold, {.nats = 0, .words = *std::exchange(queue.doubted, std::nullopt), .since = {}}, now, out);
    }
    return;
  }
  if (queue.by_departure && serves_on(queue) && found.nats < parameters_.instead_nats) return clear(id, queue, now, out);
  if (agent_state ? queue.floor.held_now(parameters_) > 0 : enough) queue.last_held = now, queue.run = 0;
  const Time answer = std::max(queue.floor.last_answer().value_or(queue.since), queue.since);
  // Where nobody tells who is free, those who are left must have answered too seldom, not all who were there.
  const bool by_those_here = agent_state || queue.gap.weigh_for_those_here() >= parameters_.alarm_nats;
  if (queue.stands == Stands::hold && enough && by_those_here &&
      now - answer >= from_seconds(60 * parameters_.nobody_minutes))
    return turn_out_dead(id, queue, std::move(found), now, out);
  if (queue.stands == Stands::hold && now - queue.told >= kTellEvery)
    queue.told = now, tell(id, queue, now, agent_state, out);
  if (over(queue, now)) clear(id, queue, now, out);
}

// The better name comes before the hold's end, so that it is told of the same incident.
void QueueHolds::turn_out_dead(const std::string& id, Queue& queue, Found found, Time now, std::vector<Finding>& out) {
  found.since = queue.since;
  raise(id, queue, Stands::dead, std::move(found), now, out);
  if (hold_open()) return;
  Finding over;
  over.signal = signal_of(false), over.kind = FindingKind::cleared, over.queue = id, over.at = now;
  out.push_back(std::move(over));
}

// Nobody pages for these odds alone; but somebody is paged, and is to be told the likelier cause.
bool QueueHolds::claims(const std::string& id, Time now, bool agent_state, double nats, std::vector<Finding>& out) {
  const auto known = queues_.find(id);
  if (known == queues_.end() || known->second.stands != Stands::nothing) return false;
  Queue& queue = known->second;
  Found found =
      agent_state ? weigh_floor(queue, now) : weigh_gap(queue, now, queue.gap.weigh_for_those_here());
  if (found.nats >= nats && found.words.sample_size >= kFewestCallers) {
    raise(id, queue, kind_now(queue, now, agent_state), std::move(found), now, out);
    return true;
  }
  if (!sent_away(queue, now)) return false;
  raise(id, queue, Stands::hold, weigh_departure(queue, now), now, out);
  queue.by_departure = true;
  return true;
}

// Members who are ill, at lunch or not on the rota go or stay away one by one; most of the floor logs out within two
// minutes, in the middle of its work, because somebody decided so. Whoever decides that callers shall wait holds them, as
// long as none of those who came since is answered. Where floors empty so as a habit it says nothing, nor where nobody at
// all is left or the PBX has just read its configuration anew: mod_callcenter logs everybody out when a queue is reloaded.
bool QueueHolds::sent_away(const Queue& queue, Time now) const {
  const auto emptied = queue.leavers.emptied(now, parameters_);
  if (!emptied || emptied->gone >= emptied->before || (reloaded_ && *reloaded_ >= emptied->since - kReloadLogsOut)) return false;
  return queue.served_since == 0 && queue.leavers.nats(now, parameters_) >= parameters_.unusual_nats;
}

QueueHolds::Found QueueHolds::weigh_departure(const Queue& queue, Time now) const {
  Found found;
  const auto emptied = queue.leavers.emptied(now, parameters_);
  if (!emptied) return found;
  found.nats = queue.leavers.nats(now, parameters_), found.since = emptied->since;
  found.words.sample_size = static_cast<uint32_t>(queue.floor.came_since(emptied->since));
  found.words.template_id = "members_sent_away";
  found.words.values = {{"callers", found.words.sample_size}, {"left", emptied->gone}, {"of", emptied->before}};
  return found;
}

// Callers who came since the floor was emptied are answered as often as so few can: nobody holds them.
bool QueueHolds::serves_on(const Queue& queue) const { return queue.served_on >= kFewestServed; }

std::optional<Departures::Emptied> QueueHolds::emptied(const std::string& id, Time now,
                                                       const calls::Tracker& tracker) const {
  const auto known = queues_.find(id);
  if (known == queues_.end()) return std::nullopt;
  const auto emptied = known->second.leavers.emptied(now, parameters_);
  if (!emptied) return std::nullopt;
  // Where nobody tells who is free the page waits as long as it can for what those do who are left: a hold, or a shortage?
  const Duration worn = from_seconds(parameters_.departed_s - parameters_.together_s);
  if (!tracker.source().agent_state && !sent_away(known->second, now) && now - emptied->since < worn &&
      known->second.gap.weigh_for_those_here() < parameters_.instead_nats)
    return std::nullopt;
  const auto callers = static_cast<double>(known->second.floor.came_since(emptied->since));
  return callers >= kFewestCallers && callers > staff(tracker, id) ? emptied : std::nullopt;
}

// Where nobody tells who is free an alarm takes minutes anyway: it waits until it is seen whether answers come back, unless
// the order of those who were served says what it is.
bool QueueHolds::undecided(const Queue& queue, Time now) const {
  return queue.gap.weigh_open() >= parameters_.alarm_nats && std::abs(dead_nats(queue)) < std::log(parameters_.dead_odds) &&
         now - queue.gap.last_answer().value_or(now) < from_seconds(60 * parameters_.nobody_minutes);
}

QueueHolds::Stands QueueHolds::kind_now(const Queue& queue, Time now, bool agent_state) const {
  if (!agent_state && now - queue.gap.last_answer().value_or(now) >= from_seconds(60 * parameters_.nobody_minutes) &&
      queue.gap.weigh_for_those_here() >= parameters_.alarm_nats)
    return Stands::dead;
  if (!agent_state && queue.gap.weigh_open() < parameters_.instead_nats) return Stands::hold;  // answers came back
  return dead_nats(queue) > std::log(parameters_.dead_odds) ? Stands::dead : Stands::hold;
}

void QueueHolds::raise(const std::string& id, Queue& queue, Stands as, Found found, Time now,
                       std::vector<Finding>& out) {
  const Time seen = queue.floor.first_held(parameters_).value_or(queue.gap.last_answer().value_or(now));
  const Time first = found.since.value_or(seen);
  queue.stands = as, queue.doubted.reset(), queue.by_departure = false;
  queue.since = first, queue.raised = now, queue.told = Time{};
  queue.held = queue.straight = queue.run = 0;
  queue.held_time = {}, queue.waits.clear();
  queue.last_held = now;
  queue.floor.set_standing(true);
  Finding f = std::move(found.words);
  f.signal = f.template_id == "same_wait" ? "same_wait" : signal_of(as == Stands::dead);
  f.kind = FindingKind::news, f.queue = id, f.at = now;
  f.since = f.since_high = first;
  f.since_low = std::min(queue.floor.last_answer().value_or(first), first);
  out.push_back(std::move(f));
}

// Once a minute: what the hold costs so far.
void QueueHolds::tell(const std::string& id, Queue& queue, Time now, bool agent_state,
                      std::vector<Finding>& out) const {
  Finding f;
  f.signal = "held_in_queue", f.kind = FindingKind::totals, f.queue = id, f.at = now;
  f.since = f.since_high = queue.since,
  f.since_low = std::min(queue.floor.last_answer().value_or(queue.since), queue.since);
  f.values = {{"affected", queue.held + queue.floor.held_now(parameters_)},
              {"imposed_s", seconds(queue.held_time + queue.floor.held_time(parameters_))}};
  if (agent_state) f.values["avoidable_s"] = seconds(queue.floor.avoidable());
  if (queue.waits.size() >= kFewestSamples)
    f.values["imposed_wait_s"] = seconds(median({queue.waits.begin(), queue.waits.end()}));
  out.push_back(std::move(f));
}

bool QueueHolds::over(const Queue& queue, Time now) const {
  if (queue.floor.held_now(parameters_) > 0) return false;
  if (now - queue.last_held.value_or(queue.since) > kSilence) return true;
  return queue.run >= kFewestStraight &&
         chance_of_run(queue.held, queue.straight - queue.run, queue.run) < parameters_.end_doubt;
}

// Several queues under a hold are one case: it is over with the last of them.
void QueueHolds::clear(const std::string& id, Queue& queue, Time now, std::vector<Finding>& out) {
  const bool dead = queue.stands == Stands::dead;
  queue.stands = Stands::nothing;
  queue.floor.set_standing(false);
  if (!dead && hold_open()) return;
  Finding f;
  f.signal = signal_of(dead);
  f.kind = FindingKind::cleared, f.queue = id, f.at = now;
  out.push_back(std::move(f));
}

bool QueueHolds::hold_open() const {
  return std::ranges::any_of(queues_, [](const auto& q) { return q.second.stands == Stands::hold; });
}

}  // namespace hf::detect
