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
  return message;
}

Status NewsOutlet::take(const CoreOutput& output, uint64_t) {
  for (const auto& step : output.steps)
    for (const auto& incident : step.incidents) {
      const bool known = open_.contains(incident.id);
      if (incident.closed) open_.erase(incident.id);
      else open_.insert(incident.id);
      if (!publish_) continue;
      notifier_.tell(webhook_message(incident, model_()));
      publish_(incident, incident.closed ? web::News::closed : known ? web::News::changed : web::News::opened);
    }
  return {};
}

}  // namespace hf::app
