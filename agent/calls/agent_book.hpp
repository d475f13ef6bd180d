// The agents' side of the floor: who is logged in where, who is paused, rings, talks, wraps up, and who answers at all.
// In: what happens to members and to the channels of their phones, with the time it happened. Out: AgentChanged, and
// who is really free. An agent is a device; a membership is that agent in one queue. Owned and driven by the tracker.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/calls/tracker.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::calls {

struct OfferRef {  // which call rings at a phone
  std::string call, queue;
  template <class A>
  void fields(A& a) {
    a("call", call), a("queue", queue);
  }
};

class AgentBook {
 public:
  // Each appends the intervals that it closes to `out`. `t` never goes back.
  void member(const pbx::MemberState& m, Time t, std::vector<Change>& out);
  void removed(const std::string& queue, const std::string& member, Time t, std::vector<Change>& out);
  void offered(const pbx::MemberOffered& o, Time t, std::vector<Change>& out);
  // The agent's device and name; empty when the member is not known.
  OfferMissed missed(const pbx::MemberMissed& m, Time t, std::vector<Change>& out);
  // The talk with `call` begins (or was begun already by the phone's answer). Returns the agent's device.
  std::string connected(const pbx::MemberConnected& c, Time t, std::vector<Change>& out);
  // Ends the talk; returns the id of its call when the event left it out.
  std::string done(const pbx::MemberDone& d, Time t, std::vector<Change>& out);

  // `device` is a phone: what it answers is told as talks, member or not (calls are transferred to any phone).
  void add_agent(const std::string& device);
  // `device` turned out to be no phone; a member's device stays.
  void drop_agent(const std::string& device);
  // Channels of any device; those of phones count.
  void leg_started(const std::string& leg, const std::string& device, bool dialled, Time t, std::vector<Change>& out);
  void leg_up(const std::string& leg, const std::string& device, const std::string& call, Time t,
              std::vector<Change>& out);
  void leg_ended(const std::string& leg, const std::string& device, Time t, std::vector<Change>& out);
  void hold(const std::string& device, const std::string& leg, bool on, Time t, std::vector<Change>& out);
  // The caller of `call` left the queue: nobody is rung for it any more. `over`: its last channel is gone, so are its
  // talks.
  void call_left(const std::string& call, bool over, Time t, std::vector<Change>& out);

  // From here nothing is known (a gap): intervals end, states are unknown until told again. `keep_members`: a picture
  // will come.
  void forget_states(Time t, std::vector<Change>& out);
  // Members of no picture between begin and end are logged out.
  void picture_begins();
  void picture_ends(Time t, std::vector<Change>& out);

  void advance(Time to, std::vector<Change>& out);
  std::optional<Time> next_deadline() const {
    return wraps_.empty() ? std::nullopt : std::optional(wraps_.begin()->first);
  }

  const std::string& name_of(const std::string& device) const;
  std::vector<AgentNow> now() const;
  // Counts of one queue; nothing when no member of it was ever seen.
  struct Counts {
    uint32_t free = 0, shown_free = 0, staffed = 0, members = 0, present = 0, busy = 0, unknown = 0;
    bool known = false;  // log-ins of this queue were told of
  };
  Counts counts(const std::string& queue) const;
  // Appends those whom Counts::free counts.
  void free_members(const std::string& queue, std::vector<FreeMember>& out) const;
  uint64_t version() const { return version_; }
  // Appends the queues whose counts may have changed since `version`; false when that is too long ago to know: then all
  // may have.
  [[nodiscard]] bool changed_since(uint64_t version, std::vector<std::string>& queues) const;
  // Intervals that have not ended, and pauses cut by a gap that no picture has resolved: paused, talking and on hold
  // beside the state of each membership.
  std::vector<AgentInterval> open_intervals() const;

  template <class A>
  void fields(A& a) {
    a("members", members_), a("agents", agents_), a("wraps", wraps_), a("seen", seen_), a("picture", picture_),
        a("lost_pauses", lost_pauses_), a("former", former_), a("version", version_), a("touched", touched_),
        a("told", told_);
  }

