// What the core made known.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/calls/site_model.hpp"
#include "agent/incidents/incident.hpp"
#include "agent/metrics/minute.hpp"
#include "agent/metrics/survey_sum.hpp"
#include "agent/metrics/voice_sum.hpp"
#include "agent/rules/firing.hpp"

namespace hf::app {

// What one indivisible step of the core made known. Steps that say something are numbered from 1 within an epoch, and the number does not
// depend on how the way there was cut into calls of advance(): a replay makes the same steps with the same numbers.
struct Step {
  uint64_t number = 0;
  Time at{};
  std::vector<metrics::Minute> minutes;        // closed, or closed again with a higher revision
  std::vector<incidents::Incident> incidents;  // opened, changed or closed
  std::optional<calls::SiteModel> site_model;  // set in this step
  std::vector<rules::Firing> firings{};        // opened, paged or closed
  std::vector<metrics::SurveySum> surveys{};   // quarters whose sums changed, whole
  std::vector<metrics::SurveySum> survey_days{};  // days of which HQ may hear: kForHq answers more, never fewer at a time
  std::vector<metrics::VoiceSum> voice{};  // quarters whose sums changed, whole
};

struct CoreOutput {
  std::vector<calls::Call> ended;
  std::vector<calls::AgentInterval> agents;
  std::vector<Step> steps;

  void clear() { ended.clear(), agents.clear(), steps.clear(); }
};

}  // namespace hf::app
