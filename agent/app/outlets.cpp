#include "agent/app/outlets.hpp"

#include <fmt/format.h>

namespace hf::app {

namespace {

constexpr size_t kStepsAtOnce = 1'000;  // in one transaction: some 2 MB of messages

}  // namespace

Result<StoreOutlet> StoreOutlet::open(store::Store& store, uint64_t epoch, uint64_t last_sequence) {
  auto mark = store.applied();
  if (!mark) return fail(std::move(mark.error()));
  const std::string version = std::to_string(kCoreVersion);
  if (mark->epoch != epoch || mark->core_version != version || mark->sequence > last_sequence) {
    if (mark->sequence > 0)
      if (auto wiped = store.wipe(); !wiped) return fail(std::move(wiped.error()));
    *mark = {epoch, 0, version};
  }
  return StoreOutlet(store, std::move(*mark));
}

Status StoreOutlet::take(const CoreOutput& output, uint64_t sequence) {
  std::vector<metrics::Minute> minutes;
  std::vector<incidents::Incident> incidents;
  std::vector<rules::Firing> firings;
  std::vector<metrics::SurveySum> surveys;
  std::vector<metrics::VoiceSum> voice;
  for (const auto& step : output.steps) {
    minutes.insert(minutes.end(), step.minutes.begin(), step.minutes.end());
    incidents.insert(incidents.end(), step.incidents.begin(), step.incidents.end());
    firings.insert(firings.end(), step.firings.begin(), step.firings.end());
    surveys.insert(surveys.end(), step.surveys.begin(), step.surveys.end());
    voice.insert(voice.end(), step.voice.begin(), step.voice.end());
  }
  store::Applied mark = mark_;
  mark.sequence = sequence;
  if (auto applied = store_->apply(mark, {minutes, output.ended, output.agents, incidents, firings, surveys, voice}); !applied) return applied;
  mark_ = std::move(mark);
  return {};
}

std::vector<sync::ApprovedLabel> approved_labels(const calls::SiteModel& model) {
  std::vector<sync::ApprovedLabel> labels;
  for (const auto& line : model.lines)
    if (!line.label.empty()) labels.push_back({metrics::Scope::line, line.id, line.label});
  for (const auto& queue : model.queues)
    if (!queue.label.empty()) labels.push_back({metrics::Scope::queue, queue.id, queue.label});
  return labels;
}

OutboxOutlet::OutboxOutlet(sync::Outgoing& outgoing, uint64_t epoch) : outgoing_(outgoing), epoch_(fmt::format("{:016x}", epoch)) {}

Status OutboxOutlet::take(const CoreOutput& output, uint64_t) {
  std::vector<sync::NumberedOutputs> steps;
  for (const auto& step : output.steps) {
    sync::Outputs outputs{step.at, step.minutes, step.incidents, std::nullopt, 0, step.survey_days};
    if (step.site_model) {
      outputs.labels = approved_labels(*step.site_model);
      outputs.labels_revision = static_cast<uint32_t>(step.number);
    }
    steps.push_back({step.number, std::move(outputs)});
    if (steps.size() < kStepsAtOnce) continue;
    if (auto put = outgoing_.put(epoch_, steps); !put) return put;
    steps.clear();
  }
  return outgoing_.put(epoch_, steps);
}

}  // namespace hf::app
