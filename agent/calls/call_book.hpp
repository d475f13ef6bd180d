// The callers' side of the floor: every call from its first arrival to its end. In: what happens to the caller's
// channel, already sorted by the tracker. Out: changes of calls. It decides what a wait ended in; who is an agent and
// who calls from outside it is told.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/call.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::calls {

// Why a call is looked at again without an event.
enum class Due : uint8_t {
  none,
  explain,  // it left a queue and nothing said why
  unsure,   // it may come from a phone; it waits too long for that
  limbo,    // the source shows queues only, and the dialplan has the caller
};

struct Life {                 // what the tracker must remember of a call that nobody else needs
  bool announced = false;     // told as a call; else it may be a phone's own call
  bool channel_told = false;  // its channel is seen: it ends when the channel ends
  bool gap = false;           // a gap fell into it and no picture has spoken since
  bool voicemail = false;     // it could leave a message
  std::string device, context;
  std::optional<pbx::HangupSide> hangup;  // who ended it
  std::optional<Time> left_at;            // left a queue, reason not told yet
  bool partner = false;                   // a person is in the bridge with the caller, or about to be
  bool music = false;
  std::set<std::string> holders;  // channels that have put the caller on hold
  std::optional<Time> talk_since, hold_since;
  Due due_kind = Due::none;
  Time due{};
  template <class A>
  void fields(A& a) {
    a("announced", announced), a("channel_told", channel_told), a("gap", gap), a("voicemail", voicemail),
        a("device", device);
    a("context", context), a("hangup", hangup), a("left_at", left_at), a("partner", partner), a("music", music),
        a("holders", holders);
    a("talk_since", talk_since), a("hold_since", hold_since), a("due_kind", due_kind), a("due", due);
  }
};

class CallBook {
 public:
  struct Entry {
    Call* call = nullptr;
    Life* life = nullptr;
    explicit operator bool() const { return call != nullptr; }
  };

  Entry find(const std::string& id);
  bool announced(const std::string& id) const { return open_.contains(id); }
  // A call begins. Not announced: kept aside until it is known to come from outside.
  Entry begin(Call call, Life life, Time t, std::vector<Change>& out);
  void announce(const std::string& id, Time t, std::vector<Change>& out);

  void join(Entry e, const std::string& queue, Time t, std::vector<Change>& out);
  // The stint under way ended unanswered. Nothing happens when none is under way.
  void leave(Entry e, StintEnd why, Time t, std::vector<Change>& out);
  // Left, and no word why yet; it is explained by what follows.
  void left_silently(Entry e, Time t);
  void explain(Entry e, Time t, std::vector<Change>& out);
  void exited(Entry e, pbx::QueueExit reason, Time t, std::vector<Change>& out);
  // A person answers. `queue` empty: not by a queue.
  void connect(Entry e, const std::string& queue, const std::string& agent, const std::string& name, Time t,
               std::vector<Change>& out);
  void step(Entry e, const pbx::ChannelStep& step, Time t, std::vector<Change>& out);
  // Sums talk and hold after `partner`, `music` or `holders` of the life changed.
  void sum_talk(Entry e, Time t);

  // The call is over. What the PBX ended waits a moment for the word that the PBX is stopping.
  void end(const std::string& id, Time t, std::vector<Change>& out);
  void lose(const std::string& id, Time ended, Time t, std::vector<Change>& out);  // with the PBX, or from sight
  void pbx_stops(Time t, std::vector<Change>& out);  // ends of the last seconds were the PBX's doing
  // A PBX whose channels are not seen starts anew: who left in its last second was hung up on by it, if nobody was left
  // behind.
  void pbx_restarted_unseen(Time t, std::vector<Change>& out);
  // Kept-aside calls: `outside(life)` true: announce; false and ended: forget.
  template <class F>
  void settle(F origin_of, Time t, std::vector<Change>& out);

  void advance(Time to, std::vector<Change>& out);
  std::optional<Time> next_deadline() const {
    std::optional<Time> next;
    if (!due_.empty()) next = due_.begin()->first;
    if (!closing_.empty() && (!next || closing_.front().final_at < *next)) next = closing_.front().final_at;
    return next;
  }
  void set_due(Entry e, Due kind, Time when);

  const IdMap<Call>& open() const { return open_; }
  uint32_t waiting(const std::string& queue) const;
  uint64_t version() const { return version_; }
  uint64_t waits_version() const { return waits_version_; }
  void set_self_service(Call& call, bool on) {
    if (std::exchange(call.self_service, on) != on) ++waits_version_;
  }
  IdMap<Life>& lives() { return lives_; }
  std::vector<std::string> ids() const;
  void set_stopping(bool stopping) { stopping_ = stopping; }

  template <class A>
  void fields(A& a) {
    a("open", open_), a("unsure", unsure_), a("lives", lives_), a("closing", closing_),
        a("ended_unsure", ended_unsure_), a("due", due_);
    a("stopping", stopping_), a("last_event", last_event_), a("waiting", waiting_), a("version", version_);
  }

 private:
  struct Closing {  // ended, outcome not final yet
    Call call;
    Time final_at{};
    template <class A>
    void fields(A& a) {
      a("call", call), a("final_at", final_at);
    }
  };
  struct Unsure {
    Call call;
    Life life;
    template <class A>
    void fields(A& a) {
      a("call", call), a("life", life);
    }
  };
  static Outcome conclude(const Call& call, const Life& life);
  void close(Call call, const Life& life, Time t, std::vector<Change>& out);
  void finish(Call call, Time t, std::vector<Change>& out) const;
  void mark_lost(Call& call) const;
  Stint* waiting_stint(Call& call) const;
  void end_stint(Stint& stint, StintEnd why, Time left);
  void run_due(const std::string& id, Time t, std::vector<Change>& out);

  IdMap<Call> open_, unsure_;
  std::string found_id_;  // what find() found last: one event asks again and again for one call; no state
  Entry found_;
  IdMap<Life> lives_;
  std::deque<Closing> closing_;      // by final_at
  std::deque<Unsure> ended_unsure_;  // the latest; whose device may yet turn out to be a trunk
  std::set<std::pair<Time, std::string>> due_;
  bool stopping_ = false;
  Time last_event_{};                        // of any call
  std::map<std::string, uint32_t> waiting_;  // by queue
  uint64_t version_ = 0;
  uint64_t waits_version_ = 0;  // no state: only told apart from what it was in this run
};

template <class F>
void CallBook::settle(F is_outside, Time t, std::vector<Change>& out) {
  std::vector<std::string> found;
  for (const auto& [id, call] : unsure_)
    if (is_outside(lives_[id], call)) found.push_back(id);
  std::deque<Unsure> kept;
  for (Unsure& u : ended_unsure_) {
    if (!is_outside(u.life, u.call)) {
      kept.push_back(std::move(u));
      continue;
    }
    out.push_back({t, CallArrived{u.call}});
    out.push_back({t, CallEnded{u.call}});
  }
  ended_unsure_ = std::move(kept);
  for (const std::string& id : found) announce(id, t, out);
}

}  // namespace hf::calls
