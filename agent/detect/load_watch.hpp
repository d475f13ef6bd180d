// The load signals of all queues. In: Changes after the tracker took them, and a look at the floor each whole minute.
// Out: Findings "handling_time", "missing_agents", "arrival_surge", "wait_drift" per queue: one cause stands at a time,
// what is seen later is evidence for it. Pure; owned by the Detector. Limit: 256 queues, each under 64 KB.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/calendar.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/queue_holds.hpp"
#include "agent/detect/queue_load.hpp"

namespace hf::detect {

class LoadWatch {
 public:
  static constexpr size_t kQueues = 256;
  // A member who is paused, unreachable or does not answer for longer is not at work.
  static constexpr Duration kAway = std::chrono::minutes(10);

  void set_site_model(const calls::SiteModel& model);
  void set_parameters(const LoadParameters& parameters) { parameters_ = parameters; }
  void on(const calls::Change& change);
  // What other signals say of queues, `findings` from index `from` on: while an artificial hold or a dead queue stands,
  // no load cause is named there.
  void hear(const std::vector<Finding>& findings, size_t from);
  // What was just told of the queue has another cause: nothing stands there.
  void withdraw(const std::string& queue);
  // Does nothing unless `now` is a whole minute.
  void tick(Time now, const calls::Tracker& tracker, const QueueHolds& inside, std::vector<Finding>& out);
  // The next whole minute after `now`; unset while no queue is known.
  std::optional<Time> next(Time now) const;

  void readings(std::vector<Reading>& out) const;
  const Calendar& calendar() const { return calendar_; }
  // Told as short of members since `then` or later.
  std::vector<std::string> short_of_members(Time then) const;
  // Null: not known yet.
  const QueueLoad* queue(const std::string& id) const;

  template <class A>
  void fields(A& a) {
    a("calendar", calendar_), a("queues", queues_), a("taken", taken_), a("told", told_);
  }

 private:
  QueueLoad* at(const std::string& queue);
  void answered(const calls::Call& call, Time at);
  void talk_over(const calls::Call& call, Time at);
  void tell_drift(const std::string& id, const QueueLoad& load, bool before, Time now, std::vector<Finding>& out);
  void tell(const std::string& id, QueueLoad& load, LoadCause before, Time now, std::vector<Finding>& out);

  LoadParameters parameters_;
  Calendar calendar_;
  std::map<std::string, QueueLoad> queues_;
  std::map<std::string, std::set<std::string>> taken_;  // kind of incident -> queues on which it stands
  std::map<std::string, std::set<LoadCause>> told_;     // queue -> causes told of the incident that stands
};

}  // namespace hf::detect
