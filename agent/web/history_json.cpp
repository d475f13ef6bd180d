#include <algorithm>
#include <boost/json/array.hpp>

#include "agent/incidents/why_words.hpp"
#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

using boost::json::array;
using boost::json::object;

object named_json(const Named& n) { return {{"id", n.id}, {"label", n.label}}; }

array all_named(const std::vector<Named>& all) {
  array out;
  for (const Named& n : all) out.push_back(named_json(n));
  return out;
}

array lines_json(const IncidentView& view) {
  array out;
  for (size_t i = 0; i < view.lines.size(); ++i) {
    std::optional<Time> named;
    if (i < view.incident.line_named.size()) named = view.incident.line_named[i];
    object line = named_json(view.lines[i]);
    line["named"] = json(named);
    out.push_back(std::move(line));
  }
  return out;
}

array evidence_json(const std::vector<incidents::Evidence>& all, Language language) {
  array out;
  for (const auto& e : all) {
    object values;
    for (const auto& [name, number] : e.values) values[name] = number;
    out.push_back(object{{"template", e.template_id},
                         {"values", std::move(values)},
                         {"sample_size", e.sample_size},
                         {"at", json(e.at)},
                         {"text", incidents::evidence_words(e, language)}});
  }
  return out;
}

array chain_json(const std::vector<incidents::Evidence>& chain, Language language) {
  array out;
  for (const auto& link : chain) {
    object values;
    for (const auto& [name, number] : link.values) values[name] = number;
    out.push_back(object{{"template", link.template_id}, {"values", std::move(values)}, {"at", json(link.at)}, {"text", incidents::chain_words(link, language)}});
  }
  return out;
}

boost::json::value shares_json(const std::optional<incidents::Shares>& shares, Language language) {
  if (!shares) return nullptr;
  array parts;
  for (const auto& part : shares->parts)
    parts.push_back(object{{"factor", incidents::to_string(part.factor)}, {"share", part.share}, {"low", part.low}, {"high", part.high}, {"text", incidents::share_words(part, language)}});
  return object{{"state", incidents::to_string(shares->state)},
                {"calls", shares->calls},
                {"measured_wait_s", shares->measured_s},
                {"replayed_wait_s", shares->replayed_s},
                {"usual_wait_s", shares->usual_s},
                {"parts", std::move(parts)},
                {"text", incidents::shares_words(*shares, language)}};
}

array checks_json(const std::vector<std::string>& all, Language language) {
  array out;
  for (const auto& id : all) out.push_back(object{{"template", id}, {"text", incidents::check_words(id, language)}});
  return out;
}

std::string_view to_string(calls::Outcome outcome) {
  using enum calls::Outcome;
  switch (outcome) {
    case open: return "open";
    case answered: return "answered";
    case abandoned: return "abandoned";
    case timeout: return "timeout";
    case exit_key: return "exit_key";
    case refused: return "refused";
    case lost_by_restart: return "lost_by_restart";
  }
  return "open";
}

}  // namespace

object to_json(const IncidentView& view, Language language) {
  const incidents::Incident& i = view.incident;
  std::optional<std::string> acknowledged_by;
  if (i.acknowledged) acknowledged_by = i.acknowledged_by;
  return {{"id", i.id},
          {"kind", incidents::to_string(i.kind)},
          {"title", incidents::kind_words(i.kind, language)},
          {"sentence", incidents::kind_sentence(i.kind, language)},
          {"lines", lines_json(view)},
          {"queues", all_named(view.queues)},
          {"members", all_named(view.members)},
          {"onset", json(i.onset)},
          {"onset_low", json(i.onset_low)},
          {"onset_high", json(i.onset_high)},
          {"signalled", json(i.signalled)},
          {"time_to_signal_s", json(std::max(i.signalled - i.onset, Duration(0)))},
          {"closed", json(i.closed)},
          {"imposed_wait_s", json(i.imposed_wait)},
          {"affected_calls", i.affected_calls},
          {"avoidable_caller_s", json(i.avoidable)},
          {"imposed_caller_s", json(i.imposed)},
          {"evidence", evidence_json(i.evidence, language)},
          {"first_checks", checks_json(i.first_checks, language)},
          {"chain", chain_json(i.chain, language)},
          {"shares", shares_json(i.shares, language)},
          {"revision", i.revision},
          {"acknowledged", json(i.acknowledged)},
          {"acknowledged_by", json(acknowledged_by)},
          {"declared", i.declared.empty() ? boost::json::value(nullptr) : json(i.declared)}};
}

// The newest calls are kept: they show whether it goes on.
object to_json(const IncidentChart& chart) {
  const size_t omitted = chart.calls.size() > kMaxChartCalls ? chart.calls.size() - kMaxChartCalls : 0;
  array calls;
  for (size_t n = omitted; n < chart.calls.size(); ++n) {
    const ChartCall& c = chart.calls[n];
    calls.push_back(object{{"line", c.line}, {"arrived", json(c.arrived)}, {"wait_s", json(c.wait)}, {"outcome", to_string(c.outcome)}, {"held", c.held}});
  }
  return {{"from", json(chart.from)}, {"to", json(chart.to)}, {"usual_s", json(chart.usual)}, {"calls", std::move(calls)}, {"calls_omitted", omitted}};
}

object to_json(const MinuteSeries& series, const MinuteQuery& query) {
  array minutes;
  for (const auto& minute : series.minutes) minutes.push_back(to_json(minute));
  return {{"scope", query.scope == metrics::Scope::queue ? "queue" : "line"},
          {"id", query.id},
          {"label", series.label},
          {"step_s", query.step.count()},
          {"minutes", std::move(minutes)}};
}

}  // namespace hf::web
