#include "agent/app/make_source.hpp"

#include <cctype>

#include "agent/app/app_intake.hpp"
#include "agent/settings/smdr_template.hpp"
#include "hal/net/identity.hpp"
#include "hal/pbx/asterisk/ami_source.hpp"
#include "hal/pbx/asterisk/merged_source.hpp"
#include "hal/pbx/asterisk/queue_log_source.hpp"
#include "hal/pbx/asterisk/syslog_source.hpp"
#include "hal/pbx/freeswitch/esl_source.hpp"
#include "hal/pbx/recorded/capture_source.hpp"
#include "hal/pbx/sip/hep_source.hpp"
#include "hal/pbx/smdr/smdr_source.hpp"

namespace hf::app {

namespace {

std::string capitalised(std::string name) {
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

// The labels that IT of the simulated centre would have given.
calls::SiteModel model_of(const pbx::SimSite& site) {
  calls::SiteModel model;
  for (const auto& queue : site.queues) {
    calls::Line line;
    line.id = queue.line, line.label = capitalised(queue.queue), line.queue = queue.queue;
    model.lines.push_back(std::move(line));
    calls::Queue known;
    known.id = queue.queue, known.label = capitalised(queue.queue);
    model.queues.push_back(std::move(known));
  }
  return model;
}

Result<Source> make_simulator(const settings::SourceSettings& settings, Clock& clock) {
  auto scenario = pbx::scenario_by_name(settings.simulator.scenario);
  if (!scenario) return fail(std::move(scenario.error()));
  pbx::SimulatorOptions options;
  options.model.seed = settings.simulator.seed;
  options.model.scenario = *scenario;
  options.model.onset = settings.simulator.onset;
  options.model.hold = settings.simulator.hold;
  options.model.demo_hours = true;  // a demonstration at night must not show an empty centre
  options.backfill = settings.simulator.backfill.count() > 0;
  Source made;
  made.pacer = pbx::real_pacer(clock);
  made.live = false;  // the back-fill comes first
  made.first_model = model_of(options.model.site);
  made.source = std::make_unique<pbx::SimulatorSource>(options, *made.pacer);
  return made;
}

Result<Source> make_ami(const settings::SourceSettings& settings, const SipKey& caller_key, Clock& clock, Random& random, const pbx::LiveConnect& connect) {
  auto events = pbx::parse_event_mask(settings.events == "all" ? "on" : settings.events);
  if (!events) return fail(std::move(events.error()));
  pbx::AmiOptions options;
  options.address = {settings.host, settings::usual_port(settings)};
  options.user = settings.user;
  options.secret_file = settings.secret_file;
  options.events = std::move(*events);
  if (settings.transport == settings::PbxTransport::tls) options.tls_ca_file = settings.ca_file;
  options.site_key = caller_key;
  Source made;
  made.source = std::make_unique<pbx::AmiSource>(options, clock, random, connect);
  if (!settings.path.empty())
    made.source = std::make_unique<pbx::MergedSource>(std::move(made.source), std::make_unique<pbx::QueueLogSource>(pbx::QueueLogOptions{settings.path}, clock), clock);
  return made;
}

Source make_queue_log(const settings::SourceSettings& settings, Clock& clock) {
  Source made;
  made.live = false;  // what was written while the agent was away comes first
  made.source = std::make_unique<pbx::QueueLogSource>(pbx::QueueLogOptions{settings.path}, clock);
  return made;
}

Result<Source> make_smdr(const settings::SourceSettings& settings, const TimeZone& zone, const SipKey& caller_key, Clock& clock, Random& random, pbx::Recorder* recorder) {
  auto how = settings::load_smdr_template(settings.smdr.template_file);
  if (!how) return fail(std::move(how.error()));
  pbx::SmdrOptions options;
  options.how = std::move(*how);
  options.site_key = caller_key, options.recorder = recorder;
  options.file = settings.path;
  options.way = !settings.path.empty() ? pbx::SmdrWay::file : !settings.smdr.device.empty() ? pbx::SmdrWay::serial : !settings.host.empty() ? pbx::SmdrWay::dial : pbx::SmdrWay::listen;
  options.line = {settings.smdr.device, settings.smdr.baud, settings.smdr.data_bits, settings.smdr.stop_bits, static_cast<net::Parity>(settings.smdr.parity),
                  static_cast<net::FlowControl>(settings.smdr.flow)};
  options.address = options.way == pbx::SmdrWay::dial ? net::HostPort{settings.host, settings::usual_port(settings)} : net::HostPort{settings.smdr.listen.address, settings.smdr.listen.port};
  Source made;
  made.live = options.way != pbx::SmdrWay::file;  // what was written while the agent was away comes first
  made.source = std::make_unique<pbx::SmdrSource>(std::move(options), zone, clock, random);
  return made;
}

Result<Source> make_intake(const settings::SourceSettings& settings, const SipKey& caller_key, Clock& clock) {
  auto token = read_secret(settings.intake_token_file);
  if (!token) return fail(std::move(token.error()));
  if (token->reveal().size() < 16) return fail(ErrorKind::invalid_input, settings.intake_token_file.string() + ": a connector's token has 16 signs or more");
  auto source = std::make_unique<pbx::IntakeSource>(caller_key, clock);
  Source made;
  made.intake = std::make_unique<AppIntake>(*source, std::move(*token));
  made.source = std::move(source);
  return made;
}

Result<Source> make_esl(const settings::SourceSettings& settings, const SipKey& caller_key, Clock& clock, Random& random, const pbx::LiveConnect& connect) {
  pbx::EslOptions options;
  options.address = {settings.host, settings::usual_port(settings)};
  options.user = settings.user;
  options.secret_file = settings.secret_file;
  options.format = settings.format == settings::PbxFormat::json ? pbx::EslFormat::json : pbx::EslFormat::plain;
  options.site_key = caller_key;
  Source made;
  made.source = std::make_unique<pbx::EslSource>(options, clock, random, connect);
  return made;
}

Result<Source> make_capture(const settings::SourceSettings& settings, const SipKey& caller_key, Clock& clock) {
  auto source = pbx::CaptureSource::open(settings.path, caller_key, settings.speed, clock);
  if (!source) return fail(std::move(source.error()));
  Source made;
  made.live = false;
  made.source = std::move(*source);
  return made;
}

Status add_tls(uint16_t port, const std::filesystem::path& certificate, const std::filesystem::path& key, pbx::SenderAddresses& senders) {
  if (port == 0) return {};
  const auto identity = net::load_identity({certificate, key});
  if (!identity) return fail(identity.error());
  auto tls = net::TlsContext::server(*identity, {});
  if (!tls) return fail(std::move(tls.error()));
  senders.tls_port = port, senders.tls = std::move(*tls);
  return {};
}

Result<Source> make_syslog(const settings::SourceSettings& settings, Clock& clock, pbx::Recorder* recorder) {
  pbx::SenderAddresses senders;
  senders.address = net::HostPort{settings.syslog.listen.address, settings.syslog.listen.port};
  if (auto good = add_tls(settings.syslog.tls_port, settings.syslog.certificate_file, settings.syslog.key_file, senders); !good) return fail(std::move(good.error()));
  Source made;
  made.source = std::make_unique<pbx::SyslogSource>(std::move(senders), clock, recorder);
  return made;
}

Status add_hep_security(const settings::SourceSettings& settings, pbx::HepOptions& options) {
  if (!settings.sip.secret_file.empty()) {
    auto key = read_secret(settings.sip.secret_file);
    if (!key) return fail(std::move(key.error()));
    options.key = std::move(*key);
  }
  return add_tls(settings.sip.tls_port, settings.sip.certificate_file, settings.sip.key_file, options.senders);
}

// [sip]: what HEP senders or holdfast-tap tell.
Result<Source> make_sip(const settings::SourceSettings& settings, const SipKey& caller_key, Clock& clock, pbx::Recorder* recorder) {
  pbx::HepOptions options;
  options.site_key = caller_key, options.recorder = recorder;
  auto addresses = pbx::parse_endpoints(settings.sip.pbx_addresses);
  if (!addresses) return fail(std::move(addresses.error()).context("[sip] pbx_addresses"));
  options.pbx = std::move(*addresses);
  if (settings.kind == settings::PbxKind::tap) {
    options.kind = "tap", options.senders.local = settings.sip.socket;
  } else {
    options.senders.address = net::HostPort{settings.sip.listen.address, settings.sip.listen.port};
    if (auto good = add_hep_security(settings, options); !good) return fail(std::move(good.error()));
  }
  Source made;
  made.source = std::make_unique<pbx::HepSource>(std::move(options), clock);
  return made;
}

}  // namespace

Result<Source> make_source(const settings::SourceSettings& settings, const TimeZone& zone, const SipKey& caller_key, Clock& clock, Random& random,
                           const pbx::LiveConnect& connect, pbx::Recorder* recorder) {
  switch (settings.kind) {
    case settings::PbxKind::simulator: return make_simulator(settings, clock);
    case settings::PbxKind::ami: return make_ami(settings, caller_key, clock, random, connect);
    case settings::PbxKind::esl: return make_esl(settings, caller_key, clock, random, connect);
    case settings::PbxKind::replay: return make_capture(settings, caller_key, clock);
    case settings::PbxKind::queue_log: return make_queue_log(settings, clock);
    case settings::PbxKind::intake: return make_intake(settings, caller_key, clock);
    case settings::PbxKind::smdr: return make_smdr(settings, zone, caller_key, clock, random, recorder);
    case settings::PbxKind::syslog: return make_syslog(settings, clock, recorder);
    case settings::PbxKind::hep:
    case settings::PbxKind::tap: return make_sip(settings, caller_key, clock, recorder);
  }
  return fail(ErrorKind::invalid_input, "pbx.kind is none that this agent knows");
}

}  // namespace hf::app
