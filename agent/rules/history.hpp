// The last four hours as rules look back on them. In: closed minutes and ends of calls. Out: sums over a window. Pure; all state in fields().
// Kept sparse: a minute of one queue is some 100 bytes and 8 for each wait that differs; at most 244 minutes of each queue and line.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/metrics/minute.hpp"
#include "agent/rules/firing.hpp"

namespace hf::rules {

struct Sums {  // of the callers who arrived in a window; handled, talk and hold: of the calls that ended in it
  uint32_t offered = 0, answered = 0, abandoned = 0, short_abandoned = 0, handled = 0;
  Duration answered_wait{}, talk{}, hold{};
  metrics::WaitHistogram answered_waits, abandoned_waits;
  std::optional<Duration> busy, free, avoidable;
};

class History {
 public:
  void take(const metrics::Minute& minute);
  void take(const calls::Call& ended);

  // The whole minutes that begin in [from, now).
  Sums sums(const Place& place, Time from) const;
  // Share of [from, to) in which the PBX of the place was seen, by whole minutes; 1 for an empty range.
  double observed(const Place& place, Time from, Time to) const;

  template <class A> void fields(A& a) { a("places", places_), a("seen", seen_); }

 private:
  struct Bin {
    uint8_t bin = 0;
    uint32_t count = 0;
    template <class A> void fields(A& a) { a("bin", bin), a("count", count); }
  };
  struct Cell {
    uint32_t offered = 0, answered = 0, abandoned = 0, short_abandoned = 0, handled = 0;
    Duration answered_wait{}, talk{}, hold{};
    std::vector<Bin> answered_waits, abandoned_waits;
    std::optional<Duration> busy, free, avoidable;
    template <class A> void fields(A& a) {
      a("offered", offered), a("answered", answered), a("abandoned", abandoned), a("short_abandoned", short_abandoned), a("handled", handled);
      a("answered_wait", answered_wait), a("talk", talk), a("hold", hold), a("answered_waits", answered_waits), a("abandoned_waits", abandoned_waits);
      a("busy", busy), a("free", free), a("avoidable", avoidable);
    }
  };
  static std::vector<Bin> sparse(const metrics::WaitHistogram& waits);
  static void add(const Cell& cell, Sums& out);
  // What is older than the longest window goes.
  void forget(Time now);
  std::optional<Time> newest() const;
  void handled(const Place& place, const calls::Call& call);

  std::map<Place, std::map<Time, Cell>> places_;
  std::map<std::string, std::map<Time, uint32_t>, std::less<>> seen_;  // by PBX: observed seconds of each minute
};

}  // namespace hf::rules
