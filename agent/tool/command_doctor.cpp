#include <fmt/format.h>

#include <fstream>

#include <cstdio>

#include "agent/journal/segment.hpp"
#include "agent/settings/settings.hpp"
#include "agent/settings/smdr_template.hpp"
#include "agent/tool/command.hpp"
#include "hal/board/survey.hpp"
#include "hal/net/identity.hpp"
#include "hal/net/serial_stream.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/pbx/recorded/open_capture.hpp"
#include "hal/platform/secret.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::app {

namespace {

// Prints one line a finding; remembers whether anything was wrong.
class Findings {
 public:
  void good(std::string_view thing, std::string_view what) { fmt::print("good  {:<12} {}\n", thing, what); }
  void bad(std::string_view thing, std::string_view what) {
    fmt::print("BAD   {:<12} {}\n", thing, what);
    failed_ = true;
  }
  void tell(std::string_view thing, std::string_view well, const Status& status) {
    if (status) good(thing, well);
    else bad(thing, status.error().what);
  }
  int code() const { return failed_ ? 1 : 0; }

 private:
  bool failed_ = false;
};

void look_at_state(const settings::AgentSettings& settings, Findings& findings) {
  if (!std::filesystem::is_directory(settings.state_dir)) {
    findings.good("state", fmt::format("{} is not there yet; the first start makes it", settings.state_dir.string()));
    return;
  }
  const board::Space space = board::space_at(settings.state_dir);
  if (!space.free) return findings.bad("state", settings.state_dir.string() + ": cannot be read");
  const uint64_t free_mb = *space.free >> 20;
  if (free_mb < 500) findings.bad("disk", fmt::format("{} MB free at {}; make room", free_mb, settings.state_dir.string()));
  else findings.good("disk", fmt::format("{} MB free at {}", free_mb, settings.state_dir.string()));
}

void look_at_journal(const settings::AgentSettings& settings, Findings& findings) {
  const auto folder = settings.state_dir / "journal";
  if (!std::filesystem::is_directory(folder)) return;
  auto segments = journal::list_segments(folder);
  if (!segments) return findings.bad("journal", segments.error().what);
  for (const auto& name : *segments)
    if (auto newer = journal::refuse_newer(folder / name.file()); !newer) return findings.bad("journal", newer.error().what);
  findings.good("journal", fmt::format("{} days", segments->size()));
}

Status reach(const std::string& host, uint16_t port) {
  auto stream = net::connect_tcp({host, port}, std::chrono::seconds(5));
  if (!stream) return fail(std::move(stream.error()));
  return {};
}

bool on_this_machine(std::string_view host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

template <class T>
Status ok_of(const Result<T>& result) {
  return result ? Status{} : fail(result.error());
}

void look_at_smdr(const settings::SourceSettings& s, const std::string& pbx, Findings& findings) {
  auto how = settings::load_smdr_template(s.smdr.template_file);
  if (!how) return findings.bad(pbx, how.error().what);
  findings.good(pbx, fmt::format("records are read as {} prints them ({})", how->label, how->real_capture ? "seen with a real PBX" : "by its document, not yet seen with a real PBX"));
  if (!s.smdr.device.empty()) return findings.tell(pbx, s.smdr.device + " can be opened", ok_of(net::open_serial({s.smdr.device, s.smdr.baud})));
  if (!s.host.empty()) return findings.tell(pbx, fmt::format("{}:{} answers", s.host, usual_port(s)), reach(s.host, usual_port(s)));
  findings.good(pbx, fmt::format("the PBX is to call {}:{}", s.smdr.listen.address, s.smdr.listen.port));
}

void look_at_tap(const settings::SourceSettings& s, const std::string& pbx, Findings& findings) {
  std::error_code error;
  const bool there = std::filesystem::is_socket(s.sip.socket, error);
  const Error missing{ErrorKind::not_found, s.sip.socket.string() + ": no such socket; it is there while the agent runs"};
  findings.tell(pbx, "holdfast-tap can come to " + s.sip.socket.string(), there ? Status{} : fail(missing));
}

void look_at_live(const settings::SourceSettings& s, const std::string& pbx, Findings& findings) {
  findings.tell(pbx, fmt::format("{}:{} answers", s.host, usual_port(s)), reach(s.host, usual_port(s)));
  findings.tell(pbx + " secret", s.secret_file.string() + " can be read", ok_of(read_secret(s.secret_file)));
  if (s.kind == settings::PbxKind::esl && !on_this_machine(s.host))
    findings.good(pbx + " link", "the Event Socket has no TLS: let no one else onto the network between, or lay a tunnel");
}

void look_at_source(const settings::SourceSettings& s, Findings& findings) {
  using settings::PbxKind;
  const std::string pbx = s.name.empty() ? "pbx" : "pbx." + s.name;
  switch (s.kind) {
    case PbxKind::simulator: return findings.good(pbx, "simulated");
    case PbxKind::intake: return findings.tell(pbx, "a connector posts events; its token can be read", ok_of(read_secret(s.intake_token_file)));
    case PbxKind::smdr: return look_at_smdr(s, pbx, findings);
    case PbxKind::hep: return findings.good(pbx, fmt::format("HEPv3 is awaited at {}:{}", s.sip.listen.address, s.sip.listen.port));
    case PbxKind::syslog: return findings.good(pbx, fmt::format("syslog is awaited at {}:{}", s.syslog.listen.address, s.syslog.listen.port));
    case PbxKind::tap: return look_at_tap(s, pbx, findings);
    case PbxKind::ami:
    case PbxKind::esl: return look_at_live(s, pbx, findings);
    case PbxKind::queue_log: return findings.tell(pbx, s.path.string() + " can be read", std::ifstream(s.path) ? Status{} : fail(ErrorKind::io, s.path.string() + ": cannot be read"));
    case PbxKind::replay: return findings.tell(pbx, s.path.string() + " can be read", ok_of(pbx::open_capture(s.path, SipKey{})));
  }
}

void look_at_hq(const settings::AgentSettings& settings, Findings& findings) {
  if (settings.hq_url.empty()) return findings.good("hq", "none is configured");
  auto identity = net::load_identity({settings.hq_certificate_file, settings.hq_key_file});
  if (!identity) return findings.bad("hq", identity.error().what);
  auto facts = net::describe_certificate(identity->certificate);
  if (!facts) return findings.bad("hq", facts.error().what);
  if (facts->not_after < system_clock().now()) findings.bad("hq", settings.hq_certificate_file.string() + ": this site's certificate has ended; enrol it again");
  else findings.good("hq", "this site's certificate is valid");
}

}  // namespace

int run_check_config(const std::string& path, bool hq) {
  const auto problems = hq ? settings::check_hq(path) : settings::check_agent(path);
  for (const auto& problem : problems) fmt::print(stderr, "{}\n", problem);
  if (problems.empty()) fmt::print("{}: good\n", path);
  return problems.empty() ? 0 : 1;
}

int run_doctor(const std::string& config_path) {
  Findings findings;
  auto settings = settings::load_agent(config_path);
  if (!settings) {
    findings.bad("config", settings.error().what);
    return findings.code();
  }
  findings.good("config", config_path);
  auto zone = TimeZone::find(settings->time_zone);
  findings.tell("time zone", settings->time_zone, zone ? Status{} : fail(zone.error()));
  look_at_state(*settings, findings);
  look_at_journal(*settings, findings);
  for (const auto& source : settings->sources) look_at_source(source, findings);
  look_at_hq(*settings, findings);
  return findings.code();
}

}  // namespace hf::app
