#include "agent/app/status_file.hpp"

#include <boost/json.hpp>

#include "agent/web/tools_json.hpp"

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
  if (facts.coverage.heard) status["coverage"] = to_json(facts.coverage);
  return write_file(state_dir / "status.json", json::serialize(status) + '\n', 0600);
}

}  // namespace hf::app
