#include "agent/detect/queue_floor.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace hf::detect {
namespace {

constexpr size_t kCallers = 4'096, kMembers = 256;
constexpr Duration kTick = std::chrono::seconds(5);

}  // namespace

void QueueFloor::joined(const std::string& call, Time at) {
  if (waiting_.size() < kCallers) waiting_.try_emplace({at, call}, Caller{beside_});
}

void QueueFloor::settle(Duration beside, Time at, const Parameters& p) {
  if (beside < from_seconds(p.held_beside_s)) return;
  ++left_held_, held_at_ = at;
}

Duration QueueFloor::answered(const std::string& call, Time joined, const std::string& member, Time at,
                              const Parameters& p) {
  const auto caller = waiting_.find({joined, call});
  order_.answered(joined, at, waiting_.empty() ? joined : std::min(joined, waiting_.begin()->first.first),
                  caller != waiting_.end() && !standing_);
  std::erase(explained_, member);
  believe(member, p);
  answers_ = answers_ * std::exp(-seconds(at - counted_) / p.worn_out_s) + 1, counted_ = at, ++served_;
  if (caller == waiting_.end()) return {};
  const Duration beside = beside_ - caller->second.before;
  const bool oldest = caller == waiting_.begin();
  waiting_.erase(caller);
  settle(beside, at, p);
  end_spell(member, at, !oldest && at - joined < from_seconds(p.ring_grace_s), p);
  if (beside < from_seconds(p.no_proof_s) && !standing_) {
    if (beside >= from_seconds(p.ring_grace_s)) explain_all(at, p);
    if (oldest) passed_.clear(), left_held_ = 0;  // whoever waited longest was served: nobody is kept back
  }
  return beside;
}

// The member takes a call. `overtaking`: of a caller who came only now, past those who wait. That is rarer than to stand
// idle: who takes a call at once was free.
void QueueFloor::end_spell(const std::string& member, Time at, bool overtaking, const Parameters& p) {
  const auto spell = std::ranges::find(stuck_, member, &Stuck::member);
  const Duration idle = spell == stuck_.end() ? Duration{} : at - spell->since;
  if (overtaking && idle >= from_seconds(p.held_beside_s)) {
    std::erase_if(passed_, [&](const Passed& passed) { return passed.member == member; });
    if (passed_.size() < kMembers) passed_.push_back({member, passings_.nats(idle, p.prior_callers), at, served_});
  }
  learn(idle);
  if (!standing_) passings_.add(overtaking ? idle : Duration{});
  if (spell != stuck_.end()) stuck_.erase(spell);
}

// Any of the last answers may have been such a one: the n-th last counts 1/n of the chance, so that a fresh one says
// most and all of p.worn_out_s together come to one.
double QueueFloor::passing_nats(const Passed& passed, const Parameters& p) const {
  const double ago = 1.0 + (served_ - passed.served), shares = 1 + std::log(std::max(1.0, answers_));
  const double by_chance = std::exp(-passed.nats) * ago * shares;
  return std::clamp(-std::log(by_chance + doubt(passed.member)), 0.0, p.caller_nats);
}

// Of each member who was once shown ready and was not: in which share of his last calls, as one more beside each of
// which callers passed him by.
double QueueFloor::doubt(const std::string& member) const {
  const auto known = doubts_.find(member);
  return known == doubts_.end() ? 0 : known->second;
}

void QueueFloor::believe(const std::string& member, const Parameters& p) {
  const auto known = doubts_.find(member);
  if (known == doubts_.end()) return;
  known->second *= 1 - 1 / p.known_by_calls;
  if (known->second < 1 / (20 * p.known_by_calls)) doubts_.erase(known);
}

// A caller who had to wait beside idle members went to somebody else: they are not really free (a phone left off,
// another skill).
void QueueFloor::explain_all(Time at, const Parameters& p) {
  for (const Stuck& s : stuck_) {
    learn(at - s.since);
    if (doubts_.size() < kMembers || doubts_.contains(s.member)) {
      double& doubt = doubts_[s.member];
      doubt += (1 - doubt) / p.known_by_calls;
    }
    if (explained_.size() >= kMembers) explained_.erase(explained_.begin());
    explained_.push_back(s.member);
    std::erase_if(passed_, [&](const Passed& passed) { return passed.member == s.member; });
  }
  stuck_.clear();
}

Duration QueueFloor::left(const std::string& call, Time joined, Time at, bool passed_by, const Parameters& p) {
  const auto caller = waiting_.find({joined, call});
  if (caller == waiting_.end()) return {};
  const Duration beside = beside_ - caller->second.before;
  waiting_.erase(caller);
  settle(beside, at, p);
  if (passed_by || beside >= from_seconds(p.ring_grace_s)) order_.left(joined, std::max(joined, at - beside));
  return beside;
}

