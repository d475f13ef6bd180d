// Which keys there are. Their meaning stands beside each in config/agent.toml and config/hq.toml.
#include <algorithm>

#include "agent/settings/schema.hpp"

namespace hf::settings {

namespace {

constexpr int64_t kDays = 3660;

bool is_address(std::string_view text) {
  return !text.empty() && text.size() <= 45 && std::ranges::all_of(text, [](char c) { return c == '.' || c == ':' || std::isxdigit(static_cast<unsigned char>(c)); });
}

bool is_host(std::string_view text) {
  return text.size() <= 253 && std::ranges::all_of(text, [](char c) { return c == '.' || c == ':' || c == '-' || std::isalnum(static_cast<unsigned char>(c)); });
}

// The wire's rule: no dialled number can pass as the name of a site.
bool is_site(std::string_view text) {
  if (text.empty() || text.size() > 24 || text[0] < 'a' || text[0] > 'z') return false;
  int digits = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    digits = digit ? digits + 1 : 0;
    if (digits > 4 || (!digit && c != '-' && (c < 'a' || c > 'z'))) return false;
  }
  return true;
}

bool is_zone(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '/' && text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c == '/' || c == '_' || c == '+' || c == '-' || std::isalnum(static_cast<unsigned char>(c)); });
}

// "https://hq.example:8445", a name or an IPv4 address, no path: what the agent calls there is fixed.
bool is_hq_url(std::string_view text) {
  if (text.empty()) return true;
  if (!text.starts_with("https://")) return false;
  text.remove_prefix(8);
  const auto colon = text.find(':');
  const auto port = colon == std::string_view::npos ? std::string_view("443") : text.substr(colon + 1);
  const auto host = text.substr(0, colon);
  return !host.empty() && is_host(host) && !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_events(std::string_view text) {
  return !text.empty() && text.size() <= 200 && text.front() != ',' && text.back() != ',' &&
         std::ranges::all_of(text, [](char c) { return c == ',' || (c >= 'a' && c <= 'z'); });
}

// Up to 100 bytes of AMI or Event Socket user; what could end a line of the protocol is not printable and refused before.
bool is_user(std::string_view text) { return text.size() <= 100; }

Key level_key(LogLevel& target) {
  return choice_key("log", "level", {"error", "warning", "info", "debug"}, [&target](size_t i) { target = static_cast<LogLevel>(i); },
                    [&target] { return static_cast<size_t>(target); });
}

Key kind_key(PbxKind& target) {
  return choice_key("pbx", "kind", {"simulator", "ami", "replay", "queue_log", "smdr", "intake", "hep", "tap", "esl", "syslog"}, [&target](size_t i) { target = static_cast<PbxKind>(i); },
                    [&target] { return static_cast<size_t>(target); });
}

Key format_key(PbxFormat& target) {
  return choice_key("pbx", "format", {"plain", "json"}, [&target](size_t i) { target = static_cast<PbxFormat>(i); },
                    [&target] { return static_cast<size_t>(target); });
}

Key scenario_key(std::string& target) {
  std::vector<std::string> all{"normal", "hp-prequeue", "hp-holdqueue", "hp-partial", "staff-shortage", "surge", "dead-queue", "phones-refuse", "restart",
                               "restart-crash"};
  return choice_key("simulator", "scenario", all, [&target, all](size_t i) { target = all[i]; },
                    [&target, all] { return static_cast<size_t>(std::ranges::find(all, target) - all.begin()) % all.size(); });
}

void add_listen(Schema& schema, const std::string& section, Listen& listen) {
  schema.push_back(checked_key(section, "address", listen.address, is_address, "an IP address, such as \"127.0.0.1\" or \"0.0.0.0\""));
  schema.push_back(number_key(section, "port", listen.port, 0, 65535));
}

void add_pbx(Schema& schema, AgentSettings& s, const Path& folder) {
  schema.push_back(kind_key(s.pbx));
  schema.push_back(checked_key("pbx", "host", s.pbx_host, is_host, "a host name or an IP address"));
  schema.push_back(number_key("pbx", "port", s.pbx_port, 0, 65535));
  schema.push_back(checked_key("pbx", "user", s.pbx_user, is_user, "a user name of at most 100 bytes"));
  schema.push_back(path_key("pbx", "secret_file", s.pbx_secret_file, folder));
  schema.push_back(checked_key("pbx", "events", s.pbx_events, is_events, "\"all\" or class names joined by commas, such as \"call,agent,system,user\""));
  schema.push_back(format_key(s.pbx_format));
  schema.push_back(path_key("pbx", "path", s.pbx_path, folder));
  schema.push_back(real_key("pbx", "speed", s.pbx_speed, 0, 1e6));
}

void add_smdr(Schema& schema, AgentSettings& s, const Path& folder) {
  schema.push_back(path_key("smdr", "template", s.smdr_template, folder));
  schema.push_back(checked_key("smdr", "device", s.smdr_device, [](std::string_view t) { return t.empty() || t.starts_with("/dev/"); }, "a serial line, such as \"/dev/ttyS0\""));
  schema.push_back(number_key("smdr", "baud", s.smdr_baud, 110, 230'400));
  schema.push_back(number_key("smdr", "data_bits", s.smdr_data_bits, 7, 8));
  schema.push_back(choice_key("smdr", "parity", {"none", "even", "odd"}, [&s](size_t i) { s.smdr_parity = static_cast<LineParity>(i); }, [&s] { return static_cast<size_t>(s.smdr_parity); }));
  schema.push_back(number_key("smdr", "stop_bits", s.smdr_stop_bits, 1, 2));
  schema.push_back(choice_key("smdr", "flow", {"none", "hardware", "software"}, [&s](size_t i) { s.smdr_flow = static_cast<LineFlow>(i); }, [&s] { return static_cast<size_t>(s.smdr_flow); }));
  schema.push_back(checked_key("smdr", "listen_address", s.smdr_listen.address, is_address, "an IP address, such as \"127.0.0.1\" or \"0.0.0.0\""));
  schema.push_back(number_key("smdr", "listen_port", s.smdr_listen.port, 0, 65535));
}

void add_syslog(Schema& schema, AgentSettings& s, const Path& folder) {
  schema.push_back(checked_key("syslog", "listen_address", s.syslog_listen.address, is_address, "an IP address, such as \"127.0.0.1\" or \"0.0.0.0\""));
  schema.push_back(number_key("syslog", "listen_port", s.syslog_listen.port, 0, 65535));
  schema.push_back(number_key("syslog", "tls_port", s.syslog_tls_port, 0, 65535));
  schema.push_back(path_key("syslog", "certificate_file", s.syslog_certificate_file, folder));
  schema.push_back(path_key("syslog", "key_file", s.syslog_key_file, folder));
}

void add_lamp(Schema& schema, AgentSettings& s, const Path& folder) {
  schema.push_back(choice_key("lamp", "kind", {"none", "led", "gpio", "tower"}, [&s](size_t i) { s.lamp = static_cast<LampKind>(i); }, [&s] { return static_cast<size_t>(s.lamp); }));
  schema.push_back(path_key("lamp", "device", s.lamp_device, folder));
  schema.push_back(number_key("lamp", "line", s.lamp_line, 0, 1'023));
  schema.push_back(choice_key("lamp", "active", {"high", "low"}, [&s](size_t i) { s.lamp_active_low = i == 1; }, [&s] { return size_t{s.lamp_active_low}; }));
  for (auto& [name, word] : std::initializer_list<std::pair<const char*, std::string&>>{
           {"off", s.tower_off}, {"calm", s.tower_calm}, {"warning", s.tower_warning}, {"incident", s.tower_incident}, {"box_ill", s.tower_box_ill}})
    schema.push_back(text_key("lamp", name, word, 100));
}

// Addresses with or without a port, joined by commas; what each is worth is found out where they are used.
bool is_endpoints(std::string_view text) {
  return text.size() <= 2'000 && text.find_first_not_of("0123456789abcdefABCDEF.:[], ") == text.npos;
}

void add_sip(Schema& schema, AgentSettings& s, const Path& folder) {
  add_listen(schema, "sip", s.sip_listen);
  schema.push_back(number_key("sip", "tls_port", s.sip_tls_port, 0, 65535));
  schema.push_back(path_key("sip", "certificate_file", s.sip_certificate_file, folder));
  schema.push_back(path_key("sip", "key_file", s.sip_key_file, folder));
  schema.push_back(path_key("sip", "secret_file", s.sip_secret_file, folder));
  schema.push_back(path_key("sip", "socket", s.sip_socket, folder));
  schema.push_back(checked_key("sip", "pbx_addresses", s.sip_pbx, is_endpoints, "IP addresses joined by commas, such as \"192.0.2.1, 192.0.2.2:5060\""));
}

void add_simulator(Schema& schema, AgentSettings& s) {
  schema.push_back(scenario_key(s.scenario));
  schema.push_back(number_key("simulator", "seed", s.seed, 0, INT64_MAX));
  schema.push_back(duration_key("simulator", "onset_seconds", s.onset, 0, 86'400));
  schema.push_back(duration_key("simulator", "hold_seconds", s.hold, 1, 7'200));
  schema.push_back(duration_key("simulator", "backfill_days", s.backfill, 0, 60));
}

}  // namespace

Schema schema_of(AgentSettings& s, const Path& folder) {
  Schema schema{path_key("", "state_dir", s.state_dir, folder)};
  add_listen(schema, "web", s.web);
  schema.push_back(number_key("web", "redirect_port", s.redirect_port, 0, 65535));
  add_pbx(schema, s, folder);
  add_smdr(schema, s, folder);
  add_syslog(schema, s, folder);
  add_lamp(schema, s, folder);
  schema.push_back(path_key("intake", "token_file", s.intake_token_file, folder));
  add_sip(schema, s, folder);
  add_simulator(schema, s);
  schema.push_back(checked_key("site", "id", s.site_id, is_site, "small letters, digits and '-', a letter first, at most 24 signs and 4 digits in a row"));
  schema.push_back(text_key("site", "label", s.site_label, 100));
  schema.push_back(checked_key("site", "time_zone", s.time_zone, is_zone, "the name of a time zone, such as \"Europe/Berlin\""));
  schema.push_back(checked_key("hq", "url", s.hq_url, is_hq_url, "\"https://HOST:PORT\" without a path, or \"\" for none"));
  schema.push_back(path_key("hq", "ca_file", s.hq_ca_file, folder));
  schema.push_back(path_key("hq", "certificate_file", s.hq_certificate_file, folder));
  schema.push_back(path_key("hq", "key_file", s.hq_key_file, folder));
  schema.push_back(path_key("webhook", "ca_file", s.webhook_ca_file, folder));
  schema.push_back(duration_key("retention", "events_days", s.keep_events, 1, kDays));
  schema.push_back(number_key("retention", "disk_budget_mb", s.disk_budget_mb, 100, 100'000'000));
  schema.push_back(duration_key("retention", "minutes_days", s.keep_minutes, 1, kDays));
  schema.push_back(level_key(s.log_level));
  return schema;
}

Schema schema_of(HqSettings& s, const Path& folder) {
  Schema schema{path_key("", "state_dir", s.state_dir, folder)};
  add_listen(schema, "web", s.web);
  add_listen(schema, "ingest", s.ingest);
  schema.push_back(checked_key("ingest", "name", s.name, [](std::string_view t) { return !t.empty() && is_host(t); }, "a host name or an IP address"));
  schema.push_back(duration_key("enrolment", "site_certificate_days", s.site_certificate, 1, kDays));
  schema.push_back(duration_key("retention", "minutes_days", s.keep_minutes, 1, kDays));
  schema.push_back(duration_key("retention", "incidents_days", s.keep_incidents, 1, kDays));
  schema.push_back(level_key(s.log_level));
  return schema;
}

}  // namespace hf::settings
