// All signals of one PBX. In: Changes, after the tracker took them, and time. Out: Findings, in order. Pure: no clock,
// no I/O; all state is in save() and load(). Owned and driven by the core's one loop: advance() up to each deadline
// before the change that comes after it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/beside_free.hpp"
#include "agent/detect/dead_queues.hpp"
#include "agent/detect/drought_watch.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/hold_case.hpp"
#include "agent/detect/load_watch.hpp"
#include "agent/detect/new_sounds.hpp"
#include "agent/detect/parameters.hpp"
#include "agent/detect/queue_holds.hpp"
#include "agent/detect/refusing_phones.hpp"
#include "agent/detect/service_watch.hpp"
#include "agent/detect/side_signals.hpp"
#include "agent/detect/ways.hpp"

namespace hf::detect {

class Detector {
 public:
  void set_site_model(const calls::SiteModel& model);
  // Every event, before the tracker takes it: what the source tells, and when, is a signal too.
  void heard(const pbx::CallEvent& event) { side_.heard(event), drought_.heard(event.at); }
  // The changes of one event together: who is beside free people is looked at once for each time among them.
  void on(std::span<const calls::Change> changes, const calls::Tracker& tracker, std::vector<Finding>& out);
  void on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out) {
    on(std::span(&change, 1), tracker, out);
  }
  // For experiments: other numbers than the ones that the box runs with. Before the first change.
  void set_parameters(const Parameters& parameters) {
    inside_.set_parameters(parameters), load_.set_parameters(parameters.load),
        drought_.set_parameters(parameters.drought);
  }
  // Does what is due up to `to`, each at its own time; does nothing at `to` itself unless something is due then, so
  // that advance(a), advance(b) equals advance(b).
  void advance(Time to, const calls::Tracker& tracker, std::vector<Finding>& out);
  std::optional<Time> next_deadline() const { return due_; }

  const Ways& ways() const { return ways_; }
  const HoldCase& hold() const { return hold_; }
  // What is usual for each queue, and its load now.
  const LoadWatch& load_watch() const { return load_; }
  // What becomes of each queue's callers, and what Erlang-A expects.
  const ServiceWatch& service_watch() const { return service_; }
  // Answers to surveys have come.
  bool surveys_heard() const { return side_.surveys_heard(); }
  // What every signal of the catalogue reads now. At least one each, in the catalogue's order.
  std::vector<Reading> readings(Time now, const calls::Tracker& tracker) const;

  void save(StateSaver& out) const;
  [[nodiscard]] bool load(StateLoader& in);
  template <class A>
  void fields(A& a) {
    a("ways", ways_), a("beside", beside_), a("hold", hold_), a("sounds", sounds_), a("phones", phones_),
        a("dead", dead_), a("inside", inside_), a("due", due_), a("load", load_), a("side", side_), a("drought", drought_), a("service", service_);
  }

 private:
  void take(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out);
  void look(Time at, const calls::Tracker& tracker);
  void tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  void weigh_shortages(size_t from, Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  void expect_minute(Time now, const calls::Tracker& tracker);
  void tell_lines(size_t from, std::vector<Finding>& out) const;
  void hear(const calls::Change& change, const Ways::Settled& settled);
  void share_the_case(size_t from, std::vector<Finding>& out) const;
  void tell_queues(size_t from, Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  bool ticks_wanted() const;
  void expect(Time at) { due_ = due_ ? std::min(*due_, at) : at; }

  Ways ways_;
  BesideFree beside_;
  HoldCase hold_;
  NewSounds sounds_;
  RefusingPhones phones_;
  DeadQueues dead_;
  QueueHolds inside_;
  SideSignals side_;
  LoadWatch load_;
  DroughtWatch drought_;
  ServiceWatch service_;
  std::optional<Time> due_;
};

}  // namespace hf::detect
