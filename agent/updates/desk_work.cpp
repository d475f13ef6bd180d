// What the desk does on its worker: digests, inspections, the installing, and how far it is.
#include <algorithm>

#include "agent/updates/desk.hpp"
#include "agent/updates/judge.hpp"
#include "hal/platform/log.hpp"

namespace hf::updates {

namespace {

constexpr const char* kSelf = "holdfast-agent";
constexpr auto kRestartSoon = std::chrono::minutes(10);
constexpr size_t kMaxHealth = 1 << 20;

device::Moment moment(Time t) { return std::chrono::floor<std::chrono::seconds>(t); }

}  // namespace

std::chrono::seconds Desk::pause() const {
  using namespace std::chrono_literals;
  if (keeper_ == Keeper::packages) return 300s;
  if (!problem_.empty()) return 5s;
  switch (course_.stage) {
    case Stage::installing: return 1s;
    case Stage::installed:
    case Stage::trial: return 5s;
    case Stage::idle: return 30s;
  }
  return 30s;
}

void Desk::work() {
  if (!parts_.device.present()) {
    const std::lock_guard lock(mutex_);
    keeper_ = Keeper::packages;
  } else {
    check_transfer(upload_, "upload");
    check_transfer(offer_, "hq");
    carry_out_install();
    auto status = parts_.device.ask(kSelf, device::UpdateStatus{});
    {
      const std::lock_guard lock(mutex_);
      take(std::move(status));
    }
    carry_out_inspections();  // what is newer than what runs: the version must be known first
    ask_for_restart();
  }
  const std::lock_guard lock(mutex_);
  scheduled_ = false;
  due_ = std::exchange(again_, false) ? SteadyTime{} : parts_.clock.steady() + pause();
}

void Desk::take(Result<device::Fields> status) {
  keeper_ = Keeper::box;
  problem_ = status ? std::string() : status.error().what;
  if (!status) return;
  seen_ = read_seen(*status);
  const auto health = read_file(parts_.places.health, kMaxHealth);
  if (course_.follow(seen_, health ? read_failure(*health) : Failure{}, parts_.clock.now())) {
    keep();
    if (course_.under_way() == nullptr) after_end();
  }
}

void Desk::after_end() {
  const Attempt& attempt = course_.attempts.back();
  restart_.reset();
  if (attempt.outcome == Outcome::good) {
    log_info("updates", "version {} runs and was found good", attempt.version);
    judged_.clear();  // what is newer than what runs has changed
    if (Shelf* shelf = attempt.origin == Origin::upload ? &upload_ : attempt.origin == Origin::hq ? &offer_ : nullptr)
      if (auto gone = shelf->discard(); !gone) log_warning("updates", "{}", gone.error().what);
  } else {
    log_warning("updates", "version {} is not kept ({}): {}", attempt.version, to_string(attempt.reason), attempt.detail);
  }
  if (parts_.on_end) parts_.on_end(attempt);
}

// A whole bundle without a verdict is inspected by itself; one on a stick waits until somebody asks.
void Desk::check_transfer(Shelf& shelf, const std::string& id) {
  bool complete = false;
  {
    const std::lock_guard lock(mutex_);
    shelf.forget_old();
    complete = shelf.complete();
    if (shelf.bundle() && !judged_.contains(id)) asked_.inspections.insert(id);
  }
  if (!complete) return;
  const auto digest = shelf.digest();
  const std::lock_guard lock(mutex_);
  if (!shelf.complete()) return;  // removed meanwhile
  const Transfer transfer = *shelf.transfer();
  const auto taken = digest ? shelf.accept(*digest) : Status(fail(digest.error()));
  if (taken) {
    asked_.inspections.insert(id);
    return;
  }
  log_warning("updates", "{}: {}", transfer.name, taken.error().what);
  Bundle refused{id, transfer.name, {}, {}, taken.error().what, transfer.size, id == "hq" ? Origin::hq : Origin::upload, Verdict::refused, Reason::damaged};
  judged_[id] = {std::move(refused), transfer.size};
}

void Desk::carry_out_inspections() {
  while (true) {
    std::string id, who;
    Result<Path> path = fail(ErrorKind::not_found, "");
    {
      const std::lock_guard lock(mutex_);
      if (asked_.inspections.empty() || !problem_.empty()) return;
      id = *asked_.inspections.begin(), who = asked_.who.empty() ? kSelf : asked_.who;
      asked_.inspections.erase(asked_.inspections.begin());
      path = path_of(id);
    }
    if (!path) continue;
    const auto told = parts_.device.ask(who, device::InspectUpdate{path->string()});
    const std::lock_guard lock(mutex_);
    auto bundle = found(id);
    if (!bundle) continue;
    judge(*bundle, told, seen_.version, seen_.compatible);
    const uint64_t size = bundle->size;
    judged_[id] = {std::move(*bundle), size};
  }
}

void Desk::carry_out_install() {
  std::optional<Path> path;
  std::string who;
  {
    const std::lock_guard lock(mutex_);
    path = std::exchange(asked_.install, std::nullopt), who = asked_.who;
  }
  if (!path) return;
  const auto begun = parts_.device.ask(who, device::InstallUpdate{path->string()});
  if (begun) return;
  const std::lock_guard lock(mutex_);
  course_.end(Outcome::failed, reason_of(begun.error().what), begun.error().what, parts_.clock.now());
  keep();
  after_end();
}

void Desk::ask_for_restart() {
  std::optional<Window> window;
  bool cancel = false;
  std::string who;
  Restart wanted{};
  {
    const std::lock_guard lock(mutex_);
    cancel = std::exchange(asked_.cancel_restart, false), who = asked_.who.empty() ? kSelf : asked_.who;
    const Time now = parts_.clock.now();
    if (restart_ && now > restart_->to) restart_.reset();  // the window went by, and the box still runs
    wanted = course_.stage == Stage::installed && !restart_ ? course_.wanted : Restart::later;
    if (wanted == Restart::now) window = Window{now, now + kRestartSoon};
    if (wanted == Restart::window) window = next_window(window_, parts_.zone, now);
  }
  if (cancel)
    if (auto cancelled = parts_.device.ask(who, device::CancelShutdown{}); !cancelled) log_warning("updates", "{}", cancelled.error().what);
  if (!window) return;
  const auto asked = parts_.device.ask(who, device::Shutdown{false, moment(window->from), moment(window->to)});
  const std::lock_guard lock(mutex_);
  if (!asked && asked.error().kind != ErrorKind::busy) {  // busy: one waits there already
    problem_ = asked.error().what;
    return;
  }
  restart_ = window;
  if (wanted != Restart::now) return;
  course_.wanted = Restart::later;  // asked for once: a box that comes back with the old version must not start anew for ever
  keep();
}

}  // namespace hf::updates
