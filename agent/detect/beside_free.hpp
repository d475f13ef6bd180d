// Measures how long each caller who is late on the way stood beside people with nothing to do. In: the tracker's
// picture at each change and tick; out: beside_free, avoidable and spare_time of the ways. Owned by the Detector.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agent/calls/tracker.hpp"
#include "agent/detect/ways.hpp"

namespace hf::detect {

// A queue has people to spare while more members are really free than callers wait in it; it counts after one ring
// grace, since a free member is usually free because the next call is just being put through.
inline constexpr Duration kRingGrace = std::chrono::seconds(10);

// A caller who was in a menu counts only after so long without one: menus have pauses and announcements.
inline constexpr Duration kAfterMenu = std::chrono::seconds(60);

class BesideFree {
 public:
  // Adds the time from the last step up to `to` under the picture of the last sample.
  void integrate(Time to, Ways& ways);
  // Takes the picture at `at`: which callers are late, which queues have people to spare.
  void sample(Time at, const calls::Tracker& tracker, Ways& ways);
  bool anyone_late() const { return late_ > 0; }
  // The next caller's usual bound after `at`; unset when nobody is on the way.
  std::optional<Time> next_late() const { return next_late_; }
  void expect(Time late_at) { next_late_ = next_late_ ? std::min(*next_late_, late_at) : late_at; }
  void reset() { queues_.clear(); }

  template <class A>
  void fields(A& a) {
    a("last", last_), a("queues", queues_), a("late", late_), a("next_late", next_late_);
  }

 private:
  struct QueuePicture {
    uint32_t spare = 0;
    uint32_t late = 0;          // callers late on their way to it
    std::optional<Time> since;  // when it came to have people to spare
    template <class A>
    void fields(A& a) {
      a("spare", spare), a("late", late), a("since", since);
    }
  };
  Time last_{};
  std::map<std::string, QueuePicture> queues_;  // targets of late callers
  uint32_t late_ = 0;
  std::optional<Time> next_late_;
  uint64_t waits_version_ = UINT64_MAX;  // the tracker's at the last sample; no state
};

// Late: on the way, seen from the start, not in self-service, beyond the line's usual bound.
bool is_late(const LineWays& line, const Way& way, Time now);

}  // namespace hf::detect
