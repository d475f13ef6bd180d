// Signs over several lines or over time: "idle_while_failing" (H9), "equal_groups" (H24), "promised_wait". In: minutes
// of the floor, the windows of the lines. Out: Signs; Findings of a promise that is wrong. Owned by SideSignals.
// Limits: 64 queues of 150 minutes, 256 promises.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/call_window.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/line_signs.hpp"

namespace hf::detect {

// H9: in an overload the agents' occupancy rises while the service level falls; under an imposed wait both fall.
// Occupancy = busy / (busy + really free), looked at once a minute; the last half hour against the two hours before.
// Stands: occupancy lower by 0.1 or more, over 15 minutes each, and the share answered within a minute lower by 0.3 or
// more, over 8 callers each.
class IdleWhileFailing {
 public:
  static constexpr Duration kNow = std::chrono::minutes(30), kAll = std::chrono::minutes(150);
  void minute(Time now, const calls::Tracker& tracker, const std::string& queue);
  Sign sign(Time now, const std::string& queue, const std::deque<EndedCall>& calls) const;

  template <class A>
  void fields(A& a) {
    a("queues", queues_);
  }

 private:
  struct Look {
    Time at{};
    uint32_t busy = 0, free = 0;
    template <class A>
    void fields(A& a) {
      a("at", at), a("busy", busy), a("free", free);
    }
  };
  std::map<std::string, std::deque<Look>> queues_;
};

// H24: lines that lead to different queues, or whose waits differed before, have one wait. value: largest - smallest
// median wait. Stands: two lines or more with 5 answers each, every median above kPolicyWait, within 5 s.
Sign equal_groups(const std::map<Place, CallWindows::Window>& places, Time since);

// Announced wait against real wait, per line with a promise in the site model, over its last 20 to 128 answered calls
// of a day: wrong when the median is above twice or below half of the promise and 2 min away from it.
class PromisedWaits {
 public:
  static constexpr size_t kFewest = 20;
  static constexpr Duration kApart = std::chrono::minutes(2);
  void set_site_model(const calls::SiteModel& model);
  void minute(Time now, const std::map<Place, CallWindows::Window>& places, std::vector<Finding>& out);
  void readings(Time now, const std::map<Place, CallWindows::Window>& places, std::vector<Reading>& out) const;
  bool idle() const { return promises_.empty() && wrong_.empty(); }

  template <class A>
  void fields(A& a) {
    a("promises", promises_), a("wrong", wrong_);
  }

 private:
  Sign sign(Time now, const std::string& line, const std::map<Place, CallWindows::Window>& places) const;
  std::map<std::string, Duration> promises_;
  std::map<std::string, bool> wrong_;  // lines whose promise is told to be wrong
};

}  // namespace hf::detect
