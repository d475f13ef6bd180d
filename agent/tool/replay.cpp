#include "agent/tool/replay.hpp"

#include <algorithm>
#include <tuple>

namespace hf::app {

namespace {

class Collector {
 public:
  void take(CoreOutput& output) {
    for (auto& call : output.ended) history.calls.push_back(std::move(call));
    for (auto& interval : output.agents) history.agents.push_back(std::move(interval));
    for (auto& step : output.steps) {
      for (auto& incident : step.incidents) incidents_.insert_or_assign(incident.id, std::move(incident));
      for (auto& minute : step.minutes) minutes_.insert_or_assign({minute.scope, minute.id, minute.start}, std::move(minute));
    }
    output.clear();
  }

  void finish(const Core& core) {
    history.source = core.pbx().tracker().source();
    for (const auto& [id, call] : core.pbx().tracker().open_calls()) history.calls.push_back(call);
    for (auto& interval : core.pbx().tracker().open_intervals()) history.agents.push_back(std::move(interval));
    for (auto& [id, incident] : incidents_) history.incidents.push_back(std::move(incident));
    std::ranges::stable_sort(history.incidents, {}, &incidents::Incident::signalled);
    for (auto& [key, minute] : minutes_) history.minutes.push_back(std::move(minute));
  }

  History history;

 private:
  std::map<std::string, incidents::Incident> incidents_;
  std::map<std::tuple<metrics::Scope, std::string, Time>, metrics::Minute> minutes_;
};

}  // namespace

Result<History> replay(const std::vector<std::filesystem::path>& paths, const SipKey& site_key, const calls::SiteModel& model) {
  auto reader = pbx::open_captures(paths, site_key);
  if (!reader) return fail(std::move(reader.error()));
  return replay(**reader, model);
}

History replay(pbx::CaptureReader& reader, const calls::SiteModel& model) {
  Core core(0);
  CoreOutput output;
  Collector collector;
  History& history = collector.history;
  pbx::Batch batch;
  while (reader.next(batch)) {
    if (history.events == 0) {
      history.first = batch.at;
      core.set_site_model(batch.at, model, output);
    }
    history.events += batch.events.size();
    history.last = batch.at;
    for (const auto& event : batch.events) core.on(event, output);
    collector.take(output);
  }
  collector.finish(core);
  history.warnings = reader.warnings();
  return std::move(history);
}

}  // namespace hf::app
