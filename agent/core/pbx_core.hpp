// All that Holdfast thinks of one PBX: calls, metrics, signals and incidents in one order. In: its events. Out: what became known, in the PBX's
// own ids. Pure; the Core drives it. Nothing of one PBX can disturb what is thought of another.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/core/core_output.hpp"
#include "agent/detect/detector.hpp"
#include "agent/forecast/forecaster.hpp"
#include "agent/incidents/book.hpp"
#include "agent/incidents/explainer.hpp"
#include "agent/metrics/meter.hpp"
#include "agent/metrics/survey_sum.hpp"
#include "agent/metrics/voice_sum.hpp"
#include "agent/rules/rule.hpp"

namespace hf::app {

class PbxCore {
 public:
  // Answers to a survey that go to HQ together: from two sums of a day no single answer can be told.
  static constexpr uint32_t kForHq = 5;
  using DeclaredChanges = std::map<std::string, rules::DeclaredChange>;

  // `name`: empty for a site's PBX without one. `epoch`: the journal's; both go into the incidents' ids.
  PbxCore(std::string name, const std::string& epoch) : name_(std::move(name)), book_(epoch + name_) {}

  // In the PBX's own ids: part_of().
  void set_site_model(const calls::SiteModel& model);
  void set_parameters(const detect::Parameters& parameters) { detector_.set_parameters(parameters); }
  // The event at `now`, when everything before is done. Incidents that began within one of `declared` say so.
  void on(const pbx::CallEvent& event, Time now, const DeclaredChanges& declared, Step& step, CoreOutput& out);
  // Does what is due at `now`.
  void advance(Time now, const DeclaredChanges& declared, Step& step, CoreOutput& out);
  bool acknowledge(const std::string& incident, const std::string& user, Time now, Step& step);
  std::optional<Time> next_deadline() const;

  const std::string& name() const { return name_; }
  bool heard() const { return heard_; }  // an event came, ever
  const calls::Tracker& tracker() const { return tracker_; }
  const metrics::Meter& meter() const { return meter_; }
  const forecast::Forecaster& forecaster() const { return forecaster_; }
  const detect::Detector& detector() const { return detector_; }
  const metrics::SurveyBook& surveys() const { return surveys_; }
  const metrics::VoiceBook& voice() const { return voice_; }
  const incidents::Book& book() const { return book_; }

  void save(StateSaver& out) const;
  [[nodiscard]] bool load(StateLoader& in);

 private:
  void deliver(const DeclaredChanges& declared, Step& step, CoreOutput& out);
  void take(const calls::SurveyGiven& given, Step& step);
  void take(const DeclaredChanges& declared, Step& step);
  void mark_declared(const DeclaredChanges& declared, incidents::Incident& incident);
  void explain(Time now, Step& step);

  std::string name_;
  bool heard_ = false;
  calls::Tracker tracker_;
  metrics::Meter meter_;
  metrics::SurveyBook surveys_;
  metrics::VoiceBook voice_;
  forecast::Forecaster forecaster_;
  detect::Detector detector_;
  incidents::Book book_;
  incidents::Explainer explainer_;
  std::vector<calls::Change> changes_;  // empty between calls: kept for their room alone
  std::vector<detect::Finding> findings_;
};

}  // namespace hf::app