 private:
  using Key = std::pair<std::string, std::string>;  // queue, member
  struct Member {
    std::string agent, name;
    pbx::DeviceState device_state{};
    bool known = false;  // a state was told since the source came up
    bool paused = false, in_call = false;
    std::string pause_reason;
    uint32_t penalty = 0;
    Duration wrapup{};
    std::optional<Time> wrap_until;
    Time paused_since{};
    AgentState shown = AgentState::logged_out;
    Time since{};
    template <class A>
    void fields(A& a) {
      a("agent", agent), a("name", name), a("device_state", device_state), a("known", known), a("paused", paused),
          a("in_call", in_call);
      a("pause_reason", pause_reason), a("penalty", penalty), a("wrapup", wrapup), a("wrap_until", wrap_until),
          a("paused_since", paused_since);
      a("shown", shown), a("since", since);
    }
  };
  struct Leg {
    bool up = false, dialled = false;
    template <class A>
    void fields(A& a) {
      a("up", up), a("dialled", dialled);
    }
  };
  struct Talk {
    std::string call, queue;
    Time from{};
    std::optional<Time> hold_since;
    bool own_leg = true;  // keyed by the phone's own channel: its end is the talk's end
    template <class A>
    void fields(A& a) {
      a("call", call), a("queue", queue), a("from", from), a("hold_since", hold_since), a("own_leg", own_leg);
    }
  };
  struct Agent {
    std::string name;
    std::vector<Key> memberships;
    IdMap<Leg> legs;         // live channels of the device
    IdMap<OfferRef> offers;  // by leg
    IdMap<Talk> talks;       // by leg
    uint32_t misses = 0, refusals = 0;       // in a row
    template <class A>
    void fields(A& a) {
      a("name", name), a("memberships", memberships), a("legs", legs), a("offers", offers), a("talks", talks),
          a("misses", misses), a("refusals", refusals);
    }
  };
  struct LostPause {
    std::string agent;
    Time since{}, lost{};
    template <class A>
    void fields(A& a) {
      a("agent", agent), a("since", since), a("lost", lost);
    }
  };

  Member& member_at(const Key& key, const std::string& device, const std::string& name, Time t);
  const Key* find_member(const std::string& queue, const std::string& member) const;
  void touch(const std::string& queue);
  const std::vector<const Member*>& members_of(const std::string& queue) const;
  Agent* agent(const std::string& device);
  Agent* agent_of(const std::string& queue, const std::string& member, std::string* device = nullptr);
  Agent& agent_named(const std::string& queue, const std::string& member, const std::string& name, Time t,
                     std::string& device);
  void apply(Member& m, Agent& a, const pbx::MemberState& told, Time t, std::vector<Change>& out);
  void set_paused(Member& m, bool paused, const std::string& queue, Time t, std::vector<Change>& out);
  AgentState judge(const Key& key, const Member& m, const Agent& a, Time t) const;
  void refresh(Agent& a, Time t, std::vector<Change>& out);
  void show(const Key& key, Member& m, AgentState state, Time t, std::vector<Change>& out);
  void end_talk(const std::string& device, Agent& a, const std::string& leg, Time t, std::vector<Change>& out);
  void end_hold(const std::string& device, const Agent& a, Talk& talk, Time t, std::vector<Change>& out) const;
  void wrap(const std::string& device, const Agent& a, const std::string& queue, Time t);
  void set_wrap(const Key& key, Member& m, Time until);
  void resume_pause(const Key& key, Member& m, bool paused, Time t, std::vector<Change>& out);
  void end_lost_pauses(Time t, std::vector<Change>& out);
  void drop_member(const Key& key, Time t, std::vector<Change>& out);

  std::map<Key, Member, ShortlexPair> members_;
  IdMap<Agent> agents_;
  std::set<std::pair<Time, Key>> wraps_;  // ends of wrap-up
  std::set<Key> seen_;                    // members of the picture being told
  bool picture_ = false;
  std::set<std::string> told_;  // queues of which log-ins were told
  std::map<Key, LostPause> lost_pauses_;       // pauses cut by a gap
  IdMap<std::string> former_;  // devices of members that logged out, who may still ring
  uint64_t version_ = 0;
  std::deque<std::pair<uint64_t, std::string>> touched_;  // the latest: version, queue
  // No state, made at need: answers already worked out, and the members of each queue.
  mutable std::map<std::string, std::optional<Counts>> counted_;
  mutable std::map<std::string, std::vector<const Member*>> of_queue_;
};

}  // namespace hf::calls
