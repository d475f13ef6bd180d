#include "agent/core/core.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/core/core_sight.hpp"
#include "agent/core/site_ids.hpp"

namespace hf::app {

Core::Core(uint64_t epoch) : epoch_(fmt::format("{:016x}", epoch)), rules_(epoch_) { pbxs_.emplace("", PbxCore("", epoch_)); }

void Core::set_site_model(Time at, const calls::SiteModel& model, CoreOutput& out) {
  advance(std::max(at, now_), out);
  model_ = model;
  for (auto& [name, pbx] : pbxs_) pbx.set_site_model(part_of(model, name));
  rules_.set_site_model(model);
  Step step;
  step.site_model = model;
  number(std::move(step), out);
}

void Core::set_parameters(const detect::Parameters& parameters) {
  parameters_ = parameters;
  for (auto& [name, pbx] : pbxs_) pbx.set_parameters(parameters);
}

PbxCore& Core::pbx_for(const std::string& name) {
  if (name.empty()) return pbxs_.begin()->second;  // every event of most sites
  const auto known = pbxs_.find(name);
  if (known != pbxs_.end()) return known->second;
  PbxCore& made = pbxs_.emplace(name, PbxCore(name, epoch_)).first->second;
  made.set_parameters(parameters_);
  made.set_site_model(part_of(model_, name));
  return made;
}

const PbxCore& Core::pbx(std::string_view name) const {
  const auto known = pbxs_.find(name);
  return known == pbxs_.end() ? pbxs_.begin()->second : known->second;
}

void Core::on(const pbx::CallEvent& event, CoreOutput& out) {
  advance(std::max(event.at, now_), out);
  PbxCore& pbx = pbx_for(event.pbx);
  Step step;
  const size_t ended = out.ended.size(), agents = out.agents.size();
  pbx.on(event, now_, rules_.changes(), step, out);
  make_known(pbx, std::move(step), ended, agents, out);
}

bool Core::acknowledge(Time at, const std::string& incident, const std::string& user, CoreOutput& out) {
  advance(std::max(at, now_), out);
  bool known = false;
  for (auto& [name, pbx] : pbxs_) {
    if (!pbx.book().open().contains(incident)) continue;
    Step step;
    known = pbx.acknowledge(incident, user, now_, step) || known;
    make_known(pbx, std::move(step), out.ended.size(), out.agents.size(), out);
  }
  return known;
}

Status Core::act(Time at, const rules::Action& action, CoreOutput& out) {
  advance(std::max(at, now_), out);
  if (auto good = rules_.check(action, now_); !good) return good;
  Step step;
  rules_.take(action, now_, step.firings);
  number(std::move(step), out);
  return {};
}

// Of what is due at one time, the PBXs come first, by name, and then the rules, which look at all of them.
void Core::advance(Time to, CoreOutput& out) {
  for (auto due = next_deadline(); due && *due <= to; due = next_deadline()) {
    now_ = std::max(now_, *due);
    for (auto& [name, pbx] : pbxs_) {
      const auto next = pbx.next_deadline();
      if (!next || *next > now_) continue;
      Step step;
      const size_t ended = out.ended.size(), agents = out.agents.size();
      pbx.advance(now_, rules_.changes(), step, out);
      make_known(pbx, std::move(step), ended, agents, out);
    }
    Step step;
    rules_.advance(now_, CoreSight(pbxs_), step.firings);
    number(std::move(step), out);
  }
  now_ = std::max(now_, to);
}

std::optional<Time> Core::next_deadline() const {
  Time next = rules_.next_deadline().value_or(Time::max());
  for (const auto& [name, pbx] : pbxs_) next = std::min(next, pbx.next_deadline().value_or(Time::max()));
  return next == Time::max() ? std::nullopt : std::optional(next);
}

// From here on ids are the site's. `ended`, `agents`: from where on `out` holds what this step added.
void Core::make_known(const PbxCore& pbx, Step&& step, size_t ended, size_t agents, CoreOutput& out) {
  to_site_ids(pbx.name(), step);
  for (size_t i = ended; i < out.ended.size(); ++i) {
    to_site_ids(pbx.name(), out.ended[i]);
    rules_.on(out.ended[i]);
  }
  for (size_t i = agents; i < out.agents.size(); ++i) to_site_ids(pbx.name(), out.agents[i]);
  for (const auto& minute : step.minutes) rules_.on(minute);
  number(std::move(step), out);
}

void Core::number(Step&& step, CoreOutput& out) {
  if (step.minutes.empty() && step.incidents.empty() && step.firings.empty() && step.surveys.empty() && step.voice.empty() && !step.site_model) return;
  step.number = ++steps_;
  step.at = now_;
  out.steps.push_back(std::move(step));
}

std::map<std::string, incidents::Incident> Core::open_incidents() const {
  std::map<std::string, incidents::Incident> open;
  for (const auto& [name, pbx] : pbxs_)
    for (const auto& [id, incident] : pbx.book().open()) to_site_ids(name, open.emplace(id, incident).first->second);
  return open;
}

std::string Core::save() const {
  StateSaver saver;
  saver.put(kCoreVersion);
  saver.put(now_);
  saver.put(steps_);
  saver.put(model_);
  saver.put(static_cast<uint32_t>(pbxs_.size()));
  for (const auto& [name, pbx] : pbxs_) {
    saver.put(name);
    pbx.save(saver);
  }
  rules_.save(saver);
  return std::move(saver.bytes);
}

bool Core::load(std::string_view bytes) {
  StateLoader loader(bytes);
  uint32_t version = 0, count = 0;
  loader.get(version);
  if (!loader.ok() || version != kCoreVersion) return false;
  loader.get(now_);
  loader.get(steps_);
  loader.get(model_);
  loader.get(count);
  for (; loader.ok() && count > 0; --count) {
    std::string name;
    loader.get(name);
    if (!loader.ok() || !pbx_for(name).load(loader)) return false;
  }
  return rules_.load(loader) && loader.at_end();
}

}  // namespace hf::app
