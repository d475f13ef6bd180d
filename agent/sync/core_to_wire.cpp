#include "agent/sync/core_to_wire.hpp"

#include <algorithm>
#include <cmath>

#include "agent/wire/label_rules.hpp"

namespace hf::sync {
namespace {

static_assert(wire::kBins == metrics::WaitHistogram::kBins);

wire::Scope scope_of(metrics::Scope scope) {
  return scope == metrics::Scope::line ? wire::Scope::line : wire::Scope::queue;
}

// Both sides are listed, so that a new kind does not compile until the wire has a word for it.
wire::IncidentKind kind_of(incidents::Kind kind) {
  using From = incidents::Kind;
  using To = wire::IncidentKind;
  switch (kind) {
    case From::artificial_hold:
      return To::artificial_hold;
    case From::dead_queue:
      return To::dead_queue;
    case From::phones_refuse:
      return To::phones_refuse;
    case From::missing_agents:
      return To::missing_agents;
    case From::handling_time:
      return To::handling_time;
    case From::arrival_surge:
      return To::arrival_surge;
    case From::wait_drift:
      return To::wait_drift;
    case From::trunk_failure:
      return To::trunk_failure;
    case From::source_gap:
      return To::source_gap;
    case From::unknown:
      return To::unknown;
  }
  return To::unknown;
}

std::vector<wire::Id> ids(const wire::SiteKey& key, wire::Scope scope, const std::vector<std::string>& names) {
  std::vector<wire::Id> out;
  for (size_t i = 0; i < std::min(names.size(), wire::kMaxIds); ++i) out.push_back(opaque_id(key, scope, names[i]));
  return out;
}

std::optional<int64_t> thousandths(double value) {
  const double milli = std::round(value * 1000);
  if (!std::isfinite(milli) || std::abs(milli) > static_cast<double>(wire::kMaxMilli)) return std::nullopt;
  return static_cast<int64_t>(milli);
}

std::vector<wire::Value> values(const detect::Values& all) {
  std::vector<wire::Value> out;
  for (const auto& [name, value] : all) {
    const auto known = wire::value_named(name);
    const auto milli = thousandths(value);
    if (known && milli && out.size() < wire::kMaxValues) out.push_back({*known, *milli});
  }
  return out;
}

std::vector<wire::Evidence> evidence(const std::vector<incidents::Evidence>& all) {
  std::vector<wire::Evidence> out;
  for (const auto& e : all) {
    const auto known = wire::template_named(e.template_id);
    if (known && out.size() < wire::kMaxEvidence)
      out.push_back({*known, e.sample_size, wire::whole_ms(e.at), values(e.values)});
  }
  return out;
}

std::optional<wire::SurveyQuestion> question_of(pbx::SurveyQuestion question) {
  switch (question) {
    case pbx::SurveyQuestion::csat:
      return wire::SurveyQuestion::csat;
    case pbx::SurveyQuestion::nps:
      return wire::SurveyQuestion::nps;
    case pbx::SurveyQuestion::ces:
      return wire::SurveyQuestion::ces;
    case pbx::SurveyQuestion::untold:
      break;
  }
  return std::nullopt;
}

}  // namespace

wire::Summary to_wire(const wire::SiteKey& key, const metrics::Minute& minute) {
  wire::Summary s;
  wire::copy_numbers(minute, s);
  s.scope = scope_of(minute.scope);
  s.id = opaque_id(key, s.scope, minute.id);
  s.start = std::chrono::floor<std::chrono::minutes>(minute.start);
  s.observed_seconds = std::min(minute.observed_seconds, 60U);
  s.answered_waits = wire::sparse(minute.answered_waits.bins);
  s.abandoned_waits = wire::sparse(minute.abandoned_waits.bins);
  s.holds = wire::sparse(minute.holds.bins);
  return s;
}

wire::Incident to_wire(const wire::SiteKey& key, const incidents::Incident& from) {
  wire::Incident to;
  to.id = wire::incident_id(key, from.id);
  to.kind = kind_of(from.kind);
  to.revision = from.revision;
  to.lines = ids(key, wire::Scope::line, from.lines);
  to.queues = ids(key, wire::Scope::queue, from.queues);
  to.line_named = from.line_named;
  if (to.line_named.size() > to.lines.size()) to.line_named.resize(to.lines.size());
  to.onset = from.onset, to.onset_low = from.onset_low, to.onset_high = from.onset_high;
  to.signalled = from.signalled, to.closed = from.closed, to.acknowledged = from.acknowledged;
  to.imposed_wait = from.imposed_wait, to.affected_calls = from.affected_calls;
  to.avoidable = from.avoidable, to.imposed = from.imposed;
  to.evidence = evidence(from.evidence);
  return to;
}

std::optional<wire::SurveyDay> to_wire(const wire::SiteKey& key, const metrics::SurveySum& day) {
  const auto question = question_of(day.question);
  if (!question) return std::nullopt;
  wire::SurveyDay out{.queue = std::nullopt, .start = day.start, .question = *question, .low = day.low, .high = day.high,
                      .answers = day.answers, .sum = day.sum, .top = day.top, .bottom = day.bottom};
  if (!day.queue.empty()) out.queue = opaque_id(key, wire::Scope::queue, day.queue);
  return wire::fault_of(out).empty() ? std::optional(out) : std::nullopt;
}

wire::Labels to_wire(const wire::SiteKey& key, uint32_t revision, const std::vector<ApprovedLabel>& labels) {
  wire::Labels out{revision, {}};
  for (const auto& l : labels) {
    const wire::Scope scope = scope_of(l.scope);
    if (out.labels.size() < wire::kMaxLabels && wire::check_label(l.label))
      out.labels.push_back({scope, opaque_id(key, scope, l.id), l.label});
  }
  return out;
}

}  // namespace hf::sync
