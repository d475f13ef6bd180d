// Signals "source_lost", "source_half_blind", "source_silent" and "clock_step": is what we see all there is? In: every
// event before the tracker takes it, Changes, minutes. Out: Findings of the kind source_gap; readings. Told apart from
// "no calls": a link that is down, a promised class of events that never comes, or nothing at all in an hour that
// brings calls while people are logged in. Owned by SideSignals.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"

namespace hf::detect {

// half blind: kCases cases over kCaseSpan or longer, each of which brings an event of a class that the source promised,
// and none came. A case: a caller joins a queue (channels; steps of the dialplan), a person answers (members' states);
// callers of a picture of the PBX are none. Members' states count only with a source that was once seen to tell one at
// 200 answers in a row: some tell them at log-in alone, and that is enough.
// silent: no event of any kind while the least that this hour of the week and the last busy hour let expect reaches
// kStands calls, and half of those who were logged in before still are and did something in the hour before (phones left
// logged in after an early close are nobody): P(none) = e^-kStands for Poisson arrivals.
// clock: smallest lag (our time - the PBX's) of a minute against the minutes before; a step is kStep or more in two
// minutes in a row, since events read late come right again.
class SourceWatch {
 public:
  static constexpr uint32_t kCases = 20;
  static constexpr Duration kCaseSpan = std::chrono::minutes(2);
  static constexpr double kStands = 13.2;
  // A telephone network that fails for a quarter of an hour is as silent, and mends itself several times a year.
  static constexpr Duration kSilent = std::chrono::minutes(30);
  static constexpr Duration kLost = std::chrono::minutes(2), kStep = std::chrono::seconds(30);
  static constexpr Duration kShowStep = std::chrono::hours(1);

  void heard(const pbx::CallEvent& event);
  void on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out);
  // Once a minute, and at due().
  void minute(Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  std::optional<Time> due() const;
  void readings(Time now, const calls::Tracker& tracker, std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("classes", classes_), a("told", told_), a("last_event", last_event_), a("lost_at", lost_at_),
        a("lost", lost_stands_), a("silent", silent_stands_);
    a("hours", hours_), a("hour", hour_), a("hour_calls", hour_calls_), a("hour_whole", hour_whole_),
        a("last_hour", last_hour_), a("hour_before", hour_before_), a("hour_members", hour_members_),
        a("last_members", last_members_);
    a("lag_from", lag_from_), a("least_lag", least_lag_), a("usual_lag", usual_lag_), a("odd_lag", odd_lag_),
        a("step_at", step_at_), a("step", step_);
  }

 private:
  enum : size_t { kChannelClass, kStepClass, kMemberClass, kClasses };
  struct Class {
    uint32_t cases = 0;  // since one of its events came
    Time first{};        // of these cases
    uint32_t kept = 0;   // cases in a row with one of its events, 200 at most
    bool habit = false;  // it once came with 200 in a row
    bool stands = false;
    template <class A>
    void fields(A& a) {
      a("cases", cases), a("first", first), a("kept", kept), a("habit", habit), a("stands", stands);
    }
  };
  struct Hour {  // of the week, UTC: calls that it brings; unset = never seen whole
    std::optional<float> calls;
    template <class A>
    void fields(A& a) {
      a("calls", calls);
    }
  };
  void count_case(size_t which, bool promised, Time at, std::vector<Finding>& out);
  void learn_lag(const pbx::CallEvent& event);
  void end_of_hours(Time now, bool observing);
  double expected_since(Time from, Time to) const;
  bool gap_stands() const;
  void clear(Time at, std::vector<Finding>& out) const;

  std::array<Class, kClasses> classes_{};
  std::array<bool, kClasses> told_{};  // an event of the class came since the last case
  Time last_event_{};
  std::optional<Time> lost_at_;
  bool lost_stands_ = false, silent_stands_ = false;
  std::array<Hour, 168> hours_{};
  int64_t hour_ = -1;  // running one, since 1970
  uint32_t hour_calls_ = 0;
  bool hour_whole_ = false;
  uint32_t last_hour_ = 0, hour_before_ = 0;  // calls of the last two full hours
  uint32_t hour_members_ = 0, last_members_ = 0;  // most who were logged in, in the running and the last busy hour
  Time lag_from_{};
  std::optional<Duration> least_lag_, usual_lag_, odd_lag_;
  Time step_at_{};
  Duration step_{};
};

}  // namespace hf::detect
