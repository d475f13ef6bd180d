#include "agent/notify/notifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "hal/platform/files.hpp"
#include "hal/platform/log.hpp"

namespace hf::notify {

namespace {

constexpr int64_t kVersion = 1;
constexpr size_t kMaxFile = 8 << 20, kMinSecret = 16;

}  // namespace

Notifier::Notifier(NotifierParts parts) : parts_(std::move(parts)), deliveries_(parts_.random) {}

Notifier::~Notifier() { stop(); }

Result<std::unique_ptr<Notifier>> Notifier::open(NotifierParts parts) {
  std::unique_ptr<Notifier> notifier(new Notifier(std::move(parts)));
  if (auto loaded = notifier->load(); !loaded) return fail(std::move(loaded.error()).context("webhook"));
  return notifier;
}

Status Notifier::load() {
  auto text = read_file(parts_.file, kMaxFile);
  if (!text && text.error().kind == ErrorKind::not_found) return {};
  if (!text) return fail(std::move(text.error()));
  auto loaded = load_text(*text);
  const bool newer = !loaded && loaded.error().kind == ErrorKind::unsupported;
  if (loaded || (!newer && loaded.error().kind != ErrorKind::corrupt)) return loaded;
  const auto aside = parts_.file.string() + fmt::format(".{}-{}", newer ? "newer" : "damaged", static_cast<int64_t>(unix_seconds(parts_.clock.now())));
  std::error_code error;
  std::filesystem::rename(parts_.file, aside, error);
  if (error) return fail(ErrorKind::io, parts_.file.string() + ": cannot be used, and cannot be set aside: " + error.message());
  problem_ = parts_.file.string() + (newer ? " is of a newer program and is now " : " was damaged and is now ") + aside + ": set the webhook again";
  log_error("notify", "{}", problem_);
  return {};
}

Status Notifier::load_text(const std::string& text) {
  try {
    const boost::json::object all = boost::json::parse(text).as_object();
    const auto version = all.at("version").to_number<int64_t>();
    if (version > kVersion) return fail(ErrorKind::unsupported, fmt::format("{}: version {} is from a newer program; this one reads {}", parts_.file.string(), version, kVersion));
    const auto& settings = all.at("settings").as_object();
    settings_ = {settings.at("enabled").as_bool(), std::string(settings.at("url").as_string()), false, settings.at("dialled_numbers").as_bool()};
    const std::string_view secret = settings.at("secret").as_string();
    if (!secret.empty()) secret_ = Secret(secret);
    settings_.secret_set = !secret_.empty();
    return deliveries_.load(boost::json::serialize(all.at("queue")));
  } catch (const std::exception&) {
    return fail(ErrorKind::corrupt, parts_.file.string() + ": damaged");
  }
}

// Called with the lock held.
Status Notifier::save() {
  boost::json::error_code error;
  const boost::json::object settings{{"enabled", settings_.enabled}, {"url", settings_.url}, {"secret", secret_.reveal()}, {"dialled_numbers", settings_.dialled_numbers}};
  const boost::json::object all{{"version", kVersion}, {"settings", settings}, {"queue", boost::json::parse(deliveries_.save(), error)}};
  std::string text = boost::json::serialize(all);
  auto written = write_file(parts_.file, text);
  wipe(text);
  return written;
}

// A queue that cannot be kept is still delivered from memory; the disk's state is told.
void Notifier::keep() {
  auto saved = save();
  if (saved && problem_.starts_with("cannot keep")) problem_.clear();
  if (saved) return;
  problem_ = "cannot keep the webhook's queue: " + saved.error().what;
  log_error("notify", "{}", problem_);
}

Settings Notifier::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

Status Notifier::set(const SettingsChange& change) {
  if (!change.url.empty())
    if (auto good = check_url(change.url); !good) return good;
  if (change.secret && change.secret->size() < kMinSecret) return fail(ErrorKind::invalid_input, "webhook secret: at least 16 bytes");
  const std::lock_guard lock(mutex_);
  const bool secret_set = change.secret || settings_.secret_set;
  if (change.enabled && (change.url.empty() || !secret_set)) return fail(ErrorKind::invalid_input, "webhook: an address and a secret are needed to enable it");
  const Settings before = std::exchange(settings_, {change.enabled, change.url, secret_set, change.dialled_numbers});
  Secret old = secret_.copy();
  if (change.secret) secret_ = Secret(*change.secret);
  if (!change.enabled) deliveries_.cancel();
  if (!change.dialled_numbers) deliveries_.drop_numbers();
  if (auto saved = save(); !saved) {
    settings_ = before;
    secret_ = std::move(old);
    return saved;
  }
  changed_.notify_all();
  return {};
}

void Notifier::tell(const IncidentMessage& incident) {
  const std::lock_guard lock(mutex_);
  if (!settings_.enabled || !deliveries_.tell(incident, settings_.dialled_numbers, parts_.clock.now())) return;
  keep();
  changed_.notify_all();
}

Result<std::string> Notifier::test() {
  const std::lock_guard lock(mutex_);
  if (settings_.url.empty() || secret_.empty()) return fail(ErrorKind::denied, "set the webhook's address and secret first");
  std::string id = deliveries_.test(parts_.clock.now());
  keep();
  changed_.notify_all();
  return id;
}

std::vector<Delivery> Notifier::deliveries(size_t limit) const {
  const std::lock_guard lock(mutex_);
  return deliveries_.newest(limit);
}

std::string Notifier::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

size_t Notifier::step() {
  size_t attempts = 0;
  for (std::unique_lock lock(mutex_); !stopping_;) {
    const auto next = deliveries_.due(parts_.clock.now());
    if (!next || settings_.url.empty() || secret_.empty()) break;
    const std::string url = settings_.url;
    const std::vector<std::string> headers = {"Content-Type: application/json", "User-Agent: Holdfast",
                                              "Holdfast-Signature: " + signature(secret_.reveal(), parts_.clock.now(), next->body)};
    lock.unlock();
    const Attempt attempt = parts_.poster->post(url, headers, next->body);
    lock.lock();
    if (!attempt && attempt.error().kind == ErrorKind::closed) break;  // stopped on the way: it counts as not tried
    deliveries_.attempted(next->id, attempt, parts_.clock.now());
    keep();
    ++attempts;
  }
  return attempts;
}

void Notifier::start() {
  thread_ = std::thread([this] { run(); });
}

void Notifier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  parts_.poster->stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Sleeps until something is due by the box's clock, but looks again every minute: somebody may have set that clock.
void Notifier::run() {
  for (;;) {
    step();
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    const auto next = deliveries_.next_due();
    const Duration pause = next ? std::clamp<Duration>(*next - parts_.clock.now(), Duration(0), std::chrono::minutes(1)) : Duration(std::chrono::minutes(1));
    const bool blocked = next && (settings_.url.empty() || secret_.empty());
    changed_.wait_for(lock, blocked ? Duration(std::chrono::minutes(1)) : pause);
  }
}

}  // namespace hf::notify
