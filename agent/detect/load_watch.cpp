#include "agent/detect/load_watch.hpp"

#include <algorithm>

#include "agent/detect/budget.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/load_findings.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::detect {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);

uint64_t key_of(const std::string& id) { return siphash24(SipKey{}, id); }

bool at_work(const calls::AgentNow& agent, Time now) {
  using calls::AgentState;
  switch (agent.state) {
    case AgentState::logged_out:
      return false;
    case AgentState::paused:
    case AgentState::unavailable:
    case AgentState::not_answering:
      return now - agent.since <= LoadWatch::kAway;
    case AgentState::free:
    case AgentState::ringing:
    case AgentState::talking:
    case AgentState::on_hold:
    case AgentState::wrap_up:
    case AgentState::busy:
    case AgentState::unknown:
      return true;
  }
  return true;
}

// The incident of a signal that explains callers who wait better than the load does; empty for other signals. A drought
// of callers is no measure of the usual either.
std::string better_kind(std::string_view signal) {
  if (signal == "arrival_drought") return std::string(signal);
  const SignalInfo* known = find_signal(signal);
  if (!known) return "artificial_hold";  // as the book has it
  const bool better = known->incident == "artificial_hold" || known->incident == "dead_queue";
  return better ? std::string(known->incident) : std::string{};
}

std::map<std::string, double> members_at_work(const calls::Tracker& tracker, Time now) {
  std::map<std::string, double> count;
  for (const calls::AgentNow& agent : tracker.agents()) count[agent.queue] += at_work(agent, now) ? 1 : 0;
  return count;
}

}  // namespace

void LoadWatch::set_site_model(const calls::SiteModel& model) { calendar_.set(model); }

const QueueLoad* LoadWatch::queue(const std::string& id) const {
  const auto found = queues_.find(id);
  return found == queues_.end() ? nullptr : &found->second;
}

std::vector<std::string> LoadWatch::short_of_members(Time then) const {
  std::vector<std::string> out;
  for (const auto& [id, load] : queues_)
    if (load.standing() == LoadCause::missing_agents && load.standing_since() >= then) out.push_back(id);
  return out;
}

void LoadWatch::readings(std::vector<Reading>& out) const {
  for (const auto& [id, load] : queues_) load_readings(id, load, out);
}

QueueLoad* LoadWatch::at(const std::string& queue) {
  if (queue.empty()) return nullptr;
  const auto found = queues_.find(queue);
  if (found != queues_.end()) return &found->second;
  return queues_.size() < kQueues ? &queues_[queue] : nullptr;
}

void LoadWatch::answered(const calls::Call& call, Time at) {
  QueueLoad* load = this->at(call.answering_queue);
  if (!load) return;
  load->talk_began(key_of(call.id), key_of(call.agent), at);
  if (!call.stints.empty()) load->answered(std::max(Duration{}, at - call.stints.back().joined));
}

void LoadWatch::talk_over(const calls::Call& call, Time at) {
  if (!call.connected) return;
  const auto load = queues_.find(call.answering_queue);
  if (load != queues_.end()) load->second.talk_ended(key_of(call.id), std::min(at, call.ended.value_or(at)), calendar_);
}

void LoadWatch::on(const calls::Change& change) {
  if (const auto* joined = std::get_if<calls::CallJoined>(&change.what)) {
    const auto& stints = joined->call.stints;
    if (stints.empty()) return;
    // A dialplan that queues a caller again every few minutes brings no new caller.
    const std::string& queue = stints.back().queue;
    if (std::any_of(stints.begin(), stints.end() - 1, [&](const calls::Stint& s) { return s.queue == queue; })) return;
    if (QueueLoad* load = at(queue)) load->arrived();
  } else if (const auto* connected = std::get_if<calls::CallConnected>(&change.what)) {
    answered(connected->call, change.at);
  } else if (const auto* agent = std::get_if<calls::AgentChanged>(&change.what)) {
    const calls::AgentInterval& i = agent->interval;
    if (i.state != calls::AgentState::talking || !i.to) return;
    // The agent's own talk ends when a caller is passed on; the call does not.
    const auto load = queues_.find(i.queue);
    if (load != queues_.end()) load->second.agent_done(key_of(i.agent), *i.to, calendar_);
  } else if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) {
    talk_over(ended->call, change.at);
  } else if (std::holds_alternative<calls::ObservationLost>(change.what)) {
    for (auto& [id, load] : queues_) load.observation_lost();
  }
}

