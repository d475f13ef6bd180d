#include "hq/page_json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <charconv>

namespace hf::hq {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& t) { return t ? json::value(unix_seconds(*t)) : json::value(); }
json::value seconds_or_null(const std::optional<Duration>& d) { return d ? json::value(seconds(*d)) : json::value(); }
json::value share_or_null(const std::optional<double>& share) { return share ? json::value(*share) : json::value(); }
std::string hex(wire::Id id) { return fmt::format("{:016x}", id.value); }

json::value label_or_null(const NamedId& named, const LabelTable& labels) {
  const auto found = labels.find(named);
  return found == labels.end() ? json::value() : json::value(found->second);
}

json::array named(wire::Scope scope, const std::vector<wire::Id>& ids, const LabelTable& labels) {
  json::array out;
  for (const auto id : ids) out.push_back(to_json(NamedId{scope, id}, labels));
  return out;
}

json::array evidence(const std::vector<wire::Evidence>& all) {
  json::array out;
  for (const auto& e : all) {
    json::object values;
    for (const auto& v : e.values) values[v.name] = static_cast<double>(v.milli) / 1000;
    out.push_back({{"template", e.template_id},
                   {"values", std::move(values)},
                   {"sample_size", e.sample_size},
                   {"at", unix_seconds(e.at)}});
  }
  return out;
}

std::optional<Duration> longest_or_unset(const metrics::Minute& m) {
  if (m.observed_seconds == 0) return std::nullopt;
  return m.longest_wait;
}

}  // namespace

bool is_silent(const Site& site, Time now, std::chrono::seconds silent_after) {
  return !site.revoked && (!site.last_contact || *site.last_contact + silent_after < now);
}

json::object to_json(const Site& s, Time now, std::chrono::seconds silent_after) {
  json::value version;
  if (s.agent) version = fmt::format("{}.{}.{}", (*s.agent)[0], (*s.agent)[1], (*s.agent)[2]);
  return {{"site", s.site},
          {"label", s.label},
          {"enrolled", unix_seconds(s.enrolled)},
          {"revoked", s.revoked},
          {"silent", is_silent(s, now, silent_after)},
          {"last_contact", time_or_null(s.last_contact)},
          {"newest_data", time_or_null(s.newest_data)},
          {"complete_until", time_or_null(s.complete_until)},
          {"waiting_sequences", s.waiting_sequences},
          {"agent_version", std::move(version)},
          {"open_incidents", s.open_incidents},
          {"refused_messages", s.refused_messages}};
}

json::object to_json(const SiteIncident& i, const LabelTable& labels) {
  const wire::Incident& w = i.incident;
  return {{"site", i.site},
          {"id", hex(w.id)},
          {"kind", to_string(w.kind)},
          {"revision", w.revision},
          {"lines", named(wire::Scope::line, w.lines, labels)},
          {"queues", named(wire::Scope::queue, w.queues, labels)},
          {"onset", unix_seconds(w.onset)},
          {"onset_low", unix_seconds(w.onset_low)},
          {"onset_high", unix_seconds(w.onset_high)},
          {"signalled", unix_seconds(w.signalled)},
          {"received", unix_seconds(i.received)},
          {"time_to_signal_s", seconds(w.signalled - w.onset)},
          {"closed", time_or_null(w.closed)},
          {"acknowledged", time_or_null(w.acknowledged)},
          {"imposed_wait_s", seconds_or_null(w.imposed_wait)},
          {"affected_calls", w.affected_calls},
          {"avoidable_caller_s", seconds_or_null(w.avoidable)},
          {"imposed_caller_s", seconds(w.imposed)},
          {"evidence", evidence(w.evidence)}};
}

json::object to_json(const HqIncident& i) {
  json::array sites, members;
  for (const auto& site : i.sites) sites.emplace_back(site);
  for (const auto& m : i.members) members.push_back({{"site", m.site}, {"id", hex(m.id)}});
  return {{"id", i.id},
          {"imposed_wait_s", seconds(i.imposed_wait)},
          {"sites", std::move(sites)},
          {"onset", unix_seconds(i.onset)},
          {"joined", unix_seconds(i.joined)},
          {"closed", time_or_null(i.closed)},
          {"affected_calls", i.affected_calls},
          {"imposed_caller_s", seconds(i.imposed)},
          {"members", std::move(members)}};
}

json::object to_json(const GapRow& g) {
  const auto from = g.from <= wire::kFirstTime ? std::nullopt : std::optional(g.from);
  return {
      {"why", to_string(g.why)}, {"from", time_or_null(from)}, {"to", unix_seconds(g.to)}, {"messages", g.messages}};
}

json::object to_json(const RefusedRow& r) {
  return {{"at", unix_seconds(r.at)},
          {"epoch", fmt::format("{:016x}", r.epoch)},
          {"sequence", r.sequence},
          {"why", to_string(r.why)}};
}

json::object to_json(const NamedId& n, const LabelTable& labels) {
  return {{"id", hex(n.id)}, {"label", label_or_null(n, labels)}};
}

json::object to_json(const metrics::Minute& m) {
  const auto levels = metrics::service_levels(m);
  return {{"start", unix_seconds(m.start)},
          {"observed_s", m.observed_seconds},
          {"offered", m.offered},
          {"answered", m.answered},
          {"abandoned", m.abandoned},
          {"short_abandoned", m.short_abandoned},
          {"timeout", m.timeout},
          {"exit_key", m.exit_key},
          {"refused", m.refused},
          {"lost", m.lost},
          {"service_levels",
           {{"within_s", seconds(m.service_level)},
            {"ignore_abandons", share_or_null(levels.ignore_abandons)},
            {"abandons_negative", share_or_null(levels.abandons_negative)},
            {"abandons_positive", share_or_null(levels.abandons_positive)},
            {"only_handled", share_or_null(levels.only_handled)}}},
          {"average_speed_of_answer_s", seconds_or_null(metrics::average_speed_of_answer(m))},
          {"abandon_rate", share_or_null(metrics::abandon_rate(m))},
          {"occupancy", share_or_null(metrics::occupancy(m))},
          {"median_wait_s", seconds_or_null(m.answered_waits.quantile(0.5))},
          {"p95_wait_s", seconds_or_null(m.answered_waits.quantile(0.95))},
          {"longest_wait_s", seconds_or_null(longest_or_unset(m))},
          {"avoidable_caller_s", seconds_or_null(m.avoidable_wait)}};
}

json::object to_json(const metrics::SurveySum& s, const LabelTable& labels) {
  constexpr std::array<std::string_view, 4> kQuestions{"untold", "csat", "nps", "ces"};
  const auto f = metrics::figures(s);
  wire::Id id{};
  std::from_chars(s.queue.data(), s.queue.data() + s.queue.size(), id.value, 16);
  return {{"queue", s.queue},
          {"queue_label", label_or_null({wire::Scope::queue, id}, labels)},
          {"question", kQuestions[static_cast<size_t>(s.question)]},
          {"low", s.low},
          {"high", s.high},
          {"answers", s.answers},
          {"sum", s.sum},
          {"mean", share_or_null(f.mean)},
          {"nps", share_or_null(f.nps)},
          {"csat", share_or_null(f.csat)},
          {"poor", share_or_null(f.poor)}};
}

json::object to_json(const access::Session& s) {
  return {{"user", s.user},
          {"role", access::to_string(s.role)},
          {"csrf_token", s.csrf_token},
          {"idle_s", std::chrono::duration<double>(access::Sessions::kIdle).count()},
          {"ends", unix_seconds(s.ends)}};
}

}  // namespace hf::hq
