#include "agent/app/agent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "agent/access/access.hpp"
#include "agent/app/backend.hpp"
#include "agent/app/backend_rules.hpp"
#include "agent/app/board_watch.hpp"
#include "agent/app/box_desk.hpp"
#include "agent/app/identity.hpp"
#include "agent/app/lamp_keeper.hpp"
#include "agent/app/listeners.hpp"
#include "agent/app/news_outlet.hpp"
#include "agent/app/offer_keeper.hpp"
#include "agent/app/outlets.hpp"
#include "agent/app/page_options.hpp"
#include "agent/app/pulse.hpp"
#include "agent/app/settings_keeper.hpp"
#include "agent/app/simulated_past.hpp"
#include "agent/app/source_tools.hpp"
#include "agent/app/survey_folder.hpp"
#include "agent/app/status_file.hpp"
#include "agent/app/version.hpp"
#include "agent/calls/pbx_name.hpp"
#include "agent/http/https_server.hpp"
#include "agent/machine/desk.hpp"
#include "agent/sync/enrolled_transport.hpp"
#include "agent/updates/desk.hpp"
#include "agent/web/api.hpp"
#include "agent/web/ui/page_assets.hpp"
#include "hal/net/identity.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/process.hpp"
#include "hal/platform/supervisor.hpp"

namespace hf::app {

namespace {

constexpr auto kTick = std::chrono::seconds(1);
constexpr auto kUpkeep = std::chrono::minutes(10);
constexpr auto kStatusEvery = std::chrono::seconds(5);
constexpr auto kAnswerWithin = std::chrono::seconds(1);  // until the page that saved settings has its answer

template <class T>
bool into(std::optional<T>& place, Result<T> value, Error& error, std::string_view story) {
  if (!value) {
    error = std::move(value.error()).context(story);
    return false;
  }
  place.emplace(std::move(*value));
  return true;
}

// A receiver's certificate is checked by the system's authorities, or by the site's own one alone.
std::optional<std::filesystem::path> own_authority(const settings::AgentSettings& settings) {
  return settings.webhook_ca_file.empty() ? std::nullopt : std::optional(settings.webhook_ca_file);
}

}  // namespace

struct HqLink {  // present when HQ is configured
  sync::Outgoing outgoing;
  std::unique_ptr<sync::EnrolledTransport> transport;
  std::unique_ptr<sync::Sender> sender;
  std::unique_ptr<sync::SenderThread> thread;
  std::unique_ptr<OutboxOutlet> outlet;
};

struct Agent::Parts {
  settings::AgentSettings settings;
  SettingsOrigin origin;
  Clock& clock;
  Random& random;
  std::optional<FolderLock> folder;
  std::optional<RunsWord> runs;  // once the folder is ours
  std::vector<NamedSource> sources;
  std::optional<store::Store> store;
  std::optional<StoreOutlet> store_outlet;
  std::optional<DayBook> days;
  std::optional<HqLink> hq;
  std::unique_ptr<notify::Notifier> notifier;
  std::unique_ptr<NewsOutlet> news;
  Inbox inbox;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Backtests> backtests;
  std::unique_ptr<AppRules> rules;
  std::unique_ptr<Listeners> listeners;
  std::unique_ptr<AppBackend> backend;
  std::unique_ptr<AppTools> tools;
  std::unique_ptr<SettingsKeeper> keeper;
  std::unique_ptr<updates::SocketDevice> device;
  std::unique_ptr<updates::Desk> desk;
  std::unique_ptr<machine::Desk> machine;
  Workers home{1, 256};
  std::unique_ptr<sync::EnrolledTransport> offer_way;  // beside the sender's
  std::unique_ptr<OfferKeeper> offers;                 // null: no HQ
  Workers updating{1, 4};  // asks the device service and reads whole bundles: seconds
  Workers fetching{1, 4};  // asks HQ
  Workers asking{1, 8};    // asks the device service for the page: apart from `updating`, which may read a bundle for minutes
  Workers hashing{2, 16};
  std::unique_ptr<access::Access> access;
  std::unique_ptr<web::Api> api;
  std::unique_ptr<http::HttpsServer> server;
  Greeting greeting;
  std::unique_ptr<LampKeeper> lamp;  // null: the box has none
  std::thread loop;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::optional<SteadyTime> start_anew;  // with other settings
  Status ended;
  std::optional<Pulse> pulse;
  Time status_at{};  // on the page's worker

