#include "agent/app/news_outlet.hpp"

#include <algorithm>

#include "agent/app/live_view.hpp"
#include "agent/incidents/evidence_words.hpp"

namespace hf::app {

notify::IncidentMessage webhook_message(const incidents::Incident& incident, const calls::SiteModel& model) {
  const Labels labels(model);
  notify::IncidentMessage message;
  message.id = incident.id;
  message.kind = incidents::to_string(incident.kind);
  message.text = incidents::kind_sentence(incident.kind, incidents::Language::en);
  for (const auto& line : incident.lines) {
    const auto named = labels.line(line);
    message.lines.push_back({named.label == line ? "" : named.label, line});  // a line without a label is known by its number alone
  }
  for (const auto& queue : incident.queues) {
    const auto label = labels.queue(queue).label;
    const bool is_number = std::ranges::find(incident.lines, label) != incident.lines.end();  // some PBXs name a queue by its line
    message.queues.push_back(is_number ? "" : label);
  }
  message.onset = incident.onset, message.signalled = incident.signalled, message.closed = incident.closed;
  message.imposed_wait = incident.imposed_wait, message.affected_calls = incident.affected_calls;
  message.avoidable = incident.avoidable, message.imposed = incident.imposed;
  message.declared = incident.declared;
  return message;
}

notify::IncidentMessage webhook_message(const rules::Firing& firing, const rules::Rule* rule, const calls::SiteModel& model) {
  const Labels labels(model);
  notify::IncidentMessage message;
  message.id = "rule-" + firing.id;  // told apart from an incident in the list of deliveries
  message.kind = rules::to_string(firing.role);
  message.text = firing.role == rules::Role::guardrail ? "A guardrail of a declared change is broken." : "A rule of this site fired.";
  message.rule = notify::RuleName{firing.rule, "", std::string(rules::to_string(firing.severity)), "", ""};
  if (rule) message.rule->name = rule->name, message.rule->owner = rule->owner, message.rule->runbook = rule->runbook;
  const bool line = firing.place.scope == metrics::Scope::line;
  const auto named = line ? labels.line(firing.place.id) : labels.queue(firing.place.id);
  if (line) message.lines.push_back({named.label == firing.place.id ? "" : named.label, firing.place.id});
  else message.queues.push_back(named.label);
  message.onset = firing.since, message.signalled = *firing.paged, message.closed = firing.closed;
  return message;
}

// Only what pages: shadow, maintenance and snooze keep it on the page alone.
void NewsOutlet::tell(const rules::Firing& firing) {
  if (!firing.paged || !publish_) return;
  const auto& all = rules_().rules();
  const auto rule = all.find(firing.rule);
  const rules::Rule* known = rule == all.end() ? nullptr : &rule->second;
  notifier_.tell(webhook_message(firing, known, model_()));
  const Labels labels(model_());
  const auto named = firing.place.scope == metrics::Scope::line ? labels.line(firing.place.id) : labels.queue(firing.place.id);
  fired_({firing, known ? known->name : "", {firing.place.scope, firing.place.id, named.label}});
}

Status NewsOutlet::take(const CoreOutput& output, uint64_t) {
  for (const auto& step : output.steps) {
    for (const auto& firing : step.firings) tell(firing);
    for (const auto& incident : step.incidents) {
      const bool known = open_.contains(incident.id);
      if (incident.closed) open_.erase(incident.id);
      else open_.insert(incident.id);
      if (!publish_) continue;
      notifier_.tell(webhook_message(incident, model_()));
      publish_(incident, incident.closed ? web::News::closed : known ? web::News::changed : web::News::opened);
    }
  }
  return {};
}

}  // namespace hf::app
