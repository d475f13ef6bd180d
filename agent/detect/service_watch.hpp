// Signals "abandon_surge", "service_level_collapse", "service_level_split" and the Erlang-A figures "expected_wait",
// "expected_delayed", "expected_abandons": what becomes of the callers of each queue, against the queue's own usual and
// against what its load lets expect. In: Changes, findings, a look each whole minute. Out: sentences for the incident
// that stands on the queue, readings. They open nothing: waits and hang-ups rise for ordinary reasons each busy day, so
// that they say that callers suffer, and other signals why. Owned by the Detector. Limit: 256 queues, 4 KB each.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/load_watch.hpp"
#include "agent/detect/share_watch.hpp"
#include "agent/metrics/erlang.hpp"
#include "agent/metrics/minute.hpp"

namespace hf::detect {

// abandon_surge: a case is a caller who left the queue; a hit hung up, and not within the queue's short-abandon time.
//   Who still waits after w adds ln((p1 A + (1 - p1) C) / (p0 A + (1 - p0) C)), A and C the shares of those who hung up
//   and of those who were answered that waited longer than w: nothing at first, the whole of a hang-up once hardly
//   anybody is answered so late.
// service_level_collapse: a hit was not answered within the queue's own X, hung up or still waits beyond it. Callers
//   who hung up within X are left out ("ignore"). Waits of neighbours resemble each other, so a case counts a fifth:
//   their correlation sums to 20 to 47 calls on a bank's days, half of it the day's own level.
// service_level_split: largest - smallest of the four formulas of metrics::service_levels over the last hour, X the
//   queue's; stands a fifth apart, and a tenth beyond the usual.
// expected_*: erlang_a() of the last hour's arrivals, the mean talk, the members at work and the mean patience =
//   time waited / hang-ups, which is the exponential fit to waits of which most end in an answer (20 hang-ups at
//   least).
class ServiceWatch {
 public:
  static constexpr Duration kTellEvery = std::chrono::minutes(10);

  void set_site_model(const calls::SiteModel& model);
  void on(const calls::Change& change);
  void hear(const std::vector<Finding>& findings, size_t from);
  // At a whole minute; at other times nothing.
  void tick(Time now, const calls::Tracker& tracker, const LoadWatch& load, std::vector<Finding>& out);
  void readings(std::vector<Reading>& out) const;
  // What the queue's load let expect, at most five minutes old; unset where something is missing for it.
  std::optional<metrics::ErlangA> expected(const std::string& queue) const;

  template <class A>
  void fields(A& a) {
    a("limits", limits_), a("queues", queues_), a("standing", standing_);
  }

 private:
  static constexpr size_t kSlots = 6;  // of ten minutes
  struct Limits {
    Duration level = std::chrono::seconds(20), short_abandon = std::chrono::seconds(5);
    Duration ring = std::chrono::seconds(15);
    template <class A>
    void fields(A& a) {
      a("level", level), a("short", short_abandon), a("ring", ring);
    }
  };
  struct Tally {  // callers who joined, and those of them or before them who left
    uint32_t joined = 0, answered = 0, soon = 0, left = 0, left_soon = 0, timed_out = 0;
    uint32_t at_once = 0;  // answered within a ring
    double waited_s = 0, talk_s = 0;
    uint32_t talks = 0;
    void add(const Tally& other);
    void halve();
    uint32_t gone() const { return answered + left + timed_out; }
    // Largest and smallest of the four service levels; unset below `least` callers.
    struct Split {
      double low = 0, high = 0;
    };
    std::optional<Split> split(uint32_t least) const;
    template <class A>
    void fields(A& a) {
      a("joined", joined), a("answered", answered), a("soon", soon), a("left", left), a("left_soon", left_soon),
          a("timed_out", timed_out), a("at_once", at_once);
      a("waited", waited_s), a("talk", talk_s), a("talks", talks);
    }
  };
  struct Open {  // what those who still wait add, at the last minute
    double nats = 0, hits = 0;
    uint32_t cases = 0;
  };
  struct Queue {
    ShareWatch left, late;
    metrics::WaitHistogram answered_waits, left_waits;
    std::array<Tally, kSlots> slots;   // ring: the one of slot % kSlots is under way
    int64_t slot = 0;                  // tens of minutes since 1970
    Time since{};                      // of what the ring holds, as far as it goes back
    Tally usual;                       // of the last weeks
    std::map<std::string, Time> told;  // sign -> when it last added its sentence
    // Worked out anew each minute: no state.
    Open left_open, late_open;
    Tally hour;
    std::optional<metrics::ErlangA> expected;
    double at_work = 0;
    template <class A>
    void fields(A& a) {
      a("left", left), a("late", late), a("answered_waits", answered_waits), a("left_waits", left_waits);
      a("slots", slots), a("slot", slot), a("since", since), a("usual", usual), a("told", told);
    }
    Tally& now(Time at);
    bool left_stands() const;
    bool late_stands() const;
    double patience_s() const;  // 0: too few hang-ups
  };
  Queue* at(const std::string& queue);
  const Limits& limits(const std::string& queue) const;
  void gone(const calls::Stint& stint, Time at);
  void count_open(const calls::Tracker& tracker, Time now);
  void look(Queue& queue, const std::string& id, const LoadWatch& load, Time now);
  void testify(const std::string& id, Queue& queue, Time now, std::vector<Finding>& out);
  static void say(Queue& queue, Finding finding, const char* sign, Duration every, std::vector<Finding>& out);

  std::map<std::string, Limits> limits_;  // of the site model's queues
  std::map<std::string, Queue> queues_;
  std::map<std::string, std::string> standing_;  // queue -> signal of the incident that stands on it
};

}  // namespace hf::detect
