#include "agent/app/lamp_keeper.hpp"

#include "hal/platform/log.hpp"

namespace hf::app {

namespace {
constexpr auto kAtLeast = std::chrono::seconds(5);  // a lamp that went away is tried again so often
}

LampKeeper::LampKeeper(std::unique_ptr<board::Lamp> lamp, Clock& clock) : lamp_(std::move(lamp)), clock_(clock), since_(clock.steady()) {
  thread_ = std::thread([this] { run(); });
}

LampKeeper::~LampKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
  (void)lamp_->light(board::LampState::off, false);
}

void LampKeeper::show(board::LampState state) {
  const std::lock_guard lock(mutex_);
  if (state_ == state) return;
  state_ = state, since_ = clock_.steady();
  changed_.notify_all();
}

std::optional<std::string> LampKeeper::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

void LampKeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const board::LampState state = state_;
    const auto since = std::chrono::duration_cast<Duration>(clock_.steady() - since_);
    lock.unlock();
    const Status done = lamp_->light(state, board::lit(state, since));
    lock.lock();
    if (!done && !problem_) log_warning("lamp", "{}", done.error().what);
    problem_ = done ? std::nullopt : std::optional(done.error().what);
    if (stopped_ || state_ != state) continue;
    const auto next = board::next_change(state, since);
    changed_.wait_for(lock, done && next ? std::min<Duration>(*next - since, kAtLeast) : Duration(kAtLeast));
  }
}

std::unique_ptr<board::Lamp> make_lamp(const settings::LampSettings& s) {
  switch (s.kind) {
    case settings::LampKind::none: return nullptr;
    case settings::LampKind::led: return board::led_lamp(s.device);
    case settings::LampKind::gpio: return board::gpio_lamp({s.device, s.line, {}, s.active_low});
    case settings::LampKind::tower: break;
  }
  net::SerialLine line;
  line.device = s.device.string();
  return board::serial_lamp(line, {s.off, s.calm, s.warning, s.incident, s.box_ill});
}

}  // namespace hf::app
