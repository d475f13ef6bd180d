// One queue as a hold inside it would show: callers who wait, members who are free beside them and are not given a
// call, and what that is worth as evidence. In: who joins, is answered, leaves, and time. Out: nats. Owned by
// QueueHolds. Limits: 4,096 callers, 256 watched members; a caller takes about 150 bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/parameters.hpp"
#include "agent/detect/serving_order.hpp"
#include "agent/detect/tail.hpp"

namespace hf::detect {

// What stands against the queue now.
struct FloorEvidence {
  double nats = 0;
  uint32_t callers = 0;  // held: they stood beside stuck members for held_beside_s
  uint32_t members = 0;  // distinct ones who stood idle beside them
  Duration longest{};    // the longest time beside stuck members
};

class QueueFloor {
 public:
  void joined(const std::string& call, Time at);
  // How long the caller stood beside stuck members. `joined`: when this caller came to the queue.
  Duration answered(const std::string& call, Time joined, const std::string& member, Time at, const Parameters& p);
  // `passed_by`: although it was this caller's turn, where nobody tells who is free.
  Duration left(const std::string& call, Time joined, Time at, bool passed_by, const Parameters& p);
  // Takes the picture of the free members; `id` is the queue's.
  void tick(Time now, const std::string& id, const calls::Tracker& tracker, const Parameters& p);
  FloorEvidence weigh(Time now, const Parameters& p) const;
  void forget();

  bool waits(const std::string& call, Time joined) const { return waiting_.contains({joined, call}); }
  bool anyone_waits() const { return !waiting_.empty(); }
  size_t came_since(Time then) const;  // of those who wait
  size_t waiting() const { return waiting_.size(); }
  // Of those who wait: how many stood beside stuck members for held_beside_s, and since when the first of them waits.
  uint32_t held_now(const Parameters& p) const;
  std::optional<Time> first_held(const Parameters& p) const;
  // The time that those held now stood beside stuck members, added up.
  Duration held_time(const Parameters& p) const;
  // The integral of min(callers who wait, stuck members) since the incident stands.
  Duration avoidable() const { return avoidable_; }
  std::optional<Time> last_answer() const { return order_.last_answer(); }
  // Nats for "nobody is answered any more" against "who came after the onset is held" (ServingOrder). `gap`: the usual
  // time between two answers, where nobody tells who is free.
  double dead_nats(Duration gap, const Parameters& p) const;
  // While an incident stands nothing is learnt, and no answer explains an idle member.
  void set_standing(bool standing) { standing_ = standing, avoidable_ = Duration{}; }

  template <class A>
  void fields(A& a) {
    a("waiting", waiting_), a("explained", explained_), a("stuck", stuck_), a("passed", passed_),
        a("left_held", left_held_), a("beside", beside_);
    a("ticked", ticked_), a("held_at", held_at_), a("order", order_);
    a("tail", tail_), a("passings", passings_), a("avoidable", avoidable_), a("standing", standing_),
        a("doubts", doubts_), a("answers", answers_), a("counted", counted_), a("served", served_);
  }

 private:
  using Key = std::pair<Time, std::string>;  // joined, call: the oldest first
  struct Caller {
    Duration before{};  // the queue's time beside stuck members when this caller came
    template <class A>
    void fields(A& a) {
      a("before", before);
    }
  };
  struct Stuck {  // free since then while somebody waits
    std::string member;
    Time since{};
    template <class A>
    void fields(A& a) {
      a("member", member), a("since", since);
    }
  };
  struct Passed {  // stood idle, then was given a caller who came later than those who wait
    std::string member;
    double nats = 0;
    Time at{};
    uint32_t served = 0;  // so many answers were before it
    template <class A>
    void fields(A& a) {
      a("member", member), a("nats", nats), a("at", at), a("served", served);
    }
  };
  void settle(Duration beside, Time at, const Parameters& p);
  void end_spell(const std::string& member, Time at, bool overtaking, const Parameters& p);
  void explain_all(Time at, const Parameters& p);
  double passing_nats(const Passed& passed, const Parameters& p) const;
  double doubt(const std::string& member) const;
  void believe(const std::string& member, const Parameters& p);
  void learn(Duration stuck) {
    if (!standing_) tail_.add(stuck);
  }
  std::vector<Time> joins() const;

  std::map<Key, Caller> waiting_;
  std::vector<std::string>
      explained_;  // members whom calls passed by: not really free, whatever the PBX shows. Until their next call
  std::vector<Stuck> stuck_;    // at the last tick
  std::vector<Passed> passed_;  // one a member
  uint32_t left_held_ = 0;      // callers who left held since the evidence began
  Duration beside_{};           // how long some member was stuck, in all
  Time ticked_{}, held_at_{};   // held_at_: when the last held caller left
  ServingOrder order_;
  Duration avoidable_{};
  Tail tail_;       // how long a free member stands idle beside callers; each call taken counts
  Tail passings_;   // how long members stood idle beside older callers who take one that came only now
  std::map<std::string, double> doubts_;  // members who were shown ready and were not, and how often
  double answers_ = 0;                    // fading count of the last worn_out_s
  Time counted_{};
  uint32_t served_ = 0;  // answers
  bool standing_ = false;
};

}  // namespace hf::detect
