#include "agent/app/core.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::app {

namespace {

void keep(calls::Change& change, CoreOutput& out) {
  if (auto* ended = std::get_if<calls::CallEnded>(&change.what)) out.ended.push_back(std::move(ended->call));
  if (auto* agent = std::get_if<calls::AgentChanged>(&change.what)) out.agents.push_back(std::move(agent->interval));
}

}  // namespace

void CoreOutput::clear() { ended.clear(), agents.clear(), steps.clear(); }

Core::Core(uint64_t epoch) : book_(fmt::format("{:016x}", epoch)), rules_(fmt::format("{:016x}", epoch)) {}

void Core::set_site_model(Time at, const calls::SiteModel& model, CoreOutput& out) {
  advance(std::max(at, now_), out);
  tracker_.set_site_model(model);
  meter_.set_site_model(model);
  forecaster_.set_site_model(model);
  detector_.set_site_model(model);
  rules_.set_site_model(model);
  Step step;
  step.site_model = model;
  finish(std::move(step), out);
}

void Core::on(const pbx::CallEvent& event, CoreOutput& out) {
  advance(std::max(event.at, now_), out);
  detector_.heard(event);
  tracker_.on(event, changes_, now_);
  Step step;
  deliver(step, out);
  meter_.advance(now_, tracker_, step.minutes);  // an event without a change may still have freed an agent
  for (const auto& minute : step.minutes) rules_.on(minute);
  finish(std::move(step), out);
}

bool Core::acknowledge(Time at, const std::string& incident, const std::string& user, CoreOutput& out) {
  advance(std::max(at, now_), out);
  Step step;
  const bool known = book_.acknowledge(incident, user, now_, step.incidents);
  finish(std::move(step), out);
  return known;
}

Status Core::act(Time at, const rules::Action& action, CoreOutput& out) {
  advance(std::max(at, now_), out);
  if (auto good = rules_.check(action, now_); !good) return good;
  Step step;
  rules_.take(action, now_, step.firings);
  finish(std::move(step), out);
  return {};
}

void Core::advance(Time to, CoreOutput& out) {
  for (auto due = next_deadline(); due && *due <= to; due = next_deadline()) {
    now_ = std::max(now_, *due);
    Step step;
    tracker_.advance(now_, changes_);
    deliver(step, out);
    meter_.advance(now_, tracker_, step.minutes);
    detector_.advance(now_, tracker_, findings_);
    take(step);
    for (const auto& minute : step.minutes) rules_.on(minute);
    const CoreUsual known = usual();
    rules_.advance(now_, tracker_, meter_, step.firings, &known);
    finish(std::move(step), out);
  }
  now_ = std::max(now_, to);
}

std::optional<Time> Core::next_deadline() const {
  const Time next = std::min({tracker_.next_deadline().value_or(Time::max()), meter_.next_deadline().value_or(Time::max()),
                              detector_.next_deadline().value_or(Time::max()), rules_.next_deadline().value_or(Time::max())});
  return next == Time::max() ? std::nullopt : std::optional(next);
}

void Core::deliver(Step& step, CoreOutput& out) {
  if (changes_.empty()) return;
  for (const auto& change : changes_) {
    meter_.on(change, tracker_, step.minutes);
    if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) rules_.on(ended->call);
  }
  detector_.on(changes_, tracker_, findings_);
  take(step);
  for (const auto& change : changes_) explainer_.on(change, tracker_, detector_.ways());
  for (auto& change : changes_) keep(change, out);
  changes_.clear();
}

void Core::take(Step& step) {
  if (findings_.empty()) return;
  const size_t before = step.incidents.size();
  book_.on(findings_, step.incidents);
  findings_.clear();
  for (size_t i = before; i < step.incidents.size(); ++i) mark_declared(step.incidents[i]);
}

// An incident that began within a declared change of its line or queue says so; it is opened and measured as any other.
void Core::mark_declared(incidents::Incident& incident) {
  if (!incident.declared.empty()) return;
  const auto among = [](const auto& list, const std::string& id) { return std::find(list.begin(), list.end(), id) != list.end(); };
  for (const auto& [id, change] : rules_.changes()) {
    if (incident.onset_high < change.from || incident.onset_low >= change.to) continue;
    const bool line = change.scope == metrics::Scope::line;
    const bool leads = !line && std::any_of(incident.lines.begin(), incident.lines.end(), [&](const auto& l) { return tracker_.queue_of_line(l) == change.subject; });
    if (!leads && !among(line ? incident.lines : incident.queues, change.subject)) continue;
    incident.declared = id;
    book_.mark_declared(incident.id, id);
    return;
  }
}

void Core::finish(Step&& step, CoreOutput& out) {
  if (!step.minutes.empty()) forecaster_.on(step.minutes);
  if (!step.minutes.empty() || !step.incidents.empty())
    explainer_.on(step.minutes, tracker_, detector_.ways(), detector_.load_watch(), now_, book_, step.incidents);
  if (step.minutes.empty() && step.incidents.empty() && step.firings.empty() && !step.site_model) return;
  step.number = ++steps_;
  step.at = now_;
  out.steps.push_back(std::move(step));
}

std::string Core::save() const {
  Saver saver;
  saver.put(kCoreVersion);
  saver.put(now_);
  saver.put(steps_);
  tracker_.save(saver);
  meter_.save(saver);
  forecaster_.save(saver);
  detector_.save(saver);
  book_.save(saver);
  rules_.save(saver);
  saver.put(explainer_);
  return std::move(saver.bytes);
}

bool Core::load(std::string_view bytes) {
  Loader loader(bytes);
  uint32_t version = 0;
  loader.get(version);
  if (!loader.ok() || version != kCoreVersion) return false;
  loader.get(now_);
  loader.get(steps_);
  const bool read = tracker_.load(loader) && meter_.load(loader) && forecaster_.load(loader) && detector_.load(loader) && book_.load(loader) &&
                    rules_.load(loader);
  if (read) loader.get(explainer_);
  return read && loader.at_end();
}

}  // namespace hf::app
