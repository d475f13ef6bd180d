#include "agent/app/listeners.hpp"

#include "hal/platform/log.hpp"

namespace hf::app {

namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
constexpr auto kSilent = std::chrono::seconds(5);  // without an event: nothing of the past is left, or it cannot be had now
constexpr auto kPresent = std::chrono::seconds(10);

}  // namespace

Listeners::Listeners(std::vector<NamedSource>& sources, Engine& engine, Inbox& inbox, const Clock& clock, std::function<void(Status)> all_failed)
    : sources_(sources), engine_(engine), inbox_(inbox), clock_(clock), all_failed_(std::move(all_failed)), running_(sources.size()) {
  for (auto& source : sources_) source.heard = std::make_unique<pbx::Listener>(&inbox_.door(source.pbx));
}

Listeners::~Listeners() {
  stop();
  join();
}

// Cursors are read before the engine's loop begins to write them.
void Listeners::start() {
  cursors_.reserve(sources_.size());
  for (const auto& source : sources_) cursors_.push_back(engine_.journal().cursor(cursor_name(source.pbx)).value_or(std::nullopt).value_or(""));
  threads_.reserve(sources_.size());
  starter_ = std::thread([this] { begin_in_turn(); });
}

bool Listeners::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Listeners::begin(bool live) {
  for (size_t i = 0; i < sources_.size() && !stopped(); ++i) {
    if (sources_[i].source.live != live) continue;
    if (!live) inbox_.begin_past(sources_[i].pbx);
    threads_.emplace_back([this, i] { listen(sources_[i], cursors_[i]); });
  }
}

void Listeners::begin_in_turn() {
  begin(false);
  std::vector<Past> pasts;
  for (const auto& source : sources_)
    if (!source.source.live) pasts.push_back({&source, std::nullopt, clock_.steady()});
  std::unique_lock lock(mutex_);
  while (!pasts.empty() && !stopping_) {
    changed_.wait_for(lock, kLook, [this] { return stopping_; });
    std::erase_if(pasts, [this](Past& past) { return over(past); });
  }
  lock.unlock();
  begin(true);
}

// Through with its past: it told of the present, it ended, or it has nothing to say.
bool Listeners::over(Past& past) {
  const auto latest = inbox_.latest(past.source->pbx);
  if (latest != past.latest) past.latest = latest, past.since = clock_.steady();
  const bool present = latest && *latest >= clock_.now() - kPresent;
  if (!present && !past.source->ended && clock_.steady() - past.since <= kSilent) return false;
  inbox_.end_past(past.source->pbx);
  return true;
}

void Listeners::listen(NamedSource& source, std::string from) {
  auto status = source.source.source->run(*source.heard, from);
  if (!status) log_error("pbx", "{}{}", source.pbx.empty() ? "" : source.pbx + ": ", status.error().what);
  const std::lock_guard lock(mutex_);
  source.ended = true;
  source.status = std::move(status);
  changed_.notify_all();
  if (--running_ > 0) return;
  Status last;
  for (auto& one : sources_)
    if (!one.status) last = fail(one.status.error());
  if (!last) all_failed_(std::move(last));
}

void Listeners::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& source : sources_) source.source.source->stop();
}

void Listeners::join() {
  if (starter_.joinable()) starter_.join();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

pbx::SourceHealth Listeners::health(const NamedSource& source) const {
  auto health = source.source.source->health();
  const std::lock_guard lock(mutex_);
  if (source.ended && !source.status) health.state = pbx::Health::failed, health.what = source.status.error().what;
  return health;
}

}  // namespace hf::app
