// The artificial hold of one PBX from the first alarm to the end: which lines are under it, since when, what it costs,
// when it is over. In: the ways of the lines, at ticks and when a way settles. Out: Findings of the signals
// "held_beside_free" and "constant_wait". One case at a time: a policy is laid on a PBX, so evidence is pooled over its
// lines. Owned by the Detector.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/hold_evidence.hpp"
#include "agent/detect/ways.hpp"

namespace hf::detect {

struct HeldLine {
  Time named{}, first_held{};
  std::optional<Time> last_held, last_straight;  // arrivals of settled callers
  uint32_t held = 0, straight = 0;               // settled callers since the first held one
  uint32_t left = 0;                             // of the held: hung up before the queue
  Newest imposed_waits;                          // of held callers who were answered; newest 256
  Newest queue_waits;                            // of the same: what the queue's own statistics show
  Duration imposed{}, avoidable{}, beside_free{}, spare_time{};
  template <class A>
  void fields(A& a) {
    a("named", named), a("first_held", first_held), a("last_held", last_held), a("last_straight", last_straight),
        a("held", held);
    a("straight", straight), a("left", left), a("imposed_waits", imposed_waits), a("queue_waits", queue_waits),
        a("imposed", imposed);
    a("avoidable", avoidable), a("beside_free", beside_free), a("spare_time", spare_time);
  }
};

// A change of the PBX's configuration so long before a hold's first caller is told with it.
inline constexpr Duration kJustBefore = std::chrono::minutes(30);

class HoldCase {
 public:
  bool open() const { return !lines_.empty(); }
  const std::map<std::string, HeldLine>& lines() const { return lines_; }
  Time first_held() const;

  // Callers in a row, over the named lines, who went straight on and arrived after the last held one.
  uint32_t straight_run(Time now, const Ways& ways) const;
  // Looks at all lines: raises the alarm, names further lines, tells figures once a minute, closes.
  void tick(Time now, Ways& ways, const calls::Tracker& tracker, std::vector<Finding>& out);
  void on(const Ways::Settled& settled, Time now, Ways& ways, bool agent_state, std::vector<Finding>& out);
  // Of each line: the evidence of a hold, the constant way, and how long nobody was held.
  void readings(Time now, const Ways& ways, bool agent_state, std::vector<Reading>& out) const;
  // How long before the first held caller the PBX's configuration was changed, if within kJustBefore.
  std::optional<Duration> change_before() const;
  void configuration_seen(Time at) { configured_ = at; }
  void started(Time at) {
    if (started_ == Time{}) started_ = at;
  }

  template <class A>
  void fields(A& a) {
    a("lines", lines_), a("told", told_), a("configured", configured_), a("started", started_),
        a("open_since", open_since_);
  }

 private:
  void raise(Time now, Ways& ways, std::vector<Finding>& out);
  void name_more(Time now, Ways& ways, const calls::Tracker& tracker, std::vector<Finding>& out);
  void name(const std::string& id, Time first_held, Time now, Ways& ways, const char* signal,
            std::vector<Finding>& out);
  void account(HeldLine& held, const LineWays& line, const Way& way);
  void answered(HeldLine& held, const LineWays& line, const Way& way);
  void tell(Time now, const Ways& ways, bool agent_state, std::vector<Finding>& out);
  void close_if_over(Time now, Ways& ways, bool agent_state, std::vector<Finding>& out);
  bool over(Time now, const Ways& ways) const;

  std::map<std::string, HeldLine> lines_;
  Time told_{}, started_{}, open_since_{};
  std::optional<Time> configured_;  // newest reload of the PBX's configuration
};

// The time a caller waited beyond the line's usual way to the queue; 0 at least.
Duration imposed_wait(const LineWays& line, const Way& way, Time now);
// Held: reached the queue late, or left or waits beyond the usual bound.
bool was_held(const LineWays& line, const Way& way, Time now);

}  // namespace hf::detect
