#include "agent/settings/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/settings/schema.hpp"
#include "agent/settings/smdr_template.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/secret.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::settings {

namespace {

template <class S>
Result<S> parse_as(std::string_view text, std::string_view name, const Path& folder) {
  auto document = parse(text, name);
  if (!document) return fail(std::move(document.error()));
  S settings;
  Problems problems;
  if constexpr (requires { settings.sources; }) problems = name_sources(*document, name, settings.sources);
  if (!problems.empty()) return fail(ErrorKind::invalid_input, fmt::format("{}", fmt::join(problems, "\n")));
  problems = fill(schema_of(settings, folder), *document, name);
  for (const std::string& problem : contradictions(settings)) problems.push_back(fmt::format("{}: {}", name, problem));
  if (!problems.empty()) return fail(ErrorKind::invalid_input, fmt::format("{}", fmt::join(problems, "\n")));
  return settings;
}

template <class S>
Result<S> load_as(const Path& file) {
  auto text = read_file(file, kMaxDocument);
  if (!text) return fail(std::move(text.error()));
  std::error_code none;
  return parse_as<S>(*text, file.string(), std::filesystem::absolute(file, none).parent_path());
}

void need(Problems& problems, bool given, std::string_view what) {
  if (!given) problems.emplace_back(what);
}

template <class T>
void note(Problems& problems, const Result<T>& result) {
  if (!result) problems.push_back(result.error().what);
}

constexpr size_t kMaxPem = size_t{1} << 20;

void usable_files(const SourceSettings& s, Problems& problems) {
  if (s.kind == PbxKind::ami || s.kind == PbxKind::esl) note(problems, read_secret(s.secret_file));
  if (s.transport == PbxTransport::tls) note(problems, read_file(s.ca_file, kMaxPem));
  if (s.kind == PbxKind::intake) note(problems, read_secret(s.intake_token_file));
  if (s.kind == PbxKind::smdr) note(problems, load_smdr_template(s.smdr.template_file));
  if (s.kind == PbxKind::hep && !s.sip.secret_file.empty()) note(problems, read_secret(s.sip.secret_file));
  const auto tls = [&problems](uint16_t port, const Path& certificate, const Path& key) {
    if (port == 0) return;
    note(problems, read_file(certificate, kMaxPem));
    note(problems, read_secret_file(key));
  };
  if (s.kind == PbxKind::hep) tls(s.sip.tls_port, s.sip.certificate_file, s.sip.key_file);
  if (s.kind == PbxKind::syslog) tls(s.syslog.tls_port, s.syslog.certificate_file, s.syslog.key_file);
  std::error_code error;
  const bool needed = s.kind == PbxKind::replay || s.kind == PbxKind::queue_log || (s.kind == PbxKind::ami && !s.path.empty());
  if (needed && !std::filesystem::exists(s.path, error))
    problems.push_back(fmt::format("{}: {} path: no such file or folder", s.path.string(), in_brackets(s, "pbx")));
}

Problems usable_files(const AgentSettings& s) {
  Problems problems;
  for (const auto& source : s.sources) usable_files(source, problems);
  if (const auto zone = TimeZone::find(s.time_zone); !zone) problems.push_back("[site] time_zone: " + zone.error().what);
  if (!s.webhook_ca_file.empty()) note(problems, read_file(s.webhook_ca_file, kMaxPem));
  if (s.hq_url.empty()) return problems;
  note(problems, read_file(s.hq_ca_file, kMaxPem));
  note(problems, read_file(s.hq_certificate_file, kMaxPem));
  note(problems, read_secret_file(s.hq_key_file));
  return problems;
}

}  // namespace

Result<AgentSettings> parse_agent(std::string_view text, std::string_view name, const Path& folder) { return parse_as<AgentSettings>(text, name, folder); }
Result<HqSettings> parse_hq(std::string_view text, std::string_view name, const Path& folder) { return parse_as<HqSettings>(text, name, folder); }
Result<AgentSettings> load_agent(const Path& file) { return load_as<AgentSettings>(file); }
Result<HqSettings> load_hq(const Path& file) { return load_as<HqSettings>(file); }

