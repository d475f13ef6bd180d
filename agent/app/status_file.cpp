#include "agent/app/status_file.hpp"

#include <boost/json.hpp>

#include "agent/detect/catalogue.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

json::value number(const std::optional<Time>& t) { return t ? json::value(unix_seconds(*t)) : json::value(nullptr); }

std::string_view name_of(web::SourceState state) {
  switch (state) {
    case web::SourceState::connecting: return "connecting";
    case web::SourceState::healthy: return "healthy";
    case web::SourceState::degraded: return "degraded";
    case web::SourceState::failed: return "failed";
  }
  return "failed";
}

std::string_view name_of(web::LinkState state) {
  switch (state) {
    case web::LinkState::off: return "off";
    case web::LinkState::connecting: return "connecting";
    case web::LinkState::connected: return "connected";
    case web::LinkState::refused: return "refused";
    case web::LinkState::unreachable: return "unreachable";
  }
  return "off";
}

json::array sources_json(const StatusFacts& facts) {
  json::array sources;
  for (const auto& source : facts.sources)
    sources.push_back({{"name", source.name}, {"kind", source.kind}, {"address", source.address}, {"state", name_of(source.state)}, {"what", source.what},
                       {"events", source.events}, {"reconnects", source.reconnects}, {"last_event", number(source.last_event)}});
  return sources;
}

// What a site could connect to see more.
json::array words_of(detect::Needs lacking) {
  json::array words;
  if (lacking & detect::kChannels) words.push_back("calls before the queue (AMI with class call, ESL, SIP)");
  if (lacking & detect::kSteps) words.push_back("the dialplan's steps (AMI with class dialplan)");
  if (lacking & detect::kAgents) words.push_back("who is free (AMI with class agent, ESL)");
  if (lacking & detect::kLive) words.push_back("callers while they wait (any source but call records)");
  if (lacking & detect::kSurvey) words.push_back("answers to a survey, which no source tells");
  return words;
}

json::array coverage_json(const pbx::SourceUp& told) {
  json::array rows;
  for (const detect::Coverage& c : detect::coverage(told)) {
    json::array by;
    for (const std::string_view signal : c.seen_by) by.push_back(json::value(signal));
    rows.push_back({{"signature", c.signature}, {"seen_by", std::move(by)}, {"lacking", words_of(c.lacking)}});
  }
  return rows;
}

}  // namespace

Status write_status(const Path& state_dir, const StatusFacts& facts) {
  json::array problems;
  for (const auto& problem : facts.health.problems) problems.push_back({{"id", problem.id}, {"what", problem.what}});
  json::object status{{"version", facts.health.version},
                            {"at", unix_seconds(facts.at)},
                            {"address", facts.address},
                            {"started", unix_seconds(facts.health.started)},
                            {"journal_sequence", facts.health.journal_sequence},
                            {"journal_committed", number(facts.health.journal_committed)},
                            {"open_incidents", facts.open_incidents},
                            {"sources", sources_json(facts)},
                            {"hq", {{"state", name_of(facts.hq.state)}, {"address", facts.hq.address}, {"what", facts.hq.what}, {"queued", facts.hq.queued}}},
                            {"problems", problems}};
  if (facts.told && !facts.told->product.empty()) status["coverage"] = coverage_json(*facts.told);
  return write_file(state_dir / "status.json", json::serialize(status) + '\n', 0600);
}

}  // namespace hf::app
