// Rules, firings, backtests, hypotheses and declared changes as the contract's JSON.
#include <algorithm>
#include <boost/json/array.hpp>

#include "agent/rules/firing.hpp"
#include "agent/web/rules_json.hpp"
#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr size_t kMaxPlaces = 50;

std::string_view to_string(metrics::Scope scope) { return scope == metrics::Scope::line ? "line" : "queue"; }

std::string_view to_string(rules::Unit unit) {
  switch (unit) {
    case rules::Unit::seconds: return "seconds";
    case rules::Unit::share: return "share";
    case rules::Unit::count: return "count";
  }
  return "count";
}

std::string_view to_string(BacktestState state) {
  switch (state) {
    case BacktestState::running: return "running";
    case BacktestState::done: return "done";
    case BacktestState::cancelled: return "cancelled";
    case BacktestState::failed: return "failed";
  }
  return "failed";
}

std::string_view to_string(ChangePhase phase) {
  switch (phase) {
    case ChangePhase::planned: return "planned";
    case ChangePhase::running: return "running";
    case ChangePhase::over: return "over";
  }
  return "over";
}

object place_json(const PlaceName& place) { return {{"scope", to_string(place.scope)}, {"id", place.id}, {"label", place.label}}; }

array values_json(const std::vector<rules::Value>& values) {
  array out;
  for (const auto& v : values) {
    const auto& facts = rules::facts(v.measure);
    out.push_back(object{{"measure", facts.name}, {"scope", to_string(v.place.scope)}, {"id", v.place.id}, {"unit", to_string(facts.unit)},
                         {"over_s", v.over == Duration{} ? value(nullptr) : json(v.over)}, {"value", json(v.value)}, {"at_least", v.at_least},
                         {"sample", v.sample}, {"why", rules::to_string(v.why)}});
  }
  return out;
}

object firing_json(const rules::Firing& f, const PlaceName& place, const std::string& name) {
  return {{"id", f.id},
          {"rule", f.rule},
          {"name", name},
          {"role", rules::to_string(f.role)},
          {"severity", rules::to_string(f.severity)},
          {"shadow", f.shadow},
          {"place", place_json(place)},
          {"since", json(f.since)},
          {"opened", json(f.opened)},
          {"time_to_signal_s", json(f.opened - f.since)},
          {"paged", json(f.paged)},
          {"closed", json(f.closed)},
          {"ended", rules::to_string(f.ended)},
          {"values", values_json(f.values)}};
}

object at_json(const RuleAt& at, const std::string& name) {
  return {{"place", place_json(at.place)}, {"truth", rules::to_string(at.truth)}, {"asked", json(at.asked)}, {"since", json(at.since)},
          {"firing", at.firing ? value(firing_json(*at.firing, at.place, name)) : value(nullptr)}, {"values", values_json(at.values)}};
}

array places_json(const std::vector<RuleAt>& places, const std::string& name) {
  array out;
  for (size_t n = 0; n < std::min(places.size(), kMaxPlaces); ++n) out.push_back(at_json(places[n], name));
  return out;
}

object maintenance_json(const rules::Maintenance& m) {
  array days;
  for (int day = 0; day < 7; ++day)
    if ((m.weekdays >> day & 1) != 0) days.push_back(day);
  const bool weekly = m.weekdays != 0;
  return {{"weekdays", std::move(days)}, {"from_minute", m.from_minute}, {"to_minute", m.to_minute}, {"from", weekly ? value(nullptr) : json(m.from)},
          {"to", weekly ? value(nullptr) : json(m.to)}};
}

object incident_json(const incidents::Incident& i) {
  return {{"id", i.id}, {"kind", incidents::to_string(i.kind)}, {"onset", json(i.onset)}, {"signalled", json(i.signalled)}, {"closed", json(i.closed)},
          {"imposed_wait_s", json(i.imposed_wait)}, {"affected_calls", i.affected_calls}};
}

array incidents_json(const std::vector<incidents::Incident>& all) {
  array out;
  for (const auto& one : all) out.push_back(incident_json(one));
  return out;
}

object measure_json(const ChangeMeasure& m) { return {{"wait_s", json(m.wait)}, {"handling_s", json(m.handling)}, {"answered", m.answered}}; }

object score_json(const rules::Score& s) {
  array leads;
  for (const Duration lead : s.leads) leads.push_back(json(lead));
  std::vector<Duration> sorted = s.leads;
  std::sort(sorted.begin(), sorted.end());
  return {{"signals", s.signals}, {"hits", s.hits}, {"misses", s.misses}, {"open", s.open}, {"targets", s.targets}, {"foreseen", s.foreseen},
          {"median_lead_s", sorted.empty() ? value(nullptr) : json(sorted[sorted.size() / 2])}, {"leads_s", std::move(leads)}};
}

}  // namespace

