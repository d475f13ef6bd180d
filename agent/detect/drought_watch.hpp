// Signal "arrival_drought": far fewer callers come to a queue than the half hour of the week, today's level and the
// people at work lead to expect, while the source tells other things: a dead trunk, a wrong branch of the call flow, a
// closed number. In: events, findings, Changes, a look each whole minute. Out: Findings that open an incident
// `unknown`, or add to a trunk's failure. Owned by the Detector. Limit: as LoadWatch; 200 bytes a queue.
//
// Each minute with e expected and n seen callers goes into a run for each factor f = 0.1 and 0.4: the ratio of two
// negative binomials (rate_nats), begun anew when it falls to 0 (Page 1954). e = usual of the half hour * today's level
// before the run * members at work / usual members at work, both at most 1. It stands at 13.9 nats: 13.2 (Lorden 1971:
// once in 540,000 ordinary arrivals) + ln 2 for the factors. It opens at e^7 times that plus the queue's share
// of the budget, after half an hour in which nobody came, or an hour in which few did: on a bank's half year seven
// droughts of 12 to 80 minutes were real and mended themselves (outages of minutes, an election day).
//   Not counted: minutes that the calendar calls closed, in which fewer than three fifths of the usual members are at
//   work, of a half hour of the week never seen before, or while the source is told to be blind.
//   Told apart from a silent source: an event of any kind must have come in the last ten minutes, and in the second
//   half of the run.
//   Told apart from a holiday or an early close that nobody entered: then people are not at work. A source without
//   log-ins cannot tell, so there it is shown alone.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/load_watch.hpp"
#include "agent/detect/parameters.hpp"

namespace hf::detect {

class DroughtWatch {
 public:
  static constexpr double kStands = 13.9, kOver = 5, kWatching = 5;
  static constexpr std::array<double, 2> kFactors{0.1, 0.4};

  void set_parameters(const DroughtParameters& parameters) { parameters_ = parameters; }
  void heard(Time at) { last_event_ = std::max(last_event_, at); }
  void on(const calls::Change& change);
  // What else stands: a source's gap silences it, a trunk's failure explains it.
  void hear(const std::vector<Finding>& findings, size_t from);
  // At a whole minute, after the load's own look; at other times nothing.
  void tick(Time now, const LoadWatch& load, std::vector<Finding>& out);
  void readings(std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("queues", queues_), a("last_event", last_event_), a("gaps", gaps_), a("trunks", trunks_);
  }

 private:
  struct Run {
    double seen = 0, expected = 0;  // callers; expected without today's level
    double nats = 0;
    Time since{};
    template <class A>
    void fields(A& a) {
      a("seen", seen), a("expected", expected), a("nats", nats), a("since", since);
    }
  };
  struct Queue {
    uint32_t arrivals = 0;                  // in the minute under way
    double day_seen = 0, day_expected = 0;  // of today's counted minutes
    int32_t day = 0;
    std::array<Run, kFactors.size()> runs;
    Run back;              // once opened: the same test turned round
    double level = 1;      // today's, when it opened
    bool log_ins = false;  // of its members were told once
    bool staffed = false;  // somebody is told to be at work
    bool opened = false;
    Time counted{};  // the last minute that was
    template <class A>
    void fields(A& a) {
      a("arrivals", arrivals), a("day_seen", day_seen), a("day_expected", day_expected), a("day", day), a("runs", runs),
          a("back", back), a("level", level);
      a("log_ins", log_ins), a("staffed", staffed), a("opened", opened), a("counted", counted);
    }
    const Run& best() const { return runs[1].nats > runs[0].nats ? runs[1] : runs[0]; }
  };
  struct Minute {
    double seen = 0, expected = 0;  // callers; expected without today's level
    double shape = 0;               // of the rate's own uncertainty
    Time end{};
  };
  std::optional<Minute> count(Queue& queue, Time now, const LocalMoment& at, const QueueLoad& load) const;
  static double level(const Queue& queue, const Run& run);
  static void step(Queue& queue, const Minute& minute);
  bool opens(const Queue& queue, double share, Time now) const;
  void open(const std::string& id, Queue& queue, Time now, std::vector<Finding>& out) const;
  void recover(Queue& queue, const Minute& minute, std::vector<Finding>& out);
  void clear(Queue& queue, Time now, std::vector<Finding>& out);

  DroughtParameters parameters_;
  std::map<std::string, Queue> queues_;
  Time last_event_{};
  bool gaps_ = false;    // the source is told to be blind
  bool trunks_ = false;  // a trunk is told to fail
};

}  // namespace hf::detect
