// The two JSON files: what the agent says of itself, and what the check says of the box.
#include <boost/json.hpp>

#include "firmware/health/checks.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/platform/json_reading.hpp"

namespace hf::health {

namespace {

namespace json = boost::json;

constexpr size_t kMaxHeard = 32;

std::string text(const json::object& o, std::string_view name) { return std::string(text_of(o, name)); }

Time moment(const json::object& o, std::string_view name) {
  const double seconds = number_of(o, name);
  return seconds > 0 && seconds < 1e11 ? from_unix_seconds(seconds) : Time{};
}

// The port of "https://0.0.0.0:443/"; 0 when it tells none.
uint16_t port_of(std::string_view address) {
  constexpr std::string_view kScheme = "https://";
  if (!address.starts_with(kScheme)) return 0;
  address.remove_prefix(kScheme.size());
  const auto place = net::parse_host_port(address.substr(0, address.find('/')));
  return place ? place->port : 0;
}

}  // namespace

Result<AgentWord> read_agent_word(std::string_view bytes) {
  boost::system::error_code wrong;
  const auto value = json::parse(bytes, wrong);
  if (wrong || !value.is_object()) return fail(ErrorKind::corrupt, "status.json is not what an agent writes");
  const auto& status = value.get_object();
  AgentWord word{moment(status, "at"), moment(status, "started"), text(status, "version"), port_of(text(status, "address")), {}};
  for (const auto& each : list_of(status, "sources"))
    if (each.is_object() && word.sources.size() < kMaxHeard) {
      const auto& source = each.get_object();
      const std::string state = text(source, "state");
      word.sources.push_back({text(source, "kind") + " " + text(source, "address"), state == "healthy" || state == "degraded"});
    }
  if (word.version.empty() || word.port == 0) return fail(ErrorKind::corrupt, "status.json lacks version or address");
  return word;
}

std::string write_record(const Verdict& verdict, Time now) {
  json::array findings, heard;
  for (const auto& f : verdict.findings) findings.push_back({{"name", f.name}, {"good", f.good}, {"what", f.what}});
  for (const auto& source : verdict.memory.heard) heard.push_back(json::value(source));
  const json::object record{{"good", verdict.good()},
                            {"at", unix_seconds(now)},
                            {"version", verdict.version},
                            {"checks", findings},
                            {"database_at", unix_seconds(verdict.memory.database_at)},
                            {"heard", heard},
                            {"failed_version", verdict.memory.failed_version},
                            {"failed", verdict.memory.failed},
                            {"failed_at", unix_seconds(verdict.memory.failed_at)}};
  return json::serialize(record) + "\n";
}

Memory read_record(std::string_view bytes) {
  boost::system::error_code wrong;
  const auto value = json::parse(bytes, wrong);
  if (wrong || !value.is_object()) return {};
  const auto& record = value.get_object();
  Memory memory{moment(record, "at"), moment(record, "database_at"), {}, text(record, "failed_version"), text(record, "failed"), moment(record, "failed_at")};
  for (const auto& source : list_of(record, "heard"))
    if (source.is_string() && memory.heard.size() < kMaxHeard) memory.heard.emplace_back(source.get_string());
  return memory;
}

}  // namespace hf::health
