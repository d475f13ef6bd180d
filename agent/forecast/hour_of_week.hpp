// What is usual at this hour of the week, on the site's own clock. In: five-minute sums. Out: rates and frequencies,
// pulled towards the hour of the day and the whole while there is little to go by. Pure; old weeks fade.
#pragma once

#include <array>
#include <optional>

#include "hal/platform/archive.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::forecast {

struct Slot {
  uint16_t week = 0;  // 0-167: weekday * 24 + hour, Monday first
  uint16_t day = 0;   // 0-47: hour, plus 24 at the weekend
};
Slot slot_of(const TimeZone& zone, Time at);

// How often an event was seen, by slot.
class Frequency {
 public:
  void add(const Slot& slot, bool event, double weight);
  // Two pseudo-cases from the hour of the day stand behind each hour of the week, four of the whole behind each hour of
  // the day, and one event in two cases behind the whole: an estimate from the first day on, that gives way to data.
  double at(const Slot& slot) const;

  struct Tally {
    float events = 0, cases = 0;
    template <class A>
    void fields(A& a) {
      a("events", events), a("cases", cases);
    }
  };
  template <class A>
  void fields(A& a) {
    a("week", week_), a("day", day_), a("all", all_);
  }

 private:
  std::array<Tally, 168> week_{};
  std::array<Tally, 48> day_{};
  Tally all_{1, 2};
};

// Calls a second, by slot.
class Rate {
 public:
  void add(const Slot& slot, double calls, double span_s);
  std::optional<double> at(const Slot& slot) const;  // unset: this hour was never seen

  template <class A>
  void fields(A& a) {
    a("week", week_);
  }

 private:
  std::array<Frequency::Tally, 168> week_{};  // events: calls, cases: seconds
};

}  // namespace hf::forecast
