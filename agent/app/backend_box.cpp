// The box about itself: source, link to HQ, health.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "agent/app/backend.hpp"
#include "agent/app/board_watch.hpp"
#include "agent/app/box_desk.hpp"
#include "agent/app/health_word.hpp"
#include "agent/app/version.hpp"
#include "hal/board/survey.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/release.hpp"

namespace hf::app {

namespace {

web::SourceState state_of(pbx::Health health) {
  switch (health) {
    case pbx::Health::connecting: return web::SourceState::connecting;
    case pbx::Health::healthy: return web::SourceState::healthy;
    case pbx::Health::degraded: return web::SourceState::degraded;
    case pbx::Health::failed: return web::SourceState::failed;
  }
  return web::SourceState::failed;
}

web::LinkState state_of(sync::LinkState state) {
  switch (state) {
    case sync::LinkState::connecting: return web::LinkState::connecting;
    case sync::LinkState::connected: return web::LinkState::connected;
    case sync::LinkState::refused: return web::LinkState::refused;
    case sync::LinkState::unreachable: return web::LinkState::unreachable;
  }
  return web::LinkState::off;
}

std::string_view name_of(store::OutboxKind kind) {
  switch (kind) {
    case store::OutboxKind::minutes: return "minutes";
    case store::OutboxKind::incident: return "incident";
    case store::OutboxKind::labels: return "labels";
    case store::OutboxKind::gap: return "gap";
    case store::OutboxKind::surveys: return "surveys";
  }
  return "minutes";
}

web::OutboxItem item_of(const store::OutboxMessage& message) {
  web::OutboxItem item{message.sequence, std::string(name_of(message.kind)), message.created, message.sent, std::nullopt, message.plain_bytes, message.bytes,
                       message.attempts};
  if (message.state == store::OutboxState::acknowledged) item.acknowledged = message.settled;
  return item;
}

// The second number of /proc/self/statm counts resident pages.
std::optional<uint64_t> resident_bytes() {
  const auto text = read_file("/proc/self/statm", 4096);
  const size_t blank = text ? text->find(' ') : std::string::npos;
  if (blank == std::string::npos) return std::nullopt;
  uint64_t pages = 0;
  const auto parsed = std::from_chars(text->data() + blank + 1, text->data() + text->size(), pages);
  return parsed.ec == std::errc{} ? std::optional(pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE))) : std::nullopt;
}

constexpr size_t kMaxHealthWord = 1 << 20;
// The health check tells of versions of the sealed box; where there is none, of the agent's.
std::string running_version() {
  auto version = image_version();
  return version.empty() ? std::string(kVersion) : version;
}

constexpr uint64_t kLowDisk = 500ULL << 20;
constexpr auto kCertificateWarning = std::chrono::hours(24 * 30);

}  // namespace

std::optional<sync::CertificateHealth> AppBackend::hq_certificate() const {
  return parts_.hq_transport ? parts_.hq_transport->certificate(parts_.clock.now()) : std::nullopt;
}

namespace {

web::SourceView view_of(const NamedSource& source, const pbx::SourceHealth& health) {
  const auto about = source.source.source->describe();
  web::SourceView view;
  view.name = cursor_name(source.pbx), view.kind = about.kind, view.address = about.address, view.what = health.what;
  view.state = state_of(health.state);
  if (health.since != Time{}) view.since = health.since;
  view.last_event = health.last_event;
  view.events = health.events, view.bytes = health.bytes, view.unknown_messages = health.unknown_messages;
  view.malformed_messages = health.malformed_messages, view.reconnects = health.reconnects;
  view.live = about.live, view.agent_state = about.agent_state, view.pre_queue = about.pre_queue;
  view.hold_times = about.hold_times, view.voice = about.voice, view.abandons = about.abandons, view.resumable = about.resumable;
  view.queues = about.queues, view.grain = about.grain;
  return view;
}

}  // namespace

std::vector<web::SourceView> AppBackend::sources() {
  std::vector<web::SourceView> views;
  views.reserve(parts_.sources.size());
  for (const auto& source : parts_.sources) {
    views.push_back(view_of(source, parts_.listeners.health(source)));
    views.back().held_back = parts_.inbox.held_back(source.pbx);
    if (const auto odd = on_loop([this, &source] { return parts_.engine.core().pbx(source.pbx).tracker().oddities(); })) views.back().oddities = *odd;
  }
  return views;
}

void AppBackend::add_source_problems(std::vector<web::Problem>& found) {
  for (const auto& source : parts_.sources) {
    const auto health = parts_.listeners.health(source);
    if (health.state == pbx::Health::healthy) continue;
    const std::string what = source.pbx.empty() ? health.what : fmt::format("{}: {}", source.pbx, health.what);
    found.push_back({"source", health.state == pbx::Health::failed ? web::Severity::failure : web::Severity::warning, health.since, what});
  }
}

