// When did it happen? In: receive times and, where the PBX tells one, its own. Out: one time that never goes back.
// The receive time is the measure: one clock for all sources. Only when events are read late, in a burst, does the
// PBX's own time say more: it is then shifted by the smallest lag seen, so that a PBX clock that is wrong by an hour
// does no harm.
#pragma once

#include <optional>

#include "hal/pbx/call_event.hpp"

namespace hf::calls {

class EventTime {
 public:
  // The time of `event`: at most event.at, never before an earlier answer.
  Time of(const pbx::CallEvent& event);

  template <class A>
  void fields(A& a) {
    a("offset", offset_), a("last", last_), a("window_from", window_from_), a("window_least", window_least_);
  }

 private:
  void learn(Time at, Duration lag);

  std::optional<Duration> offset_;  // our clock minus the PBX's, lag free
  Time last_{};
  Time window_from_{};
  std::optional<Duration> window_least_;  // smallest at - pbx_at of the running window
};

}  // namespace hf::calls
