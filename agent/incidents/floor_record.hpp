// What a queue went through in the last hours, call by call and minute by minute, kept for explaining an incident. In:
// ended calls and closed minutes. Out: an interval as shares_of takes it, and what was usual before it. Pure; at most
// kCalls calls and kMinutes minutes, 50 KB a queue.
#pragma once

#include <deque>
#include <string>

#include "agent/calls/call.hpp"
#include "agent/incidents/shares.hpp"
#include "agent/metrics/minute.hpp"

namespace hf::incidents {

// A call as its queue's people could have met it: `came` is the arrival plus the usual way to the queue, `held` what
// the way took beyond it.
struct RecentCall {
  Time came{};
  float wait_s = 0, held_s = 0, talk_s = 0;
  bool answered = false, open = false;
  template <class A>
  void fields(A& a) {
    a("came", came), a("wait_s", wait_s), a("held_s", held_s), a("talk_s", talk_s), a("answered", answered),
        a("open", open);
  }
};

class FloorRecord {
 public:
  static constexpr size_t kCalls = 1200, kMinutes = 600;
  static constexpr Duration kBefore = std::chrono::hours(2);  // what usual() looks back on

  void on(const RecentCall& ended);
  void on(const metrics::Minute& minute);  // of this queue; a revision changes nothing here
  // [from, to) with the calls that have not ended (`open`). Seen from where the record begins, if that is later.
  SeenFloor seen(Time from, Time to, const std::vector<RecentCall>& open) const;
  // What was usual for an interval so long, by the two hours before `before`; a field is unset when less than ten
  // minutes or fewer than ten calls were seen there.
  UsualFloor usual(Time before, Duration span) const;
  bool empty() const { return minutes_.empty(); }
  Time begins() const { return minutes_.empty() ? Time::max() : minutes_.front().start; }

  template <class A>
  void fields(A& a) {
    a("calls", calls_), a("minutes", minutes_);
  }

 private:
  struct RecentMinute {
    Time start{};
    float staffed = -1, busy = -1;  // members; below 0: unknown
    float waiting = 0;              // callers
    template <class A>
    void fields(A& a) {
      a("start", start), a("staffed", staffed), a("busy", busy), a("waiting", waiting);
    }
  };
  std::vector<RecentMinute> between(Time from, Time to) const;
  // The share of those at work who were busy; -1 where nobody waited or nothing is known.
  static double taking(const RecentMinute& minute);
  static std::vector<double> talkers(const SeenFloor& seen, size_t minutes);

  std::deque<RecentCall> calls_;  // in the order of their ends
  std::deque<RecentMinute> minutes_;
};

}  // namespace hf::incidents