object to_json(const RuleView& view) {
  const auto& r = view.rule;
  array maintenance;
  for (const auto& one : r.maintenance) maintenance.push_back(maintenance_json(one));
  const auto firing = std::count_if(view.places.begin(), view.places.end(), [](const RuleAt& at) { return at.firing.has_value(); });
  return {{"id", r.id},
          {"name", r.name},
          {"text", r.text},
          {"owner", r.owner},
          {"runbook", r.runbook},
          {"severity", rules::to_string(r.severity)},
          {"mode", rules::to_string(r.mode)},
          {"maintenance", std::move(maintenance)},
          {"snoozed_until", json(r.snoozed_until)},
          {"snoozed_by", r.snoozed_by},
          {"revision", r.revision},
          {"changed", json(r.changed)},
          {"changed_by", r.changed_by},
          {"quiet", rules::to_string(view.quiet)},
          {"fired", view.fired},
          {"firing", firing},
          {"places", places_json(view.places, r.name)},
          {"places_omitted", view.places.size() > kMaxPlaces ? view.places.size() - kMaxPlaces : 0}};
}

object to_json(const RuleList& list) {
  array all, measures, names;
  for (const auto& view : list.rules) all.push_back(to_json(view));
  for (const auto& m : rules::all_measures())
    measures.push_back(object{{"name", m.name}, {"unit", to_string(m.unit)}, {"looks_back", m.over}, {"needs_agents", m.agents}, {"has_usual", m.usual}});
  for (const auto& name : list.names) names.push_back(place_json(name));
  return {{"rules", std::move(all)}, {"measures", std::move(measures)}, {"names", std::move(names)}};
}

object to_json(const FiringView& view) { return firing_json(view.firing, view.place, view.name); }

object to_json(const TextCheck& check) {
  value problem;
  if (const auto& p = check.problem)
    problem = object{{"id", p->id}, {"name", p->name}, {"suggestion", p->suggestion}, {"column", p->column}, {"length", p->length}, {"text", rules::to_text(*p)}};
  return {{"problem", std::move(problem)}, {"now", places_json(check.now, "")}};
}

object to_json(const BacktestView& view) {
  object out{{"id", view.id}, {"state", to_string(view.state)}, {"progress", view.progress}, {"what", view.what}, {"result", nullptr}};
  if (view.state != BacktestState::done) return out;
  array firings;
  for (const auto& one : view.firings) {
    object firing = to_json(one.firing);
    firing["incident"] = one.incident ? value(incident_json(*one.incident)) : value(nullptr);
    firing["after_onset_s"] = one.incident ? json(one.firing.firing.opened - one.incident->onset) : value(nullptr);
    firings.push_back(std::move(firing));
  }
  out["result"] = object{{"from", json(view.from)},       {"to", json(view.to)},
                         {"entries", view.entries},       {"firings", std::move(firings)},
                         {"more", view.more},             {"unforetold", incidents_json(view.unforetold)},
                         {"score", view.score ? value(score_json(*view.score)) : value(nullptr)}};
  return out;
}

object to_json(const HypothesisView& view) {
  const auto& h = view.hypothesis;
  return {{"id", h.id}, {"name", h.name}, {"signal", h.signal}, {"expectation", h.expectation}, {"owner", h.owner}, {"target", h.target},
          {"lead_min_s", json(h.lead_min)}, {"lead_max_s", json(h.lead_max)}, {"weeks", h.weeks}, {"created", json(h.created)},
          {"created_by", h.created_by}, {"decided", view.decided}, {"score", score_json(view.score)}, {"places", places_json(view.places, h.name)}};
}

object to_json(const ChangeView& view) {
  const auto& c = view.change;
  array guardrails, broken;
  for (const auto& rail : view.guardrails) guardrails.push_back(to_json(rail));
  for (const auto& firing : view.broken) broken.push_back(to_json(firing));
  return {{"id", c.id},
          {"name", c.name},
          {"what", c.what},
          {"owner", c.owner},
          {"place", place_json(view.place)},
          {"from", json(c.from)},
          {"to", json(c.to)},
          {"phase", to_string(view.phase)},
          {"expected_wait_s", json(c.expected_wait)},
          {"expected_handling_s", json(c.expected_handling)},
          {"declared", json(c.declared)},
          {"declared_by", c.declared_by},
          {"guardrails", std::move(guardrails)},
          {"broken", std::move(broken)},
          {"incidents", incidents_json(view.incidents)},
          {"before", measure_json(view.before)},
          {"during", measure_json(view.during)}};
}

}  // namespace hf::web
