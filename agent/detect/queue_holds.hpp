// Holds inside the queues of one PBX: callers wait in a queue beside members who are really free and are not given a
// call, or nobody is answered any more. In: joins, answers, leaves, time. Out: Findings of the signals "held_in_queue"
// (an artificial hold) and "dead_queue" (nobody is answered although people are there). Owned by the Detector. Limit:
// 256 queues.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/detect/answer_gap.hpp"
#include "agent/detect/calendar.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/departures.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/queue_floor.hpp"
#include "agent/detect/same_waits.hpp"

namespace hf::detect {

class QueueHolds {
 public:
  void set_parameters(const Parameters& parameters) { parameters_ = parameters; }
  void set_site_model(const calls::SiteModel& model) { calendar_.set(model); }
  void on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out);
  void tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  // Asked when the queue is about to be told as short of members, and each minute soon after: those who are left stand
  // idle beside callers, or (where nobody tells who is free) answer less often than that many did, by so many `nats`; or
  // the others were sent away (sent_away()). True: raised as what it is.
  bool claims(const std::string& id, Time now, bool agent_state, double nats, std::vector<Finding>& out);
  double instead_nats() const { return parameters_.instead_nats; }
  // Most members went at once, and more callers than are left have come since and wait, two at least.
  std::optional<Departures::Emptied> emptied(const std::string& id, Time now, const calls::Tracker& tracker) const;
  bool watching() const { return watching_; }  // somebody waits or an incident stands: ticks are wanted
  // One per queue: the evidence of a hold in it, against the alarm.
  void readings(Time now, bool agent_state, std::vector<Reading>& out) const;
  bool hold_open() const;                      // an artificial hold stands in some queue
  bool dead(const std::string& id) const {     // a dead queue stands
    const auto known = queues_.find(id);
    return known != queues_.end() && known->second.stands == Stands::dead;
  }

  template <class A>
  void fields(A& a) {
    a("queues", queues_), a("watching", watching_), a("calendar", calendar_), a("reloaded", reloaded_);
  }

 private:
  enum class Stands : uint8_t { nothing, hold, dead };
  struct Queue {
    QueueFloor floor;
    AnswerGap gap;
    SameWaits same_waits;
    SameWait same;                   // what the last answer said
    Departures departures, leavers;  // of members at work; of those logged in, breaks or not
    Stands stands = Stands::nothing;
    std::optional<Finding> doubted;            // enough for an alarm, whose name waits: undecided()
    Time departure{};                          // of `leavers`, that stands
    uint32_t served_since = 0;                 // callers who came after it and were answered
    uint32_t served_on = 0;                    // of them, while answers came as those who are left give them
    bool by_departure = false;                 // the hold that stands was told by it alone
    Time since{}, raised{}, told{};
    std::optional<Time> last_held;             // when a held caller was last seen
    uint32_t held = 0, straight = 0, run = 0;  // settled callers since it stands; run: straight ones in a row
    Duration held_time{};                      // of the settled ones, beside stuck members
    std::deque<Duration> waits;                // of held callers who were answered; newest 64
    template <class A>
    void fields(A& a) {
      a("floor", floor), a("gap", gap), a("same_waits", same_waits), a("same", same), a("departures", departures), a("leavers", leavers), a("doubted", doubted),
          a("departure", departure), a("served_since", served_since), a("served_on", served_on),
          a("by_departure", by_departure),
          a("stands", stands), a("since", since), a("raised", raised), a("told", told), a("last_held", last_held);
      a("held", held), a("straight", straight), a("run", run), a("held_time", held_time), a("waits", waits);
    }
  };
  struct Found {  // what the source's kind of evidence says now
    double nats = 0;
    Finding words;              // template and values
    std::optional<Time> since;  // where it is known better than by who waits
  };
  Queue* queue_of(const std::string& id);
  void connected(Queue& queue, const calls::Call& call, Time at, const calls::Tracker& tracker,
                 std::vector<Finding>& out);
  void left(Queue& queue, const calls::Call& call, Time at, bool agent_state);
  void count(const std::string& id, Queue& queue, Time now, const calls::Tracker& tracker) const;
  static void settled(Queue& queue, bool held, bool answered, Time at);
  void look_at_waits(const std::string& id, Queue& queue, Time joined, Time at, std::vector<Finding>& out);
  Found weigh(const Queue& queue, Time now, bool agent_state) const;
  Found weigh_floor(const Queue& queue, Time now) const;
  static Found weigh_gap(const Queue& queue, Time now, double nats);
  void look(const std::string& id, Queue& queue, Time now, bool agent_state, std::vector<Finding>& out);
  double dead_nats(const Queue& queue) const { return queue.floor.dead_nats(queue.gap.usual(), parameters_); }
  Stands kind_now(const Queue& queue, Time now, bool agent_state) const;
  bool undecided(const Queue& queue, Time now) const;
  void count_served(Queue& queue, Time joined) const;
  bool sent_away(const Queue& queue, Time now) const;
  Found weigh_departure(const Queue& queue, Time now) const;
  bool serves_on(const Queue& queue) const;
  void raise(const std::string& id, Queue& queue, Stands as, Found found, Time now, std::vector<Finding>& out);
  void turn_out_dead(const std::string& id, Queue& queue, Found found, Time now, std::vector<Finding>& out);
  void tell(const std::string& id, Queue& queue, Time now, bool agent_state, std::vector<Finding>& out) const;
  void clear(const std::string& id, Queue& queue, Time now, std::vector<Finding>& out);
  bool over(const Queue& queue, Time now) const;

  size_t hour(Time at) const { return AnswerGap::hour_of(calendar_.at(at)); }

  Parameters parameters_;
  Calendar calendar_;
  std::map<std::string, Queue> queues_;
  bool watching_ = false;
  std::optional<Time> reloaded_;  // the latest change of configuration that was seen
};

}  // namespace hf::detect
