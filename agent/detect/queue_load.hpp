// The load signals of one queue: talks longer, members missing, arrivals up, each told only when callers suffer from
// it. In: what happens to its calls, and once a minute how many wait and work. Out: the cause that stands. Pure; owned
// by LoadWatch.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "agent/detect/baseline.hpp"
#include "agent/detect/departures.hpp"
#include "agent/detect/load_parameters.hpp"
#include "agent/detect/queue_minutes.hpp"
#include "agent/detect/talk_times.hpp"
#include "agent/detect/wait_drift.hpp"

namespace hf::detect {

enum class LoadCause : uint8_t { none, handling_time, missing_agents, arrival_surge };

struct FloorMinute {              // of one queue at a minute's end
  double waiting = 0;             // callers
  std::optional<double> at_work;  // members logged in and not away for long; unset: the source shows no members
  bool other = false;             // an incident of another kind (an artificial hold, a dead queue) stands on it
  double share_nats = 0;          // what the queue owes the budget beyond an only queue
  std::optional<Departures::Emptied> emptied;  // most of them went at once, and callers wait for those who are left
};

// All that is known at a minute's end.
struct LoadPicture {
  TalkTimes::Evidence talks;
  RateEvidence surge, absent;  // more callers than usual, and fewer
  std::optional<QueueMinutes::Shortage> shortage;
  double at_work = 0;                     // members
  std::optional<double> backlog;          // callers waiting for each member at work
  std::optional<double> suffering;        // ln, below; unset: no more callers wait than usual
  double waiting = 0, usual_waiting = 0;  // callers, mean over 20 minutes
  double waiting_today = 0;               // before them
  double share_nats = 0;                  // of the budget
  double usual_talk_s = 0;                // median, today's level included
};

class QueueLoad {
 public:
  void arrived() { ++arrivals_; }
  void answered(Duration wait) { half_sums_.answered += 1, half_sums_.answered_wait += seconds(wait); }
  void talk_began(uint64_t call, uint64_t agent, Time at) {
    talks_.began(call, agent, baseline_.member_talk(agent), at);
  }
  void talk_ended(uint64_t call, Time at, const Calendar& calendar);
  void agent_done(uint64_t agent, Time at, const Calendar& calendar);
  void minute(Time end, const FloorMinute& floor, const Calendar& calendar, const LoadParameters& p);
  void observation_lost();

  LoadCause standing() const { return standing_; }
  void withdraw() { standing_ = LoadCause::none; }
  Time standing_since() const { return standing_since_; }
  // Causes whose evidence is enough now, whatever stands.
  std::vector<LoadCause> shown(const LoadParameters& p) const;
  const LoadPicture& picture() const { return picture_; }
  // Callers who joined in the two to three hours kept, the minute under way included.
  uint32_t arrivals_seen() const { return minutes_.arrivals() + arrivals_; }
  const Baseline& baseline() const { return baseline_; }
  const QueueMinutes& minutes() const { return minutes_; }
  const WaitDrift& drift() const { return drift_; }
  const TalkTimes& talks() const { return talks_; }
  // Today's talks against the usual of their hours, as a factor.
  double talk_level(const LoadParameters& p) const;

  template <class A>
  void fields(A& a) {
    a("baseline", baseline_), a("minutes", minutes_), a("talks", talks_), a("arrivals", arrivals_),
        a("half_hour", half_hour_);
    a("pending", pending_), a("recent_talks", recent_talks_), a("level_sum", level_sum_),
        a("level_count", level_count_), a("level_now", level_now_);
    a("day", day_), a("standing", standing_), a("standing_since", standing_since_), a("quiet", quiet_),
        a("half_sums", half_sums_), a("sums", sums_), a("bad_minutes", bad_minutes_), a("drift", drift_);
  }

 private:
  struct Ended {  // a talk of today, not yet in its level
    Time at{};
    double residual = 0;
    template <class A>
    void fields(A& a) {
      a("at", at), a("residual", residual);
    }
  };
  void count(Time end, const LocalMoment& at, const FloorMinute& floor, const LoadParameters& p);
  void new_day(int32_t day, const LoadParameters& p);
  void roll(bool frozen, const LoadParameters& p);
  void look(Time now, const LocalMoment& at, const FloorMinute& floor, const LoadParameters& p);
  struct Weighed {
    LoadCause cause = LoadCause::none;
    double shown = 0;  // the cause's own evidence / enough of it to be named beside others
    double worth = 0;  // of it, in the unit of suffering
  };
  std::array<Weighed, 3> weigh(const LoadParameters& p) const;
  bool unusual(const Weighed& w, const LoadParameters& p) const;
  // ln(callers waiting for each member at work) + ln(they / today so far).
  std::optional<double> suffering(const LoadParameters& p) const;
  LoadCause best(const LoadParameters& p) const;
  void stand(Time now, const FloorMinute& floor, const LoadParameters& p);

  Baseline baseline_;
  QueueMinutes minutes_;
  TalkTimes talks_;
  uint32_t arrivals_ = 0;  // in the minute under way
  HalfHour half_hour_;
  std::deque<HalfHour> pending_;  // not learnt yet: an incident may turn out to have begun in them
  std::deque<Ended> recent_talks_;
  double level_sum_ = 0, level_count_ = 0, level_now_ = 0;
  int32_t day_ = 0;
  LoadCause standing_ = LoadCause::none;
  Time standing_since_{};
  DaySums half_sums_, sums_;  // of the half hour and of the day's busy half hours
  uint16_t bad_minutes_ = 0;  // of this day, in which an incident stood
  WaitDrift drift_;
  uint16_t quiet_ = 0;   // minutes in a row in which callers did not suffer
  LoadPicture picture_;  // of the last minute; worked out anew each minute
};

}  // namespace hf::detect
