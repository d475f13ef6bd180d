#include "agent/core/pbx_core.hpp"

#include <algorithm>

#include "agent/calls/pbx_name.hpp"

namespace hf::app {

namespace {

void keep(calls::Change& change, CoreOutput& out) {
  if (auto* ended = std::get_if<calls::CallEnded>(&change.what)) out.ended.push_back(std::move(ended->call));
  if (auto* agent = std::get_if<calls::AgentChanged>(&change.what)) out.agents.push_back(std::move(agent->interval));
}

}  // namespace

void PbxCore::set_site_model(const calls::SiteModel& model) {
  tracker_.set_site_model(model);
  meter_.set_site_model(model);
  forecaster_.set_site_model(model);
  detector_.set_site_model(model);
}

void PbxCore::on(const pbx::CallEvent& event, Time now, const DeclaredChanges& declared, Step& step, CoreOutput& out) {
  heard_ = true;
  detector_.heard(event);
  tracker_.on(event, changes_, now);
  deliver(declared, step, out);
  meter_.advance(now, tracker_, step.minutes);  // an event without a change may still have freed an agent
  explain(now, step);
}

void PbxCore::advance(Time now, const DeclaredChanges& declared, Step& step, CoreOutput& out) {
  tracker_.advance(now, changes_);
  deliver(declared, step, out);
  meter_.advance(now, tracker_, step.minutes);
  detector_.advance(now, tracker_, findings_);
  take(declared, step);
  explain(now, step);
}

bool PbxCore::acknowledge(const std::string& incident, const std::string& user, Time now, Step& step) {
  const bool known = book_.acknowledge(incident, user, now, step.incidents);
  explain(now, step);
  return known;
}

std::optional<Time> PbxCore::next_deadline() const {
  const Time next = std::min({tracker_.next_deadline().value_or(Time::max()), meter_.next_deadline().value_or(Time::max()),
                              detector_.next_deadline().value_or(Time::max())});
  return next == Time::max() ? std::nullopt : std::optional(next);
}

void PbxCore::deliver(const DeclaredChanges& declared, Step& step, CoreOutput& out) {
  if (changes_.empty()) return;
  for (const auto& change : changes_) {
    meter_.on(change, tracker_, step.minutes);
    if (const auto* given = std::get_if<calls::SurveyGiven>(&change.what)) take(*given, step);
    if (const auto* told = std::get_if<calls::VoiceReported>(&change.what)) voice_.add(metrics::sum_of(*told), step.voice);
  }
  detector_.on(changes_, tracker_, findings_);
  take(declared, step);
  for (const auto& change : changes_) explainer_.on(change, tracker_, detector_.ways());
  for (auto& change : changes_) keep(change, out);
  changes_.clear();
}

// Each answer changes one quarter by one, so every multiple is passed.
void PbxCore::take(const calls::SurveyGiven& given, Step& step) {
  const size_t before = step.surveys.size();
  surveys_.add(metrics::sum_of(given), step.surveys);
  if (!given.answer.valid() || step.surveys.size() == before) return;
  auto day = metrics::day_of(surveys_, step.surveys.back());
  if (day.answers > 0 && day.answers % kForHq == 0) step.survey_days.push_back(std::move(day));
}

void PbxCore::take(const DeclaredChanges& declared, Step& step) {
  if (findings_.empty()) return;
  const size_t before = step.incidents.size();
  book_.on(findings_, step.incidents);
  findings_.clear();
  for (size_t i = before; i < step.incidents.size(); ++i) mark_declared(declared, step.incidents[i]);
}

// An incident that began within a declared change of its line or queue says so; it is opened and measured as any other.
void PbxCore::mark_declared(const DeclaredChanges& declared, incidents::Incident& incident) {
  if (!incident.declared.empty()) return;
  const auto among = [](const auto& list, std::string_view id) { return std::find(list.begin(), list.end(), id) != list.end(); };
  for (const auto& [id, change] : declared) {
    if (incident.onset_high < change.from || incident.onset_low >= change.to) continue;
    if (calls::pbx_of(change.subject) != name_) continue;
    const std::string_view subject = calls::within_pbx(change.subject);
    const bool line = change.scope == metrics::Scope::line;
    const bool leads = !line && std::any_of(incident.lines.begin(), incident.lines.end(), [&](const auto& l) { return tracker_.queue_of_line(l) == subject; });
    if (!leads && !among(line ? incident.lines : incident.queues, subject)) continue;
    incident.declared = id;
    book_.mark_declared(incident.id, id);
    return;
  }
}

void PbxCore::explain(Time now, Step& step) {
  if (!step.minutes.empty()) forecaster_.on(step.minutes);
  if (!step.minutes.empty() || !step.incidents.empty())
    explainer_.on(step.minutes, tracker_, detector_.ways(), detector_.load_watch(), now, book_, step.incidents);
}

void PbxCore::save(StateSaver& out) const {
  out.put(heard_);
  tracker_.save(out);
  meter_.save(out);
  out.put(surveys_);
  out.put(voice_);
  forecaster_.save(out);
  detector_.save(out);
  book_.save(out);
  out.put(explainer_);
}

bool PbxCore::load(StateLoader& in) {
  in.get(heard_);
  const bool read = tracker_.load(in) && meter_.load(in) && surveys_.load(in) && voice_.load(in) && forecaster_.load(in) && detector_.load(in) && book_.load(in);
  if (read) in.get(explainer_);
  return read && in.ok();
}

}  // namespace hf::app
