#include "agent/tool/replay.hpp"

#include <algorithm>
#include <tuple>

#include "agent/app/entries.hpp"
#include "agent/core/site_ids.hpp"
#include "agent/calls/pbx_name.hpp"
#include "agent/journal/journal.hpp"

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
    for (const auto& [name, pbx] : core.pbxs()) finish(name, pbx);
    for (auto& [id, incident] : incidents_) history.incidents.push_back(std::move(incident));
    std::ranges::stable_sort(history.incidents, {}, &incidents::Incident::signalled);
    for (auto& [key, minute] : minutes_) history.minutes.push_back(std::move(minute));
  }

  History history;

 private:
  void finish(const std::string& name, const PbxCore& pbx) {
    history.sources.emplace(name, pbx.tracker().source());
    for (const auto& [id, call] : pbx.tracker().open_calls()) to_site_ids(name, history.calls.emplace_back(call));
    for (auto& interval : pbx.tracker().open_intervals()) to_site_ids(name, history.agents.emplace_back(std::move(interval)));
  }

  std::map<std::string, incidents::Incident> incidents_;
  std::map<std::tuple<metrics::Scope, std::string, Time>, metrics::Minute> minutes_;
};

constexpr uint64_t kAtOnce = 100'000;
constexpr Duration kSettled = std::chrono::minutes(1);

// Takes the journal's entries as the engine does; what people did about rules changes no call.
class JournalReplay {
 public:
  void take(const journal::EntryView& entry) {
    const auto input = from_entry(entry);
    if (!input) return warn(input.error().what);
    if (const auto* event = std::get_if<pbx::CallEvent>(&*input)) {
      if (collector_.history.events++ == 0) collector_.history.first = event->at;
      collector_.history.last = event->at;
      core_.on(*event, output_);
    }
    if (const auto* model = std::get_if<calls::SiteModel>(&*input)) core_.set_site_model(entry.at, *model, output_);
    collector_.take(output_);
  }
  // A call whose end is not settled yet (an abandon that may be a time-out) is settled by time alone.
  History finish(Time now) {
    core_.advance(std::min(now, collector_.history.last + kSettled), output_);
    collector_.take(output_);
    collector_.finish(core_);
    return std::move(collector_.history);
  }

 private:
  void warn(const std::string& what) {
    if (collector_.history.warnings.size() < 100) collector_.history.warnings.push_back(what);
  }

  Core core_{0};
  CoreOutput output_;
  Collector collector_;
};

}  // namespace

const pbx::SourceUp& History::source_of(const calls::Call& call) const {
  const auto known = sources.find(calls::pbx_of(call.id));
  return known == sources.end() ? source : known->second;
}

bool is_journal(const std::filesystem::path& folder) {
  const auto segments = journal::list_segments(folder);
  return segments && !segments->empty();
}

Result<History> replay_journal(const std::filesystem::path& folder, Time now) {
  if (!is_journal(folder)) return fail(ErrorKind::invalid_input, folder.string() + ": no agent keeps its journal there");
  JournalReplay run;
  for (uint64_t next = 1, last = 0;; next = last + 1) {
    auto read = journal::read_folder(folder, next, kAtOnce, [&](const journal::EntryView& entry) {
      last = entry.sequence;
      run.take(entry);
    });
    if (!read) return fail(std::move(read.error()).context("reading the journal"));
    if (*read == 0) break;
  }
  return run.finish(now);
}

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