void QueueFloor::tick(Time now, const std::string& id, const calls::Tracker& tracker, const Parameters& p) {
  const Duration step = std::min(now - ticked_, kTick);
  ticked_ = now;
  std::vector<calls::FreeMember> free;
  if (!waiting_.empty()) tracker.free_members(id, free);
  std::vector<Stuck> stuck;
  for (const calls::FreeMember& f : free) {
    const Time since = std::max(f.since, waiting_.begin()->first.first);
    if (now - since < from_seconds(p.ring_grace_s) || std::ranges::find(explained_, f.agent) != explained_.end())
      continue;
    stuck.push_back({std::string(f.agent), since});
  }
  for (const Stuck& before : stuck_)  // paused, logged out, or nobody waits any more
    if (std::ranges::find(stuck, before.member, &Stuck::member) == stuck.end()) learn(now - before.since);
  stuck_ = std::move(stuck);
  if (!stuck_.empty()) beside_ += step;
  if (standing_) avoidable_ += step * static_cast<int64_t>(std::min(stuck_.size(), waiting_.size()));
  std::erase_if(passed_, [&](const Passed& passed) { return now - passed.at > from_seconds(p.worn_out_s); });
  if (now - held_at_ > from_seconds(p.worn_out_s)) left_held_ = 0;
}

size_t QueueFloor::came_since(Time then) const {
  return static_cast<size_t>(std::distance(waiting_.lower_bound({then, {}}), waiting_.end()));
}

uint32_t QueueFloor::held_now(const Parameters& p) const {
  uint32_t n = 0;
  for (const auto& [key, caller] : waiting_) {
    if (beside_ - caller.before < from_seconds(p.held_beside_s)) break;  // who came later stood beside them for less
    ++n;
  }
  return n;
}

Duration QueueFloor::held_time(const Parameters& p) const {
  Duration sum{};
  for (const auto& [key, caller] : waiting_) {
    if (beside_ - caller.before < from_seconds(p.held_beside_s)) break;
    sum += beside_ - caller.before;
  }
  return sum;
}

std::optional<Time> QueueFloor::first_held(const Parameters& p) const {
  return held_now(p) > 0 ? std::optional(waiting_.begin()->first.first) : std::nullopt;
}

// The spells of distinct idle members are added, over as many as there are distinct held callers: one phone left off
// says no more for standing beside many callers, nor one lost caller for waiting beside many members.
FloorEvidence QueueFloor::weigh(Time now, const Parameters& p) const {
  FloorEvidence e;
  const uint32_t live = held_now(p);
  e.callers = live + left_held_;
  if (live == 0) return e;
  e.longest = beside_ - waiting_.begin()->second.before;
  // The longest spell counts in full. That the others last as long has the same cause (nobody else was free to answer),
  // so of them only counts that they stand idle.
  const auto longest = std::ranges::min_element(stuck_, {}, &Stuck::since);
  std::vector<double> nats;
  for (auto s = stuck_.begin(); s != stuck_.end(); ++s) {
    const Duration idle = s == longest ? now - s->since : std::min(now - s->since, from_seconds(p.idle_counts_s));
    nats.push_back(-std::log(std::exp(-tail_.nats(idle, p.prior_callers)) + doubt(s->member)));
  }
  const bool lone = nats.size() == 1 && passed_.empty();
  for (double& n : nats)
    if (!lone) n = std::min(n, p.caller_nats);
  for (const Passed& passed : passed_)
    if (std::ranges::find(stuck_, passed.member, &Stuck::member) == stuck_.end())
      nats.push_back(passing_nats(passed, p));
  std::ranges::sort(nats, std::greater<>{});
  e.members = static_cast<uint32_t>(nats.size());
  nats.resize(std::min<size_t>(nats.size(), e.callers));
  for (const double n : nats) e.nats += n;
  return e;
}

std::vector<Time> QueueFloor::joins() const {
  std::vector<Time> all;
  all.reserve(waiting_.size());
  for (const auto& [key, caller] : waiting_) all.push_back(key.first);
  return all;
}

// Answers that go on beside idle members: some are let through, and the queue is not dead.
double QueueFloor::dead_nats(Duration gap, const Parameters& p) const {
  const auto last = order_.last_answer();
  if (!last) return 0;
  const auto idle = std::ranges::min_element(stuck_, {}, &Stuck::since);
  if (!passed_.empty() || (idle != stuck_.end() && *last > idle->since + from_seconds(p.ring_grace_s)))
    return -p.passed_by_nats;
  const Time due = idle != stuck_.end() ? idle->since : *last + gap;
  return order_.dead_nats(joins(), due, p);
}

void QueueFloor::forget() {
  waiting_.clear(), explained_.clear(), stuck_.clear(), passed_.clear();
  left_held_ = 0;
  order_.forget();
}

}  // namespace hf::detect
