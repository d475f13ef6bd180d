#include "agent/calls/call_book.hpp"

#include <algorithm>
#include <utility>

namespace hf::calls {

namespace {

constexpr size_t kMaxAnnouncements = 16;
constexpr size_t kMaxEndedUnsure = 256;
constexpr size_t kMaxStints = 64;
// The PBX tells that it stops within the second in which it hangs up on everyone (seen: 0.1 s). Nothing is lost by
// waiting longer.
constexpr Duration kStopGrace = std::chrono::seconds(3);
// Without channel events a restart shows only when the PBX writes again: 1 to 6 s in Debian's Asterisk, more with a
// slow disk.
constexpr Duration kUnseenGrace = std::chrono::seconds(30);
constexpr Duration kExplain = std::chrono::seconds(2);

// A call is large: it is copied once, into its place.
template <class What, class A>
void tell(std::vector<Change>& out, Time t, A&& call) {
  out.push_back({t, decltype(Change::what)(std::in_place_type<What>, std::forward<A>(call))});
}

}  // namespace

Stint* CallBook::waiting_stint(Call& call) const {
  return !call.stints.empty() && call.stints.back().end == StintEnd::waiting ? &call.stints.back() : nullptr;
}

void CallBook::end_stint(Stint& stint, StintEnd why, Time left) {
  stint.end = why;
  stint.left = left;
  ++version_;
  const auto count = waiting_.find(stint.queue);
  if (count != waiting_.end() && --count->second == 0) waiting_.erase(count);
}

uint32_t CallBook::waiting(const std::string& queue) const {
  const auto count = waiting_.find(queue);
  return count == waiting_.end() ? 0 : count->second;
}

CallBook::Entry CallBook::find(const std::string& id) {
  if (found_ && found_id_ == id) return found_;
  const auto life = lives_.find(id);
  if (life == lives_.end()) return {};
  auto& home = life->second.announced ? open_ : unsure_;
  found_id_ = id;
  return found_ = {&home.find(id)->second, &life->second};
}

CallBook::Entry CallBook::begin(Call call, Life life, Time t, std::vector<Change>& out) {
  last_event_ = t;
  const std::string id = call.id;
  if (const Entry known = find(id)) return known;  // begun twice: it is the same call
  const bool announced = std::exchange(life.announced, false);
  Life& kept = lives_[id] = std::move(life);
  Call& here = unsure_[id] = std::move(call);
  if (!announced) return {&here, &kept};
  announce(id, t, out);
  return find(id);
}

void CallBook::announce(const std::string& id, Time t, std::vector<Change>& out) {
  auto node = unsure_.extract(id);
  if (node.empty()) return;
  Life& life = lives_[id];
  life.announced = true;
  ++version_;
  if (life.due_kind == Due::unsure) set_due({&node.mapped(), &life}, Due::none, {});
  tell<CallArrived>(out, t, node.mapped());
  if (node.mapped().connected) tell<CallConnected>(out, t, node.mapped());
  open_.insert(std::move(node));
}

void CallBook::set_due(Entry e, Due kind, Time when) {
  if (e.life->due_kind != Due::none) due_.erase({e.life->due, e.call->id});
  e.life->due_kind = kind;
  e.life->due = when;
  if (kind != Due::none) due_.insert({when, e.call->id});
}

void CallBook::join(Entry e, const std::string& queue, Time t, std::vector<Change>& out) {
  last_event_ = t;
  explain(e, t, out);
  leave(e, StintEnd::lost, t, out);  // its end was missed
  if (e.life->due_kind == Due::limbo) set_due(e, Due::none, {});
  if (e.call->stints.size() >= kMaxStints) e.call->stints.erase(e.call->stints.begin() + 1);
  e.call->stints.push_back({queue, t, {}, StintEnd::waiting});
  ++waiting_[queue];
  ++version_;
  set_self_service(*e.call, false);
  if (e.life->announced) tell<CallJoined>(out, t, *e.call);
}

void CallBook::leave(Entry e, StintEnd why, Time t, std::vector<Change>& out) {
  Stint* stint = waiting_stint(*e.call);
  if (stint == nullptr) return;
  last_event_ = t;
  if (e.life->due_kind == Due::explain) set_due(e, Due::none, {});
  end_stint(*stint, why, e.life->left_at.value_or(t));
  e.life->left_at.reset();
  if (e.life->announced) tell<CallLeftQueue>(out, t, *e.call);
}

void CallBook::left_silently(Entry e, Time t) {
  if (waiting_stint(*e.call) == nullptr || e.life->left_at) return;
  e.life->left_at = t;
  set_due(e, Due::explain, t + kExplain);
}

// Left without an abandon and without an agent: by a key, unless the caller had hung up before.
void CallBook::explain(Entry e, Time t, std::vector<Change>& out) {
  if (!e.life->left_at) return;
  leave(e, e.life->hangup ? StintEnd::abandoned : StintEnd::exit_key, t, out);
}

void CallBook::exited(Entry e, pbx::QueueExit reason, Time t, std::vector<Change>& out) {
  using pbx::QueueExit;
  if (reason == QueueExit::continues) return;
  if (reason == QueueExit::full || reason == QueueExit::join_empty || reason == QueueExit::join_unavailable)
    return;  // it never joined
  const StintEnd end = reason == QueueExit::timeout ? StintEnd::timeout
                       : reason == QueueExit::key   ? StintEnd::exit_key
                                                    : StintEnd::refused;
  leave(e, end, t, out);
  if (e.call->stints.empty() || e.call->stints.back().end == StintEnd::answered) return;
  if (std::exchange(e.call->stints.back().end, end) != end) ++waits_version_;
}

void CallBook::connect(Entry e, const std::string& queue, const std::string& agent, const std::string& name, Time t,
                       std::vector<Change>& out) {
  Call& c = *e.call;
  last_event_ = t;
  if (Stint* stint = waiting_stint(c); stint != nullptr && !queue.empty()) end_stint(*stint, StintEnd::answered, t);
  if (e.life->due_kind != Due::none) set_due(e, Due::none, {});
  e.life->left_at.reset();
  e.life->partner = true;
  sum_talk(e, t);
  if (c.connected) return;
  ++version_;
  c.connected = t;
  c.agent = agent, c.agent_name = name, c.answering_queue = queue;
  sum_talk(e, t);
  if (e.life->announced) tell<CallConnected>(out, t, c);
}

void CallBook::step(Entry e, const pbx::ChannelStep& step, Time t, std::vector<Change>& out) {
  explain(e, t, out);
  Call& c = *e.call;
  if (c.connected) return;
  switch (step.kind) {
    case pbx::StepKind::announcement:
      if (c.announcements.size() < kMaxAnnouncements) c.announcements.push_back({step.sound, t - c.arrived});
      break;
    case pbx::StepKind::input:
      set_self_service(c, true);
      break;
    case pbx::StepKind::voicemail:
      e.life->voicemail = true;
      set_self_service(c, true);
      break;
    case pbx::StepKind::music:
    case pbx::StepKind::wait:
    case pbx::StepKind::queue:
    case pbx::StepKind::dial:
      set_self_service(c, false);
      break;
    case pbx::StepKind::conference:
    case pbx::StepKind::other:
      break;
  }
}

// On hold: music or a holder while the talk is on. A caller alone without either (a blind transfer that still rings) is
// in no talk.
void CallBook::sum_talk(Entry e, Time t) {
  Life& l = *e.life;
  if (!e.call->connected) return;
  const bool held = l.talk_since && (l.music || !l.holders.empty());
  const bool talks = l.partner || held;
  if (l.hold_since && !held) e.call->hold += t - *std::exchange(l.hold_since, std::nullopt);
  if (!l.hold_since && held) l.hold_since = t;
  if (l.talk_since && !talks) e.call->talk += t - *std::exchange(l.talk_since, std::nullopt);
  if (!l.talk_since && talks) l.talk_since = t;
}

// A far end that hangs up gives up, also in the announcement after a queue's time-out; but one that asked to leave got
// what it wanted.
Outcome CallBook::conclude(const Call& call, const Life& life) {
  if (call.connected) return Outcome::answered;
  const StintEnd last = call.stints.empty() ? StintEnd::waiting : call.stints.back().end;
  if (last == StintEnd::exit_key) return Outcome::exit_key;
  if (last == StintEnd::lost) return Outcome::lost_by_restart;
  if (life.hangup == pbx::HangupSide::far_end && !(last == StintEnd::timeout && life.voicemail))
    return Outcome::abandoned;
  if (last == StintEnd::abandoned) return Outcome::abandoned;
  return last == StintEnd::timeout ? Outcome::timeout : Outcome::refused;
}

void CallBook::end(const std::string& id, Time t, std::vector<Change>& out) {
  Entry e = find(id);
  if (!e) return;
  t = std::max({t, e.call->arrived, e.life->talk_since.value_or(t), e.life->hold_since.value_or(t)});
  last_event_ = t;
  explain(e, t, out);
  e.life->partner = e.life->music = false;
  e.life->holders.clear();
  sum_talk(e, t);
  const bool by_far_end = e.life->hangup == pbx::HangupSide::far_end;
  leave(e, by_far_end || !e.life->channel_told ? StintEnd::abandoned : StintEnd::refused, t, out);
  if (e.life->due_kind != Due::none) set_due(e, Due::none, {});
  e.call->ended = t;
  e.call->outcome = conclude(*e.call, *e.life);
  const Life life = std::move(*e.life);
  Call call = std::move(*e.call);
  found_ = {};
  (life.announced ? open_ : unsure_).erase(id);
  lives_.erase(id);
  ++version_;
  close(std::move(call), life, t, out);
}

void CallBook::close(Call call, const Life& life, Time t, std::vector<Change>& out) {
  const bool by_pbx =
      !call.connected && life.hangup != pbx::HangupSide::far_end && call.outcome != Outcome::lost_by_restart;
  if (by_pbx && stopping_) mark_lost(call);
  if (!life.announced) {
    ended_unsure_.push_back({std::move(call), life});
    if (ended_unsure_.size() > kMaxEndedUnsure) ended_unsure_.pop_front();
    return;
  }
  if (!by_pbx || stopping_) return finish(std::move(call), t, out);
  const Time final_at = t + (life.channel_told ? kStopGrace : kUnseenGrace);
  const auto after = std::ranges::upper_bound(closing_, final_at, {}, &Closing::final_at);
  closing_.insert(after, Closing{std::move(call), final_at});
}

void CallBook::finish(Call call, Time t, std::vector<Change>& out) const {
  tell<CallEnded>(out, t, std::move(call));
}

void CallBook::mark_lost(Call& call) const {
  if (call.connected) return;
  call.outcome = Outcome::lost_by_restart;
  if (!call.stints.empty() &&
      (call.stints.back().end == StintEnd::refused || call.stints.back().end == StintEnd::abandoned))
    call.stints.back().end = StintEnd::lost;
}

void CallBook::lose(const std::string& id, Time ended, Time t, std::vector<Change>& out) {
  Entry e = find(id);
  if (!e) return;
  ended = std::max(ended, e.call->connected.value_or(e.call->arrived));
  e.life->left_at.reset();
  leave(e, StintEnd::lost, ended, out);
  e.life->partner = e.life->music = false;
  e.life->holders.clear();
  sum_talk(e, std::max({ended, e.life->talk_since.value_or(ended), e.life->hold_since.value_or(ended)}));
  if (e.life->due_kind != Due::none) set_due(e, Due::none, {});
  Call call = std::move(*e.call);
  const bool announced = e.life->announced;
  found_ = {};
  (announced ? open_ : unsure_).erase(id);
  lives_.erase(id);
  ++version_;
  call.ended = ended;
  call.outcome = call.connected ? Outcome::answered : Outcome::lost_by_restart;
  if (announced) finish(std::move(call), t, out);
}

void CallBook::pbx_stops(Time t, std::vector<Change>& out) {
  stopping_ = true;
  for (Closing& c : closing_) {
    mark_lost(c.call);
    finish(std::move(c.call), t, out);
  }
  closing_.clear();
}

void CallBook::pbx_restarted_unseen(Time t, std::vector<Change>& out) {
  const bool clean = std::ranges::none_of(lives_, [](const auto& l) { return l.second.due_kind != Due::limbo; });
  const Time last_second = last_event_ - std::chrono::seconds(1);
  for (Closing& c : closing_) {
    if (clean && c.call.ended >= last_second) mark_lost(c.call);
    finish(std::move(c.call), t, out);
  }
  closing_.clear();
}

void CallBook::run_due(const std::string& id, Time t, std::vector<Change>& out) {
  Entry e = find(id);
  if (!e) return;
  switch (std::exchange(e.life->due_kind, Due::none)) {
    case Due::explain:
      explain(e, t, out);
      break;
    case Due::unsure:
      announce(id, t, out);
      break;
    case Due::limbo:
      end(id, e.call->stints.empty() ? t : e.call->stints.back().left.value_or(t), out);
      break;
    case Due::none:
      break;
  }
}

void CallBook::advance(Time to, std::vector<Change>& out) {
  for (auto next = next_deadline(); next && *next <= to; next = next_deadline()) {
    if (!closing_.empty() && closing_.front().final_at == *next) {
      Call call = std::move(closing_.front().call);
      closing_.pop_front();
      finish(std::move(call), *next, out);
    } else {
      const std::string id = due_.begin()->second;
      due_.erase(due_.begin());
      run_due(id, *next, out);
    }
  }
}

std::vector<std::string> CallBook::ids() const {
  std::vector<std::string> all;
  all.reserve(lives_.size());
  for (const auto& [id, life] : lives_) all.push_back(id);
  return all;
}

}  // namespace hf::calls
