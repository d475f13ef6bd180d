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

Key level_key(LogLevel& target) {
  return choice_key("log", "level", {"error", "warning", "info", "debug"}, [&target](size_t i) { target = static_cast<LogLevel>(i); },
                    [&target] { return static_cast<size_t>(target); });
}

void add_lamp(Schema& schema, AgentSettings& s, const Path& folder) {
  schema.push_back(choice_key("lamp", "kind", {"none", "led", "gpio", "tower"}, [&s](size_t i) { s.lamp.kind = static_cast<LampKind>(i); }, [&s] { return static_cast<size_t>(s.lamp.kind); }));
  schema.push_back(path_key("lamp", "device", s.lamp.device, folder));
  schema.push_back(number_key("lamp", "line", s.lamp.line, 0, 1'023));
  schema.push_back(choice_key("lamp", "active", {"high", "low"}, [&s](size_t i) { s.lamp.active_low = i == 1; }, [&s] { return size_t{s.lamp.active_low}; }));
  for (auto& [name, word] : std::initializer_list<std::pair<const char*, std::string&>>{
           {"off", s.lamp.off}, {"calm", s.lamp.calm}, {"warning", s.lamp.warning}, {"incident", s.lamp.incident}, {"box_ill", s.lamp.box_ill}})
    schema.push_back(text_key("lamp", name, word, 100));
}

// "02:00-04:00"
bool is_window(std::string_view text) {
  const auto time = [](std::string_view t) {
    const auto digit = [&t](size_t i) { return t[i] >= '0' && t[i] <= '9'; };
    return digit(0) && digit(1) && t[2] == ':' && digit(3) && digit(4) && t.substr(0, 2) < "24" && t[3] < '6';
  };
  return text.size() == 11 && text[5] == '-' && time(text.substr(0, 5)) && time(text.substr(6));
}

void add_updates(Schema& schema, UpdateSettings& s, const Path& folder) {
  schema.push_back(path_key("updates", "folder", s.folder, folder));
  schema.push_back(path_key("updates", "usb", s.usb, folder));
  schema.push_back(path_key("updates", "device_socket", s.device_socket, folder));
  schema.push_back(checked_key("updates", "window", s.window, is_window, "a time of day, such as \"02:00-04:00\""));
  schema.push_back(number_key("updates", "max_mb", s.max_mb, 1, 100'000));
  schema.push_back(choice_key("updates", "from_hq", {"shown", "installed"}, [&s](size_t i) { s.install_from_hq = i == 1; }, [&s] { return size_t{s.install_from_hq}; }));
  schema.push_back(number_key("updates", "hq_kb_per_second", s.hq_kb_per_second, 10, 1'000'000));
}

}  // namespace

Key address_key(std::string section, std::string name, std::string& target) {
  return checked_key(std::move(section), std::move(name), target, is_address, "an IP address, such as \"127.0.0.1\" or \"0.0.0.0\"");
}

Key host_key(std::string section, std::string name, std::string& target) {
  return checked_key(std::move(section), std::move(name), target, is_host, "a host name or an IP address");
}

void add_listen(Schema& schema, const std::string& section, Listen& listen, const std::string& before) {
  schema.push_back(address_key(section, before + "address", listen.address));
  schema.push_back(number_key(section, before + "port", listen.port, 0, 65535));
}

Schema schema_of(AgentSettings& s, const Path& folder) {
  Schema schema{path_key("", "state_dir", s.state_dir, folder)};
  add_listen(schema, "web", s.web);
  schema.push_back(number_key("web", "redirect_port", s.redirect_port, 0, 65535));
  for (SourceSettings& source : s.sources) add_source(schema, source, folder);
  add_lamp(schema, s, folder);
  schema.push_back(checked_key("site", "id", s.site_id, is_site, "small letters, digits and '-', a letter first, at most 24 signs and 4 digits in a row"));
  schema.push_back(text_key("site", "label", s.site_label, 100));
  schema.push_back(checked_key("site", "time_zone", s.time_zone, is_zone, "the name of a time zone, such as \"Europe/Berlin\""));
  schema.push_back(checked_key("hq", "url", s.hq_url, is_hq_url, "\"https://HOST:PORT\" without a path, or \"\" for none"));
  schema.push_back(path_key("hq", "ca_file", s.hq_ca_file, folder));
  schema.push_back(path_key("hq", "certificate_file", s.hq_certificate_file, folder));
  schema.push_back(path_key("hq", "key_file", s.hq_key_file, folder));
  schema.push_back(path_key("webhook", "ca_file", s.webhook_ca_file, folder));
  add_updates(schema, s.updates, folder);
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
