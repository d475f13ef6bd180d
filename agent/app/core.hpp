// The whole of what Holdfast thinks, in one object without a clock: calls, metrics, signals and incidents in one order.
// In: journal entries in sequence order. Out: what became known. The same core follows a live PBX, reads a capture and rebuilds after a kill.
// Two cores that took the same entries are equal byte by byte (save()).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/app/core_usual.hpp"
#include "agent/calls/tracker.hpp"
#include "agent/detect/detector.hpp"
#include "agent/forecast/forecaster.hpp"
#include "agent/incidents/book.hpp"
#include "agent/incidents/explainer.hpp"
#include "agent/metrics/meter.hpp"
#include "agent/rules/book.hpp"

namespace hf::app {

// Goes up whenever the meaning of the saved state or of a result changes: snapshots of another version are not read.
inline constexpr uint32_t kCoreVersion = 15;

// What one indivisible step of the core made known. Steps that say something are numbered from 1 within an epoch, and the number does not
// depend on how the way there was cut into calls of advance(): a replay makes the same steps with the same numbers.
struct Step {
  uint64_t number = 0;
  Time at{};
  std::vector<metrics::Minute> minutes;        // closed, or closed again with a higher revision
  std::vector<incidents::Incident> incidents;  // opened, changed or closed
  std::optional<calls::SiteModel> site_model;  // set in this step
  std::vector<rules::Firing> firings{};        // opened, paged or closed
};

struct CoreOutput {
  std::vector<calls::Call> ended;
  std::vector<calls::AgentInterval> agents;
  std::vector<Step> steps;

  void clear();
};

class Core {
 public:
  // `epoch`: the journal's, part of incident ids.
  explicit Core(uint64_t epoch);

  void set_site_model(Time at, const calls::SiteModel& model, CoreOutput& out);
  // For experiments, before the first event: other numbers than the ones that the box runs with. Not part of the state.
  void set_parameters(const detect::Parameters& parameters) { detector_.set_parameters(parameters); }
  // Moves time to event.at first. An event older than the core's time is taken at the core's time.
  void on(const pbx::CallEvent& event, CoreOutput& out);
  // False when there is no such open incident.
  bool acknowledge(Time at, const std::string& incident, const std::string& user, CoreOutput& out);
  // A rule, hypothesis or declared change is set, snoozed or goes. The error of rules::Book::check(), and then nothing changes.
  Status act(Time at, const rules::Action& action, CoreOutput& out);
  // Everything that is due until `to` happens at its own time. advance(a), advance(b) equals advance(b).
  void advance(Time to, CoreOutput& out);

  Time now() const { return now_; }
  const calls::Tracker& tracker() const { return tracker_; }
  const metrics::Meter& meter() const { return meter_; }
  const forecast::Forecaster& forecaster() const { return forecaster_; }
  const detect::Detector& detector() const { return detector_; }
  const incidents::Book& book() const { return book_; }
  const rules::Book& rules() const { return rules_; }
  // What rules compare with; valid as long as the core.
  CoreUsual usual() const { return CoreUsual(detector_.load_watch()); }

  std::string save() const;
  [[nodiscard]] bool load(std::string_view bytes);

 private:
  void deliver(Step& step, CoreOutput& out);
  void take(Step& step);
  void mark_declared(incidents::Incident& incident);
  void finish(Step&& step, CoreOutput& out);
  std::optional<Time> next_deadline() const;

  Time now_{};
  uint64_t steps_ = 0;
  calls::Tracker tracker_;
  metrics::Meter meter_;
  forecast::Forecaster forecaster_;
  detect::Detector detector_;
  incidents::Book book_;
  incidents::Explainer explainer_;
  rules::Book rules_;
  std::vector<calls::Change> changes_;      // empty between calls: kept for their room alone
  std::vector<detect::Finding> findings_;
};

}  // namespace hf::app