namespace {

void need_of_live(const SourceSettings& s, Problems& problems) {
  const std::string pbx = in_brackets(s, "pbx");
  if (s.kind == PbxKind::ami) {
    need(problems, !s.host.empty(), pbx + " kind = \"ami\" needs host");
    need(problems, !s.user.empty(), pbx + " kind = \"ami\" needs user");
    need(problems, !s.secret_file.empty(), pbx + " kind = \"ami\" needs secret_file, a file of mode 0600 that holds the secret");
  }
  const bool tls = s.transport == PbxTransport::tls;
  need(problems, !tls || s.kind == PbxKind::ami, pbx + " transport = \"tls\" is for kind = \"ami\" alone");
  need(problems, !tls || !s.ca_file.empty(), pbx + " transport = \"tls\" needs ca_file: the PBX's own certificate, or the CA that signed it (PEM)");
  need(problems, tls || s.ca_file.empty(), pbx + " ca_file is given, but transport is \"tcp\": nothing would be checked by it");
  if (s.kind == PbxKind::esl) {
    need(problems, !s.host.empty(), pbx + " kind = \"esl\" needs host");
    need(problems, !s.secret_file.empty(), pbx + " kind = \"esl\" needs secret_file, a file of mode 0600 that holds the password");
    need(problems, s.user.empty() || s.user.find('@') != std::string::npos,
         pbx + " user of kind = \"esl\" is \"name@domain\" of the directory, or \"\" for the socket's own password");
  }
}

void need_of_tls(std::string_view section, uint16_t port, const Path& certificate, const Path& key, Problems& problems) {
  need(problems, port == 0 || (!certificate.empty() && !key.empty()), fmt::format("{} tls_port needs certificate_file and key_file", section));
}

void need_of(const SourceSettings& s, Problems& problems) {
  const std::string pbx = in_brackets(s, "pbx"), sip = in_brackets(s, "sip");
  need_of_live(s, problems);
  if (s.kind == PbxKind::replay) need(problems, !s.path.empty(), pbx + " kind = \"replay\" needs path");
  if (s.kind == PbxKind::queue_log) need(problems, !s.path.empty(), pbx + " kind = \"queue_log\" needs path");
  if (s.kind == PbxKind::syslog) need_of_tls(in_brackets(s, "syslog"), s.syslog.tls_port, s.syslog.certificate_file, s.syslog.key_file, problems);
  if (s.kind == PbxKind::intake)
    need(problems, !s.intake_token_file.empty(), fmt::format("{} kind = \"intake\" needs {} token_file, a file of mode 0600 that holds the connector's token", pbx, in_brackets(s, "intake")));
  if (s.kind == PbxKind::smdr)
    need(problems, !s.smdr.template_file.empty(), fmt::format("{} kind = \"smdr\" needs {} template, such as \"smdr-templates/avaya-ip-office.toml\"", pbx, in_brackets(s, "smdr")));
  if (s.kind == PbxKind::hep) {
    need_of_tls(sip, s.sip.tls_port, s.sip.certificate_file, s.sip.key_file, problems);
    need(problems, s.sip.listen.port != 0, sip + " port must not be 0: senders have to know it");
    need(problems, s.sip.tls_port != s.sip.listen.port, sip + " port and tls_port must differ");
  }
  if (s.kind == PbxKind::tap) need(problems, !s.sip.socket.empty(), fmt::format("{} kind = \"tap\" needs {} socket", pbx, sip));
}

// The ports and sockets at which a source waits for its PBX.
std::vector<std::string> doors_of(const SourceSettings& s) {
  const auto at = [](uint16_t port) { return fmt::format("port {}", port); };
  std::vector<std::string> doors;
  if (s.kind == PbxKind::syslog) doors = {at(s.syslog.listen.port), at(s.syslog.tls_port)};
  if (s.kind == PbxKind::hep) doors = {at(s.sip.listen.port), at(s.sip.tls_port)};
  if (s.kind == PbxKind::smdr && s.smdr.device.empty() && s.host.empty() && s.path.empty()) doors = {at(s.smdr.listen.port)};
  if (s.kind == PbxKind::tap) doors = {s.sip.socket.string()};
  std::erase(doors, at(0));
  return doors;
}

void need_of_all(const std::vector<SourceSettings>& sources, Problems& problems) {
  std::map<std::string, std::string> taken;
  for (const auto& source : sources)
    for (const auto& door : doors_of(source)) {
      const auto [other, fresh] = taken.try_emplace(door, in_brackets(source, "pbx"));
      need(problems, fresh, fmt::format("{} and {} both wait at {}", other->second, in_brackets(source, "pbx"), door));
    }
  const auto intakes = std::ranges::count(sources, PbxKind::intake, &SourceSettings::kind);
  need(problems, intakes <= 1, "only one source can be of kind = \"intake\": its address is the same for all");
}

}  // namespace

Problems contradictions(const AgentSettings& s) {
  Problems problems;
  need(problems, !s.state_dir.empty(), "state_dir must not be empty");
  for (const auto& source : s.sources) need_of(source, problems);
  need_of_all(s.sources, problems);
  need(problems, s.lamp.kind == LampKind::none || !s.lamp.device.empty(), "[lamp] needs device: an LED's folder, a GPIO chip or a serial line");
  const bool any = !s.hq_ca_file.empty() || !s.hq_certificate_file.empty() || !s.hq_key_file.empty();
  const bool all = !s.hq_ca_file.empty() && !s.hq_certificate_file.empty() && !s.hq_key_file.empty();
  need(problems, s.hq_url.empty() || all, "[hq] url needs ca_file, certificate_file and key_file: the link is always authenticated on both sides");
  need(problems, !s.hq_url.empty() || !any, "[hq] has files but no url");
  need(problems, s.web.port == 0 || s.web.port != s.redirect_port, "[web] port and redirect_port must differ");
  need(problems, s.keep_minutes <= s.keep_events || s.keep_minutes <= std::chrono::days(90), "[retention] minutes_days beyond events_days could not be rebuilt");
  return problems;
}

Problems contradictions(const HqSettings& s) {
  Problems problems;
  need(problems, !s.state_dir.empty(), "state_dir must not be empty");
  need(problems, s.web.port == 0 || s.web.port != s.ingest.port, "[web] port and [ingest] port must differ");
  return problems;
}

Problems check_agent(const Path& file) {
  const auto settings = load_agent(file);
  return settings ? usable_files(*settings) : Problems{settings.error().what};
}

Problems check_agent(std::string_view text, std::string_view name, const Path& folder) {
  const auto settings = parse_agent(text, name, folder);
  return settings ? usable_files(*settings) : Problems{settings.error().what};
}

Problems check_hq(const Path& file) {
  const auto settings = load_hq(file);
  return settings ? Problems{} : Problems{settings.error().what};
}

std::string dump(const AgentSettings& settings) {
  AgentSettings copy = settings;
  return show(schema_of(copy, {}));
}

std::string dump(const HqSettings& settings) {
  HqSettings copy = settings;
  return show(schema_of(copy, {}));
}

}  // namespace hf::settings