void LoadWatch::hear(const std::vector<Finding>& findings, size_t from) {
  for (size_t i = from; i < findings.size(); ++i) {
    const Finding& f = findings[i];
    if (f.kind != FindingKind::news && f.kind != FindingKind::cleared) continue;
    const std::string kind = better_kind(f.signal);
    if (kind.empty() || !f.members.empty()) continue;
    if (f.kind == FindingKind::cleared && f.queue.empty()) taken_.erase(kind);
    if (f.queue.empty()) continue;
    if (f.kind == FindingKind::news) taken_[kind].insert(f.queue);
    if (const auto known = taken_.find(kind); f.kind == FindingKind::cleared && known != taken_.end())
      known->second.erase(f.queue);
  }
}

void LoadWatch::withdraw(const std::string& queue) {
  if (QueueLoad* load = at(queue)) load->withdraw();
  told_.erase(queue);
}

std::optional<Time> LoadWatch::next(Time now) const {
  if (queues_.empty()) return std::nullopt;
  return Time(now.time_since_epoch() / kMinute * kMinute) + kMinute;
}

void LoadWatch::tick(Time now, const calls::Tracker& tracker, const QueueHolds& inside, std::vector<Finding>& out) {
  if (queues_.empty() || now.time_since_epoch() % kMinute != Duration{} || !tracker.observing()) return;
  std::map<std::string, double> waiting;
  for (const calls::QueueNow& q : tracker.queues()) waiting[q.queue] = q.waiting;
  const auto members = members_at_work(tracker, now);
  double callers = 0;
  for (const auto& [id, load] : queues_) callers += std::max(1.0, load.drift().usual_arrivals());
  for (auto& [id, load] : queues_) {
    FloorMinute floor;
    floor.share_nats = share_nats(load.drift().usual_arrivals(), callers);
    floor.waiting = waiting[id];
    if (const auto count = members.find(id); count != members.end()) floor.at_work = count->second;
    floor.other = std::any_of(taken_.begin(), taken_.end(), [&](const auto& t) { return t.second.contains(id); });
    floor.emptied = inside.emptied(id, now, tracker);
    const LoadCause before = load.standing();
    const bool drifted = load.drift().stands();
    load.minute(now, floor, calendar_, parameters_);
    tell(id, load, before, now, out);
    tell_drift(id, load, drifted, now, out);
  }
}

void LoadWatch::tell_drift(const std::string& id, const QueueLoad& load, bool before, Time now,
                           std::vector<Finding>& out) {
  const bool after = load.drift().stands();
  if (after && !before) out.push_back(drift_finding(id, load, now));
  if (before && !after) out.push_back(drift_cleared(id, now));
}

void LoadWatch::tell(const std::string& id, QueueLoad& load, LoadCause before, Time now, std::vector<Finding>& out) {
  const LoadCause after = load.standing();
  if (before != LoadCause::none && after == LoadCause::none) {
    out.push_back(load_cleared(before, id, now));
    told_.erase(id);
    return;
  }
  if (after == LoadCause::none) return;
  if (before == LoadCause::none) {
    told_[id] = {after};
    out.push_back(load_finding(after, FindingKind::news, id, load, now));
    out.push_back(pile_up(after, id, load, now));
    return;
  }
  for (const LoadCause also : load.shown(parameters_))
    if (told_[id].insert(also).second) {
      Finding f = load_finding(also, FindingKind::evidence, id, load, now);
      f.signal = std::string(signal_of(after));
      out.push_back(std::move(f));
    }
}

}  // namespace hf::detect
