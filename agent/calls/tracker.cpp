#include "agent/calls/tracker.hpp"

#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

Tracker::Tracker() : state_(std::make_unique<State>()) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

void Tracker::set_site_model(const SiteModel& model) {
  state_->model = model;
  state_->devices.set_trunks(model.trunks);
  for (const Line& line : model.lines) state_->lines.insert(line.id);
}

void Tracker::on(const pbx::CallEvent& event, std::vector<Change>& out, Time not_before) {
  State& s = *state_;
  const bool negative = has_negative(event.body);
  s.count_odd(event, negative);
  const Time floor = std::max(not_before, s.now);
  if (event.at < floor || negative) {
    pbx::CallEvent mended{std::max(event.at, floor), event.pbx_at, without_negatives(event.body)};
    s.take(mended, out);
  } else {
    s.take(event, out);
  }
}

void Tracker::State::take(const pbx::CallEvent& event, Out out) {
  advance(event.at, out);
  const Time t = clock.of(event);
  const size_t before = out.size();
  std::visit([&](const auto& body) { on(body, t, out); }, event.body);
  remember_served(out, before);
  if (!sweep && !calls.lives().empty()) sweep = event.at + std::chrono::hours(1);
}

void Tracker::advance(Time to, std::vector<Change>& out) { state_->advance(to, out); }
std::optional<Time> Tracker::next_deadline() const { return state_->next_deadline(); }

std::optional<Time> Tracker::State::next_deadline() const {
  Time next = std::min(calls.next_deadline().value_or(Time::max()), agents.next_deadline().value_or(Time::max()));
  next = std::min({next, picture.give_up.value_or(Time::max()), sweep.value_or(Time::max())});
  return next == Time::max() ? std::nullopt : std::optional(next);
}

// One deadline after the other, in the order of time, so that it makes no difference in how many steps time moves.
void Tracker::State::advance(Time to, Out out) {
  const size_t before = out.size();
  for (auto next = next_deadline(); next && *next <= to; next = next_deadline()) {
    calls.advance(*next, out);
    agents.advance(*next, out);
    if (picture.give_up && *picture.give_up <= *next) end_missing(*next, out);
    if (sweep && *sweep <= *next) sweep_out(*next, out);
  }
  remember_served(out, before);
  now = std::max(now, to);
}

const IdMap<Call>& Tracker::open_calls() const { return state_->calls.open(); }

bool Tracker::waiting(const Call& call) {
  if (call.connected || call.ended) return false;
  if (call.stints.empty()) return !call.self_service;
  const StintEnd last = call.stints.back().end;
  if (last == StintEnd::waiting) return true;
  return last == StintEnd::timeout && !call.self_service;  // sent on to the next queue
}

const std::string& Tracker::queue_of_line(const std::string& line) const {
  static const std::string kNone;
  for (const Line& told : state_->model.lines)
    if (told.id == line && !told.queue.empty()) return told.queue;
  const auto at = state_->answered_by.find(line);
  if (at == state_->answered_by.end()) return kNone;
  return std::ranges::max_element(at->second, {}, [](const auto& q) { return q.second; })->first;
}

std::optional<QueueNow> Tracker::queue(const std::string& id) const {
  const State& s = *state_;
  if (!s.queues.contains(id)) return std::nullopt;
  QueueNow q;
  q.queue = id;
  q.waiting = s.calls.waiting(id);
  if (!s.link.up || !s.link.source.agent_state || !s.link.members_known) return q;
  const AgentBook::Counts c = s.agents.counts(id);
  q.shown_free = c.shown_free;
  q.staffed = c.staffed;
  q.present = c.present;
  q.busy = c.busy;
  if (c.free > 0 || c.unknown == 0) q.free = c.free;
  return q;
}

std::vector<QueueNow> Tracker::queues() const {
  std::vector<QueueNow> all;
  for (const std::string& id : state_->queues)
    if (auto q = queue(id)) all.push_back(*std::move(q));
  return all;
}

std::vector<AgentNow> Tracker::agents() const { return state_->agents.now(); }
void Tracker::free_members(const std::string& queue, std::vector<FreeMember>& out) const {
  const auto& link = state_->link;
  if (link.up && link.source.agent_state && link.members_known) state_->agents.free_members(queue, out);
}
std::optional<uint32_t> Tracker::logged_in(const std::string& queue) const {
  const AgentBook::Counts c = state_->agents.counts(queue);
  return state_->link.up && c.known ? std::optional(c.staffed) : std::nullopt;
}
std::optional<uint32_t> Tracker::members(const std::string& queue) const {
  const AgentBook::Counts c = state_->agents.counts(queue);
  return state_->link.up && c.known ? std::optional(c.members) : std::nullopt;
}
std::vector<AgentInterval> Tracker::open_intervals() const { return state_->agents.open_intervals(); }
uint64_t Tracker::version() const { return state_->calls.version() + state_->agents.version() + state_->link_version; }
// What the link changes, all queues feel: its part stands in the upper half.
uint64_t Tracker::floor_version() const { return (state_->link_version << 40) + state_->agents.version(); }

std::vector<std::string> Tracker::queues_changed_since(uint64_t since) const {
  constexpr uint64_t kAgents = (uint64_t{1} << 40) - 1;
  std::vector<std::string> changed;
  const bool same_link = since >> 40 == state_->link_version;
  if (same_link && state_->agents.changed_since(since & kAgents, changed)) return changed;
  return {state_->queues.begin(), state_->queues.end()};
}

uint64_t Tracker::waits_version() const { return state_->calls.waits_version(); }
bool Tracker::observing() const { return state_->link.up; }
const pbx::SourceUp& Tracker::source() const { return state_->link.source; }
const Oddities& Tracker::oddities() const { return state_->odd; }

void Tracker::save(StateSaver& out) const { out.put(*state_); }

bool Tracker::load(StateLoader& in) {
  state_ = std::make_unique<State>();
  in.get(*state_);
  return in.ok();
}

}  // namespace hf::calls
