#include "hq/server.hpp"

#include <fmt/format.h>

#include "hal/net/identity.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/process.hpp"
#include "hq/ingest.hpp"

namespace hf::hq {
namespace {

// For people a name that they can type; an address that means "every interface" is none.
std::string page_host(const settings::Listen& listen, const std::string& name) {
  const bool every = listen.address == "0.0.0.0" || listen.address == "::";
  return every ? name : listen.address;
}

Result<net::Identity> page_identity(const settings::HqSettings& settings, Time now) {
  net::Subject subject{settings.name, {settings.name}};
  if (settings.name != "localhost") subject.names.emplace_back("localhost");
  const std::string host = page_host(settings.web, settings.name);
  if (host != settings.name) subject.names.push_back(host);
  auto identity = net::load_or_make_server(net::identity_files(settings.state_dir, "page"), subject, now);
  if (!identity) return fail(std::move(identity.error()).context("the page's certificate"));
  return identity;
}

}  // namespace

Path database_file(const Path& state_dir) { return state_dir / "hq.db"; }

Server::Server(const settings::HqSettings& settings, FolderLock lock, Store store, Offers offers, net::Identity page_identity,
               std::string version, Clock& clock)
    : settings_(settings),
      clock_(clock),
      lock_(std::move(lock)),
      version_(std::move(version)),
      page_identity_(std::move(page_identity)),
      store_(std::move(store)),
      offers_(std::move(offers)) {}

Result<std::unique_ptr<Server>> Server::start(const settings::HqSettings& settings, std::span<const http::Asset> assets,
                                              std::string version, Clock& clock, Random& random) {
  if (auto made = make_folder(settings.state_dir, 0700); !made) return fail(std::move(made.error()));
  auto lock = FolderLock::take(settings.state_dir);
  if (!lock) return fail(std::move(lock.error()));
  auto store = Store::open(database_file(settings.state_dir));
  if (!store) return fail(std::move(store.error()));
  auto offers = Offers::open(settings.state_dir);
  if (!offers) return fail(std::move(offers.error()).context("versions for the sites"));
  const auto enrolment = Enrolment::open(settings.state_dir, clock.now());
  if (!enrolment) return fail(enrolment.error());
  auto ingest = enrolment->server_identity(settings.name, clock.now());
  if (!ingest) return fail(std::move(ingest.error()));
  auto page = page_identity(settings, clock.now());
  if (!page) return fail(std::move(page.error()));
  std::unique_ptr<Server> server(
      new Server(settings, std::move(*lock), std::move(*store), std::move(*offers), std::move(*page), std::move(version), clock));
  if (auto opened = server->open_access(random); !opened) return fail(std::move(opened.error()));
  if (auto listening = server->listen(std::move(*ingest), enrolment->ca_certificate(), assets); !listening)
    return fail(std::move(listening.error()));
  return server;
}

Status Server::open_access(Random& random) {
  auto access = access::Access::open(settings_.state_dir / "access.db", {clock_, random, home_, hashing_});
  if (!access) return fail(std::move(access.error()));
  access_ = std::move(*access);
  auto code = access_->setup_code();
  if (!code) return fail(std::move(code.error()));
  setup_code_ = std::move(*code);
  return {};
}

Status Server::listen(net::Identity ingest_identity, std::string ca, std::span<const http::Asset> assets) {
  page_ = std::make_unique<Page>(PageParts{store_, *access_, clock_, home_, assets, version_, std::chrono::seconds(300), &offers_});
  http::ServerOptions page_options;
  page_options.listen = {{settings_.web.address, settings_.web.port}};
  page_options.identity = page_identity_.copy();
  auto page_server = http::HttpsServer::start(std::move(page_options), page_->handler());
  if (!page_server) return fail(std::move(page_server.error()).context("HQ's page"));
  page_server_ = std::move(*page_server);
  http::ServerOptions ingest_options;
  ingest_options.listen = {{settings_.ingest.address, settings_.ingest.port}};
  ingest_options.identity = std::move(ingest_identity);
  ingest_options.client_ca = std::move(ca);
  ingest_options.body_limit = ingest_body_limit;
  auto ingest_server = http::HttpsServer::start(std::move(ingest_options), ingest_handler(store_, offers_, home_, clock_));
  if (!ingest_server) return fail(std::move(ingest_server.error()).context("HQ's door for the sites"));
  ingest_server_ = std::move(*ingest_server);
  return {};
}

Server::~Server() { stop(); }

void Server::stop() {
  if (ingest_server_) ingest_server_->stop();
  if (page_server_) page_server_->stop();
  hashing_.stop();
  home_.stop();
}

std::string Server::page_address() const {
  return fmt::format("https://{}/", net::to_string({page_host(settings_.web, settings_.name), page_port()}));
}

std::string Server::ingest_address() const {
  return fmt::format("https://{}", net::to_string({settings_.name, ingest_port()}));
}

Result<std::string> Server::page_fingerprint() const {
  auto facts = net::describe_certificate(page_identity_.certificate);
  if (!facts) return fail(std::move(facts.error()));
  return net::fingerprint_for_people(facts->fingerprint);
}

void Server::beat() {
  const bool taken = home_.post([this] {
    if (const auto sites = store_.sites(); !sites) return log_error("hq", "no beat: {}", sites.error().what);
    (void)notify_systemd("WATCHDOG=1");
  });
  if (!taken) log_warning("hq", "no beat: too much waits");
}

void Server::forget_old() {
  const bool taken = home_.post([this] {
    const Time now = clock_.now();
    auto done = store_.forget_before(now - settings_.keep_minutes, now - settings_.keep_incidents);
    if (!done) log_error("hq", "forgetting what is older than its time: {}", done.error().what);
  });
  if (!taken) log_warning("hq", "too much waits: retention comes with the next hour");
}

}  // namespace hf::hq
