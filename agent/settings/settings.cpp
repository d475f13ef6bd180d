#include "agent/settings/settings.hpp"

#include <fmt/format.h>

#include "agent/settings/schema.hpp"
#include "agent/settings/smdr_template.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/secret.hpp"

namespace hf::settings {

namespace {

template <class S>
Result<S> parse_as(std::string_view text, std::string_view name, const Path& folder) {
  auto document = parse(text, name);
  if (!document) return fail(std::move(document.error()));
  S settings;
  Problems problems = fill(schema_of(settings, folder), *document, name);
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

Problems usable_files(const AgentSettings& s) {
  Problems problems;
  if (s.pbx == PbxKind::ami || s.pbx == PbxKind::esl) note(problems, read_secret(s.pbx_secret_file));
  if (s.pbx == PbxKind::intake) note(problems, read_secret(s.intake_token_file));
  if (s.pbx == PbxKind::smdr) note(problems, load_smdr_template(s.smdr_template));
  if (s.pbx == PbxKind::hep && !s.sip_secret_file.empty()) note(problems, read_secret(s.sip_secret_file));
  if (s.pbx == PbxKind::hep && s.sip_tls_port != 0) {
    note(problems, read_file(s.sip_certificate_file, kMaxPem));
    note(problems, read_secret_file(s.sip_key_file));
  }
  std::error_code error;
  if ((s.pbx == PbxKind::replay || s.pbx == PbxKind::queue_log) && !std::filesystem::exists(s.pbx_path, error)) {
    problems.push_back(s.pbx_path.string() + ": [pbx] path: no such file or folder");
  }
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

uint16_t usual_port(const AgentSettings& settings) {
  if (settings.pbx_port != 0) return settings.pbx_port;
  return settings.pbx == PbxKind::esl ? 8021 : 5038;
}

Problems contradictions(const AgentSettings& s) {
  Problems problems;
  need(problems, !s.state_dir.empty(), "state_dir must not be empty");
  if (s.pbx == PbxKind::ami) {
    need(problems, !s.pbx_host.empty(), "[pbx] kind = \"ami\" needs host");
    need(problems, !s.pbx_user.empty(), "[pbx] kind = \"ami\" needs user");
    need(problems, !s.pbx_secret_file.empty(), "[pbx] kind = \"ami\" needs secret_file, a file of mode 0600 that holds the secret");
  }
  if (s.pbx == PbxKind::esl) {
    need(problems, !s.pbx_host.empty(), "[pbx] kind = \"esl\" needs host");
    need(problems, !s.pbx_secret_file.empty(), "[pbx] kind = \"esl\" needs secret_file, a file of mode 0600 that holds the password");
    need(problems, s.pbx_user.empty() || s.pbx_user.find('@') != std::string::npos,
         "[pbx] user of kind = \"esl\" is \"name@domain\" of the directory, or \"\" for the socket's own password");
  }
  if (s.pbx == PbxKind::replay) need(problems, !s.pbx_path.empty(), "[pbx] kind = \"replay\" needs path");
  need(problems, s.lamp == LampKind::none || !s.lamp_device.empty(), "[lamp] needs device: an LED's folder, a GPIO chip or a serial line");
  need(problems, s.pbx != PbxKind::syslog || s.syslog_tls_port == 0 || (!s.syslog_certificate_file.empty() && !s.syslog_key_file.empty()), "[syslog] tls_port needs certificate_file and key_file");
  if (s.pbx == PbxKind::intake) need(problems, !s.intake_token_file.empty(), "[pbx] kind = \"intake\" needs [intake] token_file, a file of mode 0600 that holds the connector's token");
  if (s.pbx == PbxKind::smdr) need(problems, !s.smdr_template.empty(), "[pbx] kind = \"smdr\" needs [smdr] template, such as \"smdr-templates/avaya-ip-office.toml\"");
  if (s.pbx == PbxKind::queue_log) need(problems, !s.pbx_path.empty(), "[pbx] kind = \"queue_log\" needs path");
  if (s.pbx == PbxKind::hep) {
    const bool tls = !s.sip_certificate_file.empty() && !s.sip_key_file.empty();
    need(problems, s.sip_tls_port == 0 || tls, "[sip] tls_port needs certificate_file and key_file");
    need(problems, s.sip_listen.port != 0, "[sip] port must not be 0: senders have to know it");
    need(problems, s.sip_tls_port != s.sip_listen.port, "[sip] port and tls_port must differ");
  }
  if (s.pbx == PbxKind::tap) need(problems, !s.sip_socket.empty(), "[pbx] kind = \"tap\" needs [sip] socket");
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