  Parts(const settings::AgentSettings& s, SettingsOrigin o, Clock& c, Random& r) : settings(s), origin(std::move(o)), clock(c), random(r) {}

  Status open_state();
  Status open_sources(const TimeZone& zone);
  Status open_hq(const wire::SiteKey& ids, Time now);
  calls::SiteModel first_model() const;
  Status open_core();
  web::Intake* intake() const;  // where connectors post; null without a source of this kind
  Status open_web();
  Status open_updates();
  void open_settings();
  bool ends();  // with the lock held
  void connect_news();
  void begin();
  void tick();
  void finish();
  void end_with(Status status);
};

Status Agent::Parts::open_state() {
  if (auto made = make_folder(settings.state_dir, 0700); !made) return made;
  Error error;
  if (!into(folder, FolderLock::take(settings.state_dir), error, "state folder")) return fail(std::move(error));
  runs.emplace();
  const auto removed = settle_simulation(settings.state_dir, only_simulated(settings.sources));
  if (!removed) return fail(Error(removed.error()).context("the simulated centre's calls"));
  if (*removed) log_info("settings", "a real source takes the place of the simulated centre, whose calls were removed");
  if (!into(store, store::Store::open(settings.state_dir / "derived.db"), error, "derived.db")) return fail(std::move(error));
  if (store->set_aside()) log_warning("store", "derived.db could not be used; set aside as {} and rebuilt from the journal", *store->set_aside());
  auto zone = TimeZone::find(settings.time_zone);
  if (!zone) return fail(std::move(zone.error()).context("site.time_zone"));
  if (auto opened = open_sources(*zone); !opened) return opened;
  days.emplace(*zone);
  if (settings.hq_url.empty()) return {};
  auto ids = load_or_make_key(settings.state_dir / "ids.key", random);
  if (!ids) return fail(std::move(ids.error()));
  return open_hq(*ids, clock.now());
}

Status Agent::Parts::open_sources(const TimeZone& zone) {
  auto caller_key = load_or_make_key(settings.state_dir / "callers.key", random);
  if (!caller_key) return fail(std::move(caller_key.error()));
  for (const auto& one : settings.sources) {
    auto made = make_source(one, zone, *caller_key, clock, random);
    if (!made) return fail(std::move(made.error()).context(in_brackets(one, "pbx")));
    sources.push_back({one.name, std::move(*made), false, {}});
  }
  return {};
}

// What the sources know of their PBXs before the first event.
calls::SiteModel Agent::Parts::first_model() const {
  calls::SiteModel model;
  const auto label = [](const NamedSource& source, const std::string& given) { return source.pbx.empty() ? given : source.pbx + ": " + given; };
  for (const auto& source : sources) {
    for (calls::Line line : source.source.first_model.lines) {
      line.id = calls::at_pbx(source.pbx, line.id), line.queue = calls::at_pbx(source.pbx, line.queue), line.label = label(source, line.label);
      model.lines.push_back(std::move(line));
    }
    for (calls::Queue queue : source.source.first_model.queues) {
      queue.id = calls::at_pbx(source.pbx, queue.id), queue.label = label(source, queue.label);
      model.queues.push_back(std::move(queue));
    }
  }
  model.time_zone = settings.time_zone;
  return model;
}

Status Agent::Parts::open_hq(const wire::SiteKey& ids, Time now) {
  auto outgoing = sync::Outgoing::open(settings.state_dir / "outbox.db", ids, random, now);
  if (!outgoing) return fail(std::move(outgoing.error()).context("outbox.db"));
  auto transport = std::make_unique<sync::EnrolledTransport>(
      sync::EnrolledFiles{settings.hq_url, settings.hq_ca_file, settings.hq_certificate_file, settings.hq_key_file});
  hq.emplace(HqLink{std::move(*outgoing), std::move(transport), nullptr, nullptr, nullptr});
  sync::SenderOptions options;
  options.site = settings.site_id;
  options.agent_version = kVersionNumbers;
  hq->sender = std::make_unique<sync::Sender>(hq->outgoing.outbox(), *hq->transport, clock, random, options);
  hq->thread = std::make_unique<sync::SenderThread>(*hq->sender, *hq->transport);
  hq->outgoing.on_put([thread = hq->thread.get()] { thread->wake(); });
  return {};
}

Status Agent::Parts::open_core() {
  auto journal = journal::Journal::open(settings.state_dir / "journal", clock, random);
  if (!journal) return fail(std::move(journal.error()));
  Error error;
  if (!into(store_outlet, StoreOutlet::open(*store, journal->epoch(), journal->last_sequence()), error, "derived.db")) return fail(std::move(error));
  auto opened = notify::Notifier::open({settings.state_dir / "webhook.json", clock, random, std::make_unique<notify::CurlPoster>(own_authority(settings))});
  if (!opened) return fail(std::move(opened.error()).context("webhook.json"));
  notifier = std::move(*opened);
  news = std::make_unique<NewsOutlet>(*notifier);
  std::vector<Outlet*> outlets{&*store_outlet, &*days, news.get()};
  if (hq) {
    hq->outlet = std::make_unique<OutboxOutlet>(hq->outgoing, journal->epoch());
    outlets.push_back(hq->outlet.get());
  }
  EngineOptions options;
  options.live = std::ranges::all_of(sources, [](const NamedSource& one) { return one.source.live; });
  engine = std::make_unique<Engine>(std::move(*journal), clock, inbox, std::move(outlets), options);
  if (auto read = days->read(*store, clock.now()); !read) return read;
  if (auto recovered = engine->recover(); !recovered) return recovered;
  const bool first = engine->now() == Time{};  // no event and no site model yet; the journal may hold notes
  if (first) engine->begin_with(first_model());
  if (auto zone = TimeZone::find(first ? settings.time_zone : engine->site_model().time_zone)) days->set_zone(*zone);
  return {};
}

web::Intake* Agent::Parts::intake() const {
  const auto found = std::ranges::find_if(sources, [](const NamedSource& one) { return one.source.intake != nullptr; });
  return found == sources.end() ? nullptr : found->source.intake.get();
}

void Agent::Parts::connect_news() {
  news->connect([this]() -> const calls::SiteModel& { return engine->site_model(); },
                [this]() -> const rules::Book& { return engine->core().rules(); },
                [this](const incidents::Incident& incident, web::News what) { api->publish(incident, what); },
                [this](const web::FiringView& firing) { api->publish(firing); });
}

Status Agent::Parts::open_updates() {
  auto zone = TimeZone::find(settings.time_zone);
  if (!zone) return fail(std::move(zone.error()));
  const auto& s = settings.updates;
  device = std::make_unique<updates::SocketDevice>(s.device_socket);
  desk = std::make_unique<updates::Desk>(updates::DeskParts{{s.folder, s.usb, settings.state_dir / "updates.json", settings.state_dir / "health.json"}, {.max_size = s.max_mb << 20}, s.window,
                                                               *zone, *device, clock, updating, {}});
  machine = std::make_unique<machine::Desk>(machine::DeskParts{*device, clock, home, asking, *zone, s.window});
  if (settings.hq_url.empty()) return {};
  offer_way = std::make_unique<sync::EnrolledTransport>(sync::EnrolledFiles{settings.hq_url, settings.hq_ca_file, settings.hq_certificate_file, settings.hq_key_file});
  auto ask = [way = offer_way.get()](const std::string& target, const std::optional<std::string>& body) {
    return body ? way->ask(http::Method::post, target, "application/json", *body) : way->ask(http::Method::get, target, {}, {});
  };
  offers = std::make_unique<OfferKeeper>(OfferParts{*desk, std::move(ask), clock, fetching, s.install_from_hq, s.hq_kb_per_second * 1000});
  return {};
}

void Agent::Parts::open_settings() {
  auto saved = [this] {
    const std::lock_guard lock(mutex);
    start_anew = clock.steady() + kAnswerWithin;
  };
  keeper = std::make_unique<SettingsKeeper>(KeeperParts{origin.file, settings, origin.taken_back, std::move(saved)});
}

bool Agent::Parts::ends() { return stopping || (start_anew && clock.steady() >= *start_anew); }

Status Agent::Parts::open_web() {
  auto opened = access::Access::open(settings.state_dir / "access.db", {clock, random, home, hashing});
  if (!opened) return fail(std::move(opened.error()));
  access = std::move(*opened);
  auto identity = net::load_or_make_server(net::identity_files(settings.state_dir, "web"), {"holdfast", names_of_page(settings)}, clock.now());
  if (!identity) return fail(std::move(identity.error()));
  auto facts = net::describe_certificate(identity->certificate);
  if (!facts) return fail(std::move(facts.error()));
  backtests = std::make_unique<Backtests>(settings.state_dir / "journal", clock);
  rules = std::make_unique<AppRules>(RulesParts{*engine, inbox, *store, *backtests, clock, random});
  listeners = std::make_unique<Listeners>(sources, *engine, inbox, clock, [this](Status status) { end_with(std::move(status)); });
  BackendParts parts{*engine, inbox, *store, *days, sources, *listeners, clock, *notifier, rules.get()};
  parts.site = settings.site_id, parts.certificate = *facts, parts.state_dir = settings.state_dir, parts.started = clock.now(), parts.restarted = runs->was_there();
  if (hq) {
    parts.outgoing = &hq->outgoing, parts.sender = hq->sender.get();
    parts.hq_address = settings.hq_url, parts.hq_transport = hq->transport.get();
  }
  backend = std::make_unique<AppBackend>(parts);
  if (auto opened_desk = open_updates(); !opened_desk) return opened_desk;
  tools = std::make_unique<AppTools>(ToolParts{*engine, inbox, *store, sources, clock, settings.state_dir});
  open_settings();
  api = std::make_unique<web::Api>(
      web::ApiParts{*backend, *access, clock, home, web::ui::page_assets(), std::string(kVersion), web::Language::en, intake(), tools.get(), desk.get(), keeper.get(), machine.get()});
  connect_news();
  auto options = page_options(settings, std::move(*identity));
  if (!options) return fail(std::move(options.error()));
  if (auto begun = begin_at_the_box(settings.state_dir, *access); !begun) return begun;
  auto code = access->setup_code(label_code());  // before the page's worker may touch the same database
  if (!code) return fail(std::move(code.error()));
  auto started = http::HttpsServer::start(std::move(*options), api->handler());
  if (!started) return fail(std::move(started.error()).context("the page"));
  server = std::move(*started);
  greeting = {page_address(settings.web.address, server->port()), net::fingerprint_for_people(facts->fingerprint), std::move(*code),
              settings.state_dir.string()};
  show_at_the_box(greeting);
  return {};
}

// The loop thinks, the listeners hear the PBXs; the sender and the notifier have threads of their own.
void Agent::Parts::begin() {
  listeners->start();
  loop = std::thread([this] { end_with(engine->run()); });
  if (hq) hq->thread->start();
  notifier->start();
  pulse.emplace(watchdog_limit(), Pulse::Way{[this](Pulse::Job job) { return inbox.post(std::move(job)); }, [this] { engine->pulse(); },
                                             [this](Pulse::Job job) { return home.post(std::move(job)); },
                                             [this] { (void)store->incidents({.open_only = true}); }, [] { (void)notify_systemd("WATCHDOG=1"); }});
  if (auto made = make_lamp(settings.lamp)) lamp = std::make_unique<LampKeeper>(std::move(made), clock);
}

void Agent::Parts::end_with(Status status) {
  const std::lock_guard guard(mutex);
  if (!status && ended) ended = std::move(status);
  if (!ended) stopping = true;
  changed.notify_all();
}

// On the page's worker: the picture for whoever looks, and the state that `holdfast status` reads.
void Agent::Parts::tick() {
  desk->tick();
  if (offers) offers->tick();
  if (api->listeners() > 0) api->publish(backend->live());
  if (clock.now() - status_at < kStatusEvery) return;
  status_at = clock.now();
  take_survey_files(settings.state_dir / kSurveyFolder, *tools);
  const auto open = store->incidents({.open_only = true});
  StatusFacts facts{clock.now(), greeting.address, backend->health(), backend->sources(), backend->hq(), open ? open->size() : 0, tools->coverage()};
  if (lamp) {
    lamp->show(lamp_for(facts.open_incidents, facts.health.problems));
    if (auto problem = lamp->problem()) facts.health.problems.push_back({"lamp", web::Severity::warning, facts.at, *problem});
  }
  if (auto written = write_status(settings.state_dir, facts); !written) log_warning("status", "{}", written.error().what);
}

void Agent::Parts::finish() {
  if (server) server->stop();
  if (listeners) listeners->stop();
  inbox.close();
  if (listeners) listeners->join();
  if (loop.joinable()) loop.join();
  if (hq && hq->thread) hq->thread->stop();
  if (notifier) notifier->stop();
  if (offer_way) offer_way->cancel();
  fetching.stop();
  updating.stop();
  asking.stop();
  home.stop();
  hashing.stop();
  lamp.reset();
}

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Agent::~Agent() { parts_->finish(); }

Result<std::unique_ptr<Agent>> Agent::start(const settings::AgentSettings& settings, SettingsOrigin origin, Clock& clock, Random& random) {
  std::unique_ptr<Agent> agent(new Agent(std::make_unique<Parts>(settings, std::move(origin), clock, random)));
  auto& parts = *agent->parts_;
  if (auto done = parts.open_state(); !done) return fail(std::move(done.error()));
  if (auto done = parts.open_core(); !done) return fail(std::move(done.error()));
  if (auto done = parts.open_web(); !done) return fail(std::move(done.error()));
  return agent;
}

const Greeting& Agent::greeting() const { return parts_->greeting; }

Result<Ended> Agent::run() {
  auto& p = *parts_;
  p.begin();
  Time upkeep = p.clock.now();
  std::unique_lock lock(p.mutex);
  while (!p.changed.wait_for(lock, kTick, [&] { return p.ends(); })) {
    lock.unlock();
    p.pulse->tick(p.clock.steady());
    (void)p.home.post([&p] { p.tick(); });  // a full worker misses a picture, no more
    if (p.clock.now() - upkeep >= kUpkeep) {
      upkeep = p.clock.now();
      (void)p.inbox.post([&p] { p.engine->keep_up({p.settings.keep_events, p.settings.disk_budget_mb << 20}); });
      if (auto tidied = p.store->tidy(upkeep, {.minutes = p.settings.keep_minutes}); !tidied) log_warning("store", "{}", tidied.error().what);
    }
    lock.lock();
  }
  const Ended how = p.stopping ? Ended::stopped : Ended::settings_changed;
  lock.unlock();
  p.finish();
  if (!p.ended) return fail(std::move(p.ended.error()));
  return how;
}

void Agent::stop() {
  const std::lock_guard lock(parts_->mutex);
  parts_->stopping = true;
  parts_->changed.notify_all();
}

}  // namespace hf::app