Result<std::vector<web::OutboxItem>> AppBackend::outbox(std::optional<uint64_t> before, size_t limit) {
  if (!parts_.outgoing) return std::vector<web::OutboxItem>{};
  auto messages = parts_.outgoing->outbox().list(before, limit);
  if (!messages) return fail(std::move(messages.error()));
  std::vector<web::OutboxItem> items;
  for (const auto& message : *messages) items.push_back(item_of(message));
  return items;
}

Result<web::OutboxPayload> AppBackend::outbox_item(uint64_t sequence) {
  if (!parts_.outgoing) return fail(ErrorKind::not_found, "no HQ is configured");
  auto message = parts_.outgoing->outbox().message(sequence);
  if (!message) return fail(std::move(message.error()));
  auto json = sync::json_of(*message);
  if (!json) return fail(std::move(json.error()));
  return web::OutboxPayload{item_of(*message), std::move(*json)};
}

web::HqLink AppBackend::hq() {
  web::HqLink link;
  link.site = parts_.site;
  if (!parts_.outgoing || !parts_.sender) return link;
  const auto now = parts_.sender->link();
  link.configured = true;
  link.address = parts_.hq_address;
  link.what = now.what;
  link.state = state_of(now.state);
  link.since = now.since, link.last_contact = now.last_contact, link.next_attempt = now.next_attempt;
  if (const auto certificate = hq_certificate()) link.certificate_ends = certificate->ends;
  if (auto status = parts_.outgoing->outbox().status()) {
    link.queued = status->waiting;
    link.oldest_queued = status->oldest_created;
    link.last_acknowledged = status->last_acknowledged;
  }
  return link;
}

std::vector<web::Problem> AppBackend::problems() {
  std::vector<web::Problem> found;
  const Time now = parts_.clock.now();
  const auto engine = on_loop([this] { return parts_.engine.health(); });
  if (!engine) found.push_back({"busy", web::Severity::failure, now, engine.error().what});
  if (engine && !engine->journal_problem.empty())
    found.push_back({"journal", web::Severity::failure, engine->problem_since, engine->journal_problem + ": make room or repair the disk; events wait in memory"});
  if (engine && !engine->outlet_problem.empty()) found.push_back({"store", web::Severity::failure, engine->problem_since, engine->outlet_problem});
  if (engine)
    for (const auto& told : engine->damage) found.push_back({"journal_damage", web::Severity::warning, parts_.started, told});
  add_source_problems(found);
  if (parts_.sender)
    if (const auto link = parts_.sender->link(); !link.what.empty()) found.push_back({"hq", web::Severity::warning, link.since, link.what});
  if (const auto certificate = hq_certificate(); certificate && certificate->problem)
    found.push_back({"hq_certificate", web::Severity::warning, now, *certificate->problem});
  if (parts_.certificate.not_after - now < kCertificateWarning)
    found.push_back({"certificate", web::Severity::warning, now, "the page's certificate ends soon: restart the agent to make a new one"});
  const board::Facts facts = board::survey({.state = parts_.state_dir});
  if (facts.disk_free.value_or(kLowDisk) < kLowDisk)
    found.push_back({"disk", web::Severity::warning, now, fmt::format("{}: less than 500 MB free; make room", parts_.state_dir.string())});
  for (auto& problem : restart_problems(parts_.restarted, parts_.started, now)) found.push_back(std::move(problem));
  for (auto& problem : board_problems(facts, now)) found.push_back(std::move(problem));
  if (const auto word = read_file(parts_.state_dir / "health.json", kMaxHealthWord))
    for (auto& problem : health_problems(*word, running_version(), now)) found.push_back(std::move(problem));
  return found;
}

web::BoxHealth AppBackend::health() {
  web::BoxHealth box;
  box.version = kVersion;
  box.started = parts_.started;
  box.rss_bytes = resident_bytes();
  box.board = board::survey({.state = parts_.state_dir});
  box.disk_free_bytes = box.board.disk_free, box.disk_total_bytes = box.board.disk_total;
  const auto seen = on_loop([this] {
    return std::tuple(parts_.engine.journal().epoch(), parts_.engine.journal().last_sequence(), parts_.engine.health().committed);
  });
  if (seen) {
    box.journal_epoch = fmt::format("{:016x}", std::get<0>(*seen));
    box.journal_sequence = std::get<1>(*seen);
    box.journal_committed = std::get<2>(*seen);
  }
  box.certificate_sha256 = parts_.certificate.fingerprint;
  box.certificate_ends = parts_.certificate.not_after;
  box.problems = problems();
  return box;
}

}  // namespace hf::app
