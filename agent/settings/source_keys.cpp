// Which keys a telephony source has. Their meaning stands beside each in config/agent.toml.
#include <algorithm>

#include "agent/settings/schema.hpp"

namespace hf::settings {

namespace {

bool is_events(std::string_view text) {
  return !text.empty() && text.size() <= 200 && text.front() != ',' && text.back() != ',' &&
         std::ranges::all_of(text, [](char c) { return c == ',' || (c >= 'a' && c <= 'z'); });
}

// Up to 100 bytes of AMI or Event Socket user; what could end a line of the protocol is not printable and refused before.
bool is_user(std::string_view text) { return text.size() <= 100; }

// Addresses with or without a port, joined by commas; what each is worth is found out where they are used.
bool is_endpoints(std::string_view text) {
  return text.size() <= 2'000 && text.find_first_not_of("0123456789abcdefABCDEF.:[], ") == text.npos;
}

template <class E>
Key enum_key(const std::string& section, std::string name, std::vector<std::string> choices, E& target) {
  return choice_key(section, std::move(name), std::move(choices), [&target](size_t i) { target = static_cast<E>(i); }, [&target] { return static_cast<size_t>(target); });
}

std::string section_of(const SourceSettings& source, std::string section) {
  if (!source.name.empty()) section += '.' + source.name;
  return section;
}

void add_pbx(Schema& schema, SourceSettings& s, const Path& folder) {
  const std::string section = section_of(s, "pbx");
  schema.push_back(enum_key(section, "kind", {"simulator", "ami", "replay", "queue_log", "smdr", "intake", "hep", "tap", "esl", "syslog"}, s.kind));
  schema.push_back(host_key(section, "host", s.host));
  schema.push_back(number_key(section, "port", s.port, 0, 65535));
  schema.push_back(checked_key(section, "user", s.user, is_user, "a user name of at most 100 bytes"));
  schema.push_back(path_key(section, "secret_file", s.secret_file, folder));
  schema.push_back(enum_key(section, "transport", {"tcp", "tls"}, s.transport));
  schema.push_back(path_key(section, "ca_file", s.ca_file, folder));
  schema.push_back(checked_key(section, "events", s.events, is_events, "\"all\" or class names joined by commas, such as \"call,agent,system,user\""));
  schema.push_back(enum_key(section, "format", {"plain", "json"}, s.format));
  schema.push_back(path_key(section, "path", s.path, folder));
  schema.push_back(real_key(section, "speed", s.speed, 0, 1e6));
}

void add_smdr(Schema& schema, SourceSettings& source, const Path& folder) {
  const std::string section = section_of(source, "smdr");
  SmdrSettings& s = source.smdr;
  schema.push_back(path_key(section, "template", s.template_file, folder));
  schema.push_back(checked_key(section, "device", s.device, [](std::string_view t) { return t.empty() || t.starts_with("/dev/"); }, "a serial line, such as \"/dev/ttyS0\""));
  schema.push_back(number_key(section, "baud", s.baud, 110, 230'400));
  schema.push_back(number_key(section, "data_bits", s.data_bits, 7, 8));
  schema.push_back(enum_key(section, "parity", {"none", "even", "odd"}, s.parity));
  schema.push_back(number_key(section, "stop_bits", s.stop_bits, 1, 2));
  schema.push_back(enum_key(section, "flow", {"none", "hardware", "software"}, s.flow));
  add_listen(schema, section, s.listen, "listen_");
}

void add_syslog(Schema& schema, SourceSettings& source, const Path& folder) {
  const std::string section = section_of(source, "syslog");
  SyslogSettings& s = source.syslog;
  add_listen(schema, section, s.listen, "listen_");
  schema.push_back(number_key(section, "tls_port", s.tls_port, 0, 65535));
  schema.push_back(path_key(section, "certificate_file", s.certificate_file, folder));
  schema.push_back(path_key(section, "key_file", s.key_file, folder));
}

void add_sip(Schema& schema, SourceSettings& source, const Path& folder) {
  const std::string section = section_of(source, "sip");
  SipSettings& s = source.sip;
  add_listen(schema, section, s.listen);
  schema.push_back(number_key(section, "tls_port", s.tls_port, 0, 65535));
  schema.push_back(path_key(section, "certificate_file", s.certificate_file, folder));
  schema.push_back(path_key(section, "key_file", s.key_file, folder));
  schema.push_back(path_key(section, "secret_file", s.secret_file, folder));
  schema.push_back(path_key(section, "socket", s.socket, folder));
  schema.push_back(checked_key(section, "pbx_addresses", s.pbx_addresses, is_endpoints, "IP addresses joined by commas, such as \"192.0.2.1, 192.0.2.2:5060\""));
}

void add_simulator(Schema& schema, SourceSettings& source) {
  const std::string section = section_of(source, "simulator");
  SimulatorSettings& s = source.simulator;
  const std::vector<std::string> all{"normal", "hp-prequeue", "hp-holdqueue", "hp-partial", "staff-shortage", "surge", "dead-queue", "phones-refuse", "restart",
                                     "restart-crash"};
  schema.push_back(choice_key(section, "scenario", all, [&s, all](size_t i) { s.scenario = all[i]; },
                              [&s, all] { return static_cast<size_t>(std::ranges::find(all, s.scenario) - all.begin()) % all.size(); }));
  schema.push_back(number_key(section, "seed", s.seed, 0, INT64_MAX));
  schema.push_back(duration_key(section, "onset_seconds", s.onset, 0, 86'400));
  schema.push_back(duration_key(section, "hold_seconds", s.hold, 1, 7'200));
  schema.push_back(duration_key(section, "backfill_days", s.backfill, 0, 60));
}

}  // namespace

std::string in_brackets(const SourceSettings& source, std::string_view section) { return '[' + section_of(source, std::string(section)) + ']'; }

uint16_t usual_port(const SourceSettings& source) {
  if (source.port != 0) return source.port;
  if (source.kind == PbxKind::esl) return 8021;
  return source.transport == PbxTransport::tls ? 5039 : 5038;
}

void add_source(Schema& schema, SourceSettings& source, const Path& folder) {
  add_pbx(schema, source, folder);
  add_smdr(schema, source, folder);
  add_syslog(schema, source, folder);
  schema.push_back(path_key(section_of(source, "intake"), "token_file", source.intake_token_file, folder));
  add_sip(schema, source, folder);
  add_simulator(schema, source);
}

// A file of named sources alone has no other; one that names none has the one called [pbx], be its section there or not.
Problems name_sources(const Document& document, std::string_view name, std::vector<SourceSettings>& sources) {
  std::vector<std::string> names;
  Problems problems;
  for (const auto& [section, at] : document.sections) {
    if (!section.starts_with("pbx.")) continue;
    const std::string given = section.substr(4);
    const bool good = given.size() <= 16 && given[0] >= 'a' && given[0] <= 'z' && given.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == given.npos;
    if (!good) problems.push_back(fmt::format("{}:{}:{}: a source's name has small letters, digits and '-', a letter first, at most 16 signs", name, at.line, at.column));
    else names.push_back(given);
  }
  const bool unnamed = std::ranges::any_of(document.assignments, [](const Assignment& a) { return a.section == "pbx"; });
  sources.clear();
  if (unnamed || names.empty()) sources.emplace_back();
  for (auto& given : names) sources.emplace_back().name = std::move(given);
  if (sources.size() > kMaxSources) problems.push_back(fmt::format("{}: at most {} sources, these are {}", name, kMaxSources, sources.size()));
  return problems;
}

}  // namespace hf::settings
