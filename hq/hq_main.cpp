// holdfast-hq: runs HQ, and enrols and revokes sites. Exit codes: 0 done, 1 failed, 2 wrong use (CLI11's own above
// 100), 3 compare and call again.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>

#include "agent/web/ui/page_assets.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/process.hpp"
#include "hal/platform/random.hpp"
#include "hal/platform/supervisor.hpp"
#include "hq/server.hpp"

namespace {

using namespace hf;

constexpr int kFailed = 1, kWrongUse = 2, kCompare = 3;
constexpr size_t kMaxRequestFile = 16 * 1024;
constexpr auto kForgetEvery = std::chrono::hours(1);

struct Options {
  std::string config, state_dir, csr, site, label, out, ca_out, fingerprint, bundle, version;
  int page_port = -1, ingest_port = -1;
};

int failed(const Error& error) {
  fmt::print(stderr, "holdfast-hq: {}\n", error.what);
  return error.kind == ErrorKind::invalid_input ? kWrongUse : kFailed;
}

Result<settings::HqSettings> settings_of(const Options& options) {
  Result<settings::HqSettings> settings;
  if (!options.config.empty()) settings = settings::load_hq(options.config);
  if (!settings) return settings;
  if (!options.state_dir.empty()) settings->state_dir = options.state_dir;
  if (options.page_port >= 0) settings->web.port = static_cast<uint16_t>(options.page_port);
  if (options.ingest_port >= 0) settings->ingest.port = static_cast<uint16_t>(options.ingest_port);
  const auto wrong = settings::contradictions(*settings);
  if (!wrong.empty()) return fail(ErrorKind::invalid_input, fmt::format("{}", fmt::join(wrong, "\n")));
  return settings;
}

class StopSignal {
 public:
  void give() {
    const std::lock_guard lock(mutex_);
    given_ = true;
    changed_.notify_all();
  }
  // True once it was given; false after so long.
  bool wait(std::chrono::microseconds longest) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, longest, [this] { return given_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool given_ = false;
};

Status greet(const hq::Server& server, const Path& state_dir) {
  const auto fingerprint = server.page_fingerprint();
  if (!fingerprint) return fail(fingerprint.error());
  fmt::print("HQ page:      {}\nfingerprint:  {}\nfor sites:    {}\nstate folder: {}\n", server.page_address(),
             *fingerprint, server.ingest_address(), state_dir.string());
  if (server.setup_code()) fmt::print("set-up code:  {}\n", *server.setup_code());
  std::fflush(stdout);
  return {};
}

int run(const Options& options) {
  const auto settings = settings_of(options);
  if (!settings) return failed(settings.error());
  set_log_level(settings->log_level);
  StopSignal stop;
  const Signals signals([&stop](int number) {
    if (number != SIGHUP) stop.give();
  });
  auto server = hq::Server::start(*settings, web::ui::hq_assets(), HF_VERSION, system_clock(), system_random());
  if (!server) return failed(server.error());
  if (auto greeted = greet(**server, settings->state_dir); !greeted) return failed(greeted.error());
  if (auto told = notify_systemd("READY=1"); !told) log_warning("hq", "{}", told.error().what);
  // A quarter of systemd's limit, so that three beats may be late.
  const auto limit = watchdog_limit();
  const auto every = limit ? *limit / 4 : std::chrono::microseconds(kForgetEvery);
  SteadyTime forget{};
  do {
    if (limit) (*server)->beat();
    if (system_clock().steady() < forget) continue;
    (*server)->forget_old();
    forget = system_clock().steady() + kForgetEvery;
  } while (!stop.wait(every));
  log_info("hq", "stopping");
  (*server)->stop();
  return 0;
}

int enrol(const Options& options) {
  const auto settings = settings_of(options);
  if (!settings) return failed(settings.error());
  const auto request = read_file(options.csr, kMaxRequestFile);
  if (!request) return failed(request.error());
  const auto fingerprint = hq::Enrolment::fingerprint(*request);
  if (!fingerprint) return failed(fingerprint.error());
  if (options.fingerprint.empty()) {
    fmt::print("{}\n", *fingerprint);
    fmt::print(stderr,
               "Compare this with what the site's page shows, then run again with --fingerprint and it. Nothing was "
               "enrolled.\n");
    return kCompare;
  }
  if (auto made = make_folder(settings->state_dir, 0700); !made) return failed(made.error());
  auto store = hq::Store::open(hq::database_file(settings->state_dir));
  if (!store) return failed(store.error());
  const Time now = system_clock().now();
  const auto enrolment = hq::Enrolment::open(settings->state_dir, now);
  if (!enrolment) return failed(enrolment.error());
  const auto certificate = enrolment->enrol(
      *store, *request, {options.site, options.label, options.fingerprint, settings->site_certificate}, now);
  if (!certificate) return failed(certificate.error());
  if (auto written = write_file(options.out, *certificate, 0644); !written) return failed(written.error());
  if (!options.ca_out.empty())
    if (auto written = write_file(options.ca_out, enrolment->ca_certificate(), 0644); !written)
      return failed(written.error());
  fmt::print("site {} is enrolled; carry {} back to it\n", options.site, options.out);
  return 0;
}

Result<hq::Store> store_of(const Options& options) {
  const auto settings = settings_of(options);
  if (!settings) return fail(settings.error());
  const Path file = hq::database_file(settings->state_dir);
  std::error_code none;
  if (!std::filesystem::exists(file, none))
    return fail(ErrorKind::not_found, file.string() + ": no HQ has run here yet");
  return hq::Store::open(file);
}

int sites(const Options& options) {
  auto store = store_of(options);
  if (!store) return failed(store.error());
  const auto all = store->sites();
  if (!all) return failed(all.error());
  for (const auto& s : *all) {
    const auto contact = s.last_contact ? fmt::format("{:.0f}", unix_seconds(*s.last_contact)) : std::string("never");
    fmt::print("{}\t{}\t{}\tlast contact {}\n", s.site, s.label, s.revoked ? "revoked" : "enrolled", contact);
  }
  return 0;
}

int revoke(const Options& options) {
  auto store = store_of(options);
  if (!store) return failed(store.error());
  if (auto revoked = store->revoke(options.site); !revoked) return failed(revoked.error());
  fmt::print("site {} is revoked: HQ takes nothing more from it; what it sent stays\n", options.site);
  return 0;
}

Result<hq::Offers> offers_of(const Options& options) {
  const auto settings = settings_of(options);
  if (!settings) return fail(settings.error());
  if (auto made = make_folder(settings->state_dir, 0700); !made) return fail(std::move(made.error()));
  return hq::Offers::open(settings->state_dir);
}

int add_update(const Options& options) {
  auto offers = offers_of(options);
  if (!offers) return failed(offers.error());
  const auto held = offers->add(options.bundle, options.version, system_clock().now());
  if (!held) return failed(held.error());
  fmt::print("version {} is held: {} bytes, SHA-256 {}; offer it on the page or with \"holdfast-hq offer\"\n", held->version, held->size, held->sha256);
  return 0;
}

int offer(const Options& options) {
  auto store = store_of(options);
  if (!store) return failed(store.error());
  auto offers = offers_of(options);
  if (!offers) return failed(offers.error());
  if (const auto site = store->site(options.site); !site) return failed(site.error());
  const auto done = options.version.empty() ? offers->withdraw(options.site) : offers->offer(options.site, options.version, system_clock().now());
  if (!done) return failed(done.error());
  fmt::print("site {}: {}\n", options.site, options.version.empty() ? "nothing is offered any more" : "version " + options.version + " is offered");
  return 0;
}

int check_config(const Options& options) {
  const auto problems = settings::check_hq(options.config);
  for (const auto& problem : problems) fmt::print(stderr, "{}\n", problem);
  if (problems.empty()) fmt::print("{}: fine\n", options.config);
  return problems.empty() ? 0 : kWrongUse;
}

CLI::App* command(CLI::App& app, Options& options, const std::string& name, const std::string& what,
                  bool config_needed = false) {
  auto* sub = app.add_subcommand(name, what);
  auto* config = sub->add_option("--config", options.config, "settings, e.g. config/hq.toml; defaults without it");
  if (config_needed)
    config->required();
  else
    sub->add_option("--state-dir", options.state_dir, "where HQ keeps everything; over the settings' one");
  return sub;
}

// add-update and offer
std::pair<CLI::App*, CLI::App*> version_commands(CLI::App& app, Options& options) {
  auto* add = command(app, options, "add-update", "hold a bundle for the sites. Example: holdfast-hq add-update --bundle holdfast-1.1.0.raucb --version 1.1.0");
  add->add_option("--bundle", options.bundle, "the signed bundle; each site checks the signature itself")->required();
  add->add_option("--version", options.version, "the version that is in it")->required();
  auto* offer = command(app, options, "offer", "offer a held version to a site; without --version take the offer back");
  offer->add_option("--site", options.site, "the site's name at HQ")->required();
  offer->add_option("--version", options.version, "a version that is held");
  return {add, offer};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Holdfast HQ: what all sites show, on one page.\nExample: holdfast-hq run --config config/hq.toml",
               "holdfast-hq");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", HF_VERSION);
  app.add_option("--config", options.config, "settings for run");
  app.add_option("--state-dir", options.state_dir, "state folder for run");
  auto* run_command = command(app, options, "run", "run HQ until SIGINT or SIGTERM (also without a command)");
  run_command->add_option("--page-port", options.page_port, "port of the page; 0 = any free one")
      ->check(CLI::Range(0, 65535));
  run_command->add_option("--ingest-port", options.ingest_port, "port for the sites; 0 = any free one")
      ->check(CLI::Range(0, 65535));
  auto* enrol_command =
      command(app, options, "enrol",
              "sign a site's request. Example: holdfast-hq enrol --csr berlin.csr --site berlin-1 --out berlin.crt"
              " --fingerprint AB:CD:..");
  enrol_command->add_option("--csr", options.csr, "the site's request (PEM)")->required();
  enrol_command->add_option("--site", options.site, "the site's name at HQ: a-z, 0-9, -")->required();
  enrol_command->add_option("--label", options.label, "how HQ's page calls it");
  enrol_command->add_option("--out", options.out, "the certificate to carry back (PEM)")->required();
  enrol_command->add_option("--ca-out", options.ca_out, "HQ's CA, for the site to pin (PEM)");
  enrol_command->add_option("--fingerprint", options.fingerprint,
                            "as the site's page shows it; without it the request's is printed, exit code 3");
  auto* sites_command = command(app, options, "sites", "list the sites");
  auto* revoke_command =
      command(app, options, "revoke", "take a site's key away. Example: holdfast-hq revoke --site berlin-1");
  revoke_command->add_option("--site", options.site, "the site's name at HQ")->required();
  const auto [add_command, offer_command] = version_commands(app, options);
  auto* check_command = command(app, options, "check-config", "check a settings file", true);
  CLI11_PARSE(app, argc, argv);
  if (enrol_command->parsed()) return enrol(options);
  if (sites_command->parsed()) return sites(options);
  if (revoke_command->parsed()) return revoke(options);
  if (add_command->parsed()) return add_update(options);
  if (offer_command->parsed()) return offer(options);
  if (check_command->parsed()) return check_config(options);
  return run(options);
}
