// holdfast listen, record and smdr-assist: for the person who connects a source, with no agent or beside one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/app/identity.hpp"
#include "agent/app/make_source.hpp"
#include "agent/app/source_tools.hpp"
#include "agent/settings/settings.hpp"
#include "agent/tool/command.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/pbx/input_file.hpp"
#include "hal/pbx/listener.hpp"
#include "hal/pbx/recorder.hpp"
#include "hal/pbx/smdr/smdr_assist.hpp"
#include "hal/platform/random.hpp"

namespace hf::app {

namespace {

constexpr size_t kPasted = size_t{1} << 20;

int refuse(std::string_view command, const Error& error) {
  fmt::print(stderr, "holdfast {}: {}\n", command, error.what);
  return 2;
}

// The source of that name, or the only one.
Result<settings::SourceSettings> chosen(const settings::AgentSettings& settings, const std::string& name) {
  const auto at = std::ranges::find(settings.sources, name, &settings::SourceSettings::name);
  if (at != settings.sources.end()) return *at;
  if (name.empty() && settings.sources.size() == 1) return settings.sources.front();
  std::string names;
  for (const auto& s : settings.sources) names += (names.empty() ? "" : ", ") + in_brackets(s, "pbx");
  return fail(ErrorKind::invalid_input, fmt::format("which source? --source is a name of: {}", names));
}

void print(const pbx::ListenReport& report, const pbx::SourceHealth& health, const pbx::Description& about) {
  fmt::print("{} {}: {}\nlistened for {:.0f} s: {} bytes, {} messages of other kinds, {} that could not be read\n\n", about.kind, about.address, health.what, seconds(report.listened),
             health.bytes, health.unknown_messages, health.malformed_messages);
  for (const auto& heard : report.heard) {
    fmt::print("{:>8}  {}\n", heard.count, heard.kind);
    for (const std::string& example : heard.examples) fmt::print("          {}\n", example);
  }
  if (report.clock_ahead) fmt::print("\nthe PBX's clock less ours: {:+.1f} s\n", seconds(*report.clock_ahead));
  if (!report.missing.empty()) fmt::print("\nnever came:\n");
  for (const auto& missing : report.missing) fmt::print("  {}: {}\n", missing.kind, in_words(missing));
}

Result<Source> open(const ListenCommand& command) {
  auto settings = settings::load_agent(command.config);
  if (!settings) return fail(std::move(settings.error()));
  auto how = chosen(*settings, command.source);
  if (!how) return fail(std::move(how.error()));
  if (how->kind == settings::PbxKind::intake) return fail(ErrorKind::unsupported, "a connector posts to the running agent: listen on the page Sources");
  auto zone = TimeZone::find(settings->time_zone);
  if (!zone) return fail(std::move(zone.error()));
  SipKey key{};
  system_random().fill(std::as_writable_bytes(std::span(key)));  // pseudonyms of this run alone
  return make_source(*how, *zone, key, system_clock(), system_random());
}

std::optional<pbx::WireForm> form_of(const settings::SourceSettings& source) {
  if (source.kind == settings::PbxKind::ami) return pbx::WireForm::ami;
  if (source.kind == settings::PbxKind::esl) return pbx::WireForm::esl;
  if (source.kind == settings::PbxKind::smdr) return pbx::WireForm::lines;
  if (source.kind == settings::PbxKind::hep || source.kind == settings::PbxKind::tap) return pbx::WireForm::sip;
  const bool queue_log = source.kind == settings::PbxKind::queue_log || source.kind == settings::PbxKind::syslog;
  return queue_log ? std::optional(pbx::WireForm::queue_log) : std::nullopt;
}

Status record_file(const Path& path, pbx::Recorder& recorder) {
  auto file = pbx::InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  std::array<char, size_t{1} << 16> piece;
  for (auto got = (*file)->read(piece); !recorder.recorded().full; got = (*file)->read(piece)) {
    if (!got) return fail(got.error());
    if (*got == 0) break;
    recorder.received({piece.data(), *got}, system_clock().now());
  }
  return {};
}

// Those who print or send to us: the source listens for them, and what it hears is written down.
Status record_senders(const settings::SourceSettings& how, const TimeZone& zone, pbx::Recorder& recorder, uint32_t length) {
  auto made = make_source(how, zone, SipKey{}, system_clock(), system_random(), {}, &recorder);
  if (!made) return fail(std::move(made.error()));
  pbx::Listener listener(nullptr);
  pbx::SourceHealth health;
  if (auto ended = listen_to(*made->source, listener, std::chrono::seconds(length), system_clock(), &health); !ended) return ended;
  if (health.state == pbx::Health::failed) return fail(ErrorKind::io, health.what + (health.bytes == 0 ? "; does the agent listen there? Stop it while you record" : ""));
  return {};
}

Status record_connection(const settings::SourceSettings& how, pbx::Recorder& recorder, uint32_t length) {
  const net::HostPort address{how.host, settings::usual_port(how)};
  const pbx::LiveConnect connect = [&](const std::shared_ptr<net::Interrupt>& stop) -> Result<std::unique_ptr<net::ByteStream>> {
    auto stream = net::connect_tcp(address, std::chrono::seconds(10), stop);
    if (!stream) return stream;
    return std::make_unique<pbx::RecordedStream>(std::move(*stream), recorder, system_clock());
  };
  auto zone = TimeZone::find("UTC");  // these two tell no local times
  if (!zone) return fail(std::move(zone.error()));
  auto made = make_source(how, *zone, SipKey{}, system_clock(), system_random(), connect);
  if (!made) return fail(std::move(made.error()));
  pbx::Listener listener(nullptr);
  pbx::SourceHealth health;
  if (auto ended = listen_to(*made->source, listener, std::chrono::seconds(length), system_clock(), &health); !ended) return ended;
  if (recorder.recorded().connections > 0) return {};
  return fail(ErrorKind::closed, health.what);
}

Status record_source(const settings::SourceSettings& how, const settings::AgentSettings& settings, pbx::Recorder& recorder, uint32_t length) {
  const bool dialled = how.kind == settings::PbxKind::ami || how.kind == settings::PbxKind::esl;
  if (dialled) return record_connection(how, recorder, length);
  if (!how.path.empty()) return record_file(how.path, recorder);
  auto zone = TimeZone::find(settings.time_zone);
  if (!zone) return fail(std::move(zone.error()));
  return record_senders(how, *zone, recorder, length);
}

}  // namespace

int run_listen(const ListenCommand& command) {
  auto opened = open(command);
  if (!opened) return refuse("listen", opened.error());
  pbx::Listener listener(nullptr);
  pbx::PbxSource& source = *opened->source;
  pbx::SourceHealth health;
  const Status ended = listen_to(source, listener, std::chrono::seconds(command.seconds), system_clock(), &health);
  if (const auto report = listener.report(system_clock().now(), source.describe().kind)) print(*report, health, source.describe());
  if (!ended) return refuse("listen", ended.error());
  return 0;
}

int run_record(const RecordCommand& command) {
  auto settings = settings::load_agent(command.listen.config);
  if (!settings) return refuse("record", settings.error());
  auto how = chosen(*settings, command.listen.source);
  if (!how) return refuse("record", how.error());
  const auto form = form_of(*how);
  if (!form) return refuse("record", {ErrorKind::unsupported, "a simulator, a replay and a connector are not recorded"});
  if (auto made = make_folder(settings->state_dir, 0700); !made) return refuse("record", made.error());
  auto key = load_or_make_key(settings->state_dir / "recordings.key", system_random());
  if (!key) return refuse("record", key.error());
  auto recorder = pbx::Recorder::begin({command.out, *form, command.max_mb << 20}, Secret({reinterpret_cast<const char*>(key->data()), key->size()}));
  if (!recorder) return refuse("record", recorder.error());
  const Status good = record_source(*how, *settings, **recorder, command.listen.seconds);
  if (!good) return refuse("record", good.error());
  const pbx::Recorded done = (*recorder)->finish();
  if (!done.problem.empty()) return refuse("record", {ErrorKind::io, done.problem});
  const std::string of = done.connections > 0 ? fmt::format(" of {} connections", done.connections) : "";
  fmt::print("{} bytes{} in {}{}\n", done.bytes, of, command.out, done.full ? ", as much as --max-mb allows" : "");
  return done.bytes > 0 ? 0 : 1;
}

int run_smdr_assist(const std::string& file, const std::string& time_zone) {
  const auto text = read_file(file, kPasted);
  if (!text) return refuse("smdr-assist", text.error());
  const auto zone = TimeZone::find(time_zone);
  if (!zone) return refuse("smdr-assist", zone.error());
  const auto proposal = pbx::propose_smdr(*text, *zone);
  if (!proposal) return refuse("smdr-assist", proposal.error());
  fmt::print("{}\n", toml_of(proposal->how));
  for (const pbx::SmdrDoubt doubt : proposal->doubts) fmt::print("# doubt: {}\n", in_words(doubt));
  const auto told = [](const std::optional<Duration>& d) { return d ? fmt::format("{:.0f} s", seconds(*d)) : std::string("-"); };
  for (const pbx::SmdrLineRead& l : proposal->lines) {
    const pbx::SmdrRecord& r = l.record;
    if (l.verdict == pbx::SmdrVerdict::record)
      fmt::print("# read: ring {}, talk {}, total {}, {}, line {}, device {} <- {}\n", told(r.ring), told(r.talk), told(r.total), r.answered ? "answered" : "not answered", r.line, r.device, l.line);
    else
      fmt::print("# {}: {} <- {}\n", l.verdict == pbx::SmdrVerdict::malformed ? "cannot be read" : "passed over", l.problem, l.line);
  }
  return 0;
}

}  // namespace hf::app
