// Every signal beside the holds, the refusing phones and the dead queues: what finished calls, talks, callers, trunks
// and the link say. In: events before the tracker takes them, Changes, minutes. Out: Findings; the sentences that they
// add to a standing hold; readings. Owned by the Detector.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/detect/call_window.hpp"
#include "agent/detect/floor_signs.hpp"
#include "agent/detect/hold_case.hpp"
#include "agent/detect/repeat_callers.hpp"
#include "agent/detect/source_watch.hpp"
#include "agent/detect/survey_watch.hpp"
#include "agent/detect/talk_shares.hpp"
#include "agent/detect/trunk_failures.hpp"

namespace hf::detect {

class SideSignals {
 public:
  // What one signal adds to a hold is told again after so long at the earliest.
  static constexpr Duration kTellEvery = std::chrono::minutes(10);

  void set_site_model(const calls::SiteModel& model) { promises_.set_site_model(model); }
  void heard(const pbx::CallEvent& event) { source_.heard(event); }
  void on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out);
  // At due(): whole minutes while calls come or the link is up, and what the link asks for.
  void tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  std::optional<Time> due() const;
  // What stands for the hold's line with most calls since its begin, as evidence.
  void testify(const HoldCase& hold, Time now, std::vector<Finding>& out);
  bool surveys_heard() const { return surveys_.heard(); }
  void readings(Time now, const calls::Tracker& tracker, std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("windows", windows_), a("idle", idle_), a("promises", promises_), a("callers", callers_), a("talks", talks_),
        a("trunks", trunks_), a("source", source_), a("surveys", surveys_);
    a("told", told_), a("minute", minute_), a("last_call", last_call_);
  }

 private:
  void line_readings(Time now, std::vector<Reading>& out) const;
  bool may_tell(const char* signal, Time now) const;  // not told lately
  void tell(const char* signal, const std::string& line, const Sign& sign, Time now, std::vector<Finding>& out);
  void tell_callers(Time since, Time now, std::vector<Finding>& out);
  void tell_surveys(Time now, std::vector<Finding>& out);

  CallWindows windows_;
  IdleWhileFailing idle_;
  PromisedWaits promises_;
  RepeatCallers callers_;
  TalkShares talks_;
  TrunkFailures trunks_;
  SourceWatch source_;
  SurveyWatch surveys_;
  std::map<std::string, Time> told_;  // signal -> when it last added its sentence
  std::optional<Time> minute_;        // next whole minute to look
  Time last_call_{};
};

}  // namespace hf::detect
