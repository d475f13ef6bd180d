#include "firmware/deviced/board_devices.hpp"

#include <algorithm>
#include <charconv>

#include "hal/platform/log.hpp"

namespace hf::deviced {

namespace {

constexpr size_t kMaxFile = 4096;
constexpr auto kButtonEvery = std::chrono::milliseconds(200);
constexpr auto kAtLeast = std::chrono::seconds(5);  // a lamp or a relay that went away is tried again so often

std::string_view word(std::string_view& rest) {
  const std::string_view first = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(first.size() + 1, rest.size()));
  return first;
}

template <class T>
bool number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::optional<board::GpioPlace> gpio_of(std::string_view text) {
  board::GpioPlace gpio;
  const std::string_view chip = word(text), line = word(text), active = word(text);
  if (!chip.starts_with("/dev/") || line.empty() || (active != "high" && active != "low") || !text.empty()) return std::nullopt;
  gpio.chip = chip, gpio.active_low = active == "low";
  if (!number(line, gpio.line)) gpio.name = line;
  return gpio;
}

}  // namespace

Result<BoardSetting> parse_board(std::string_view text) {
  auto fields = device::parse_fields(text);
  if (!fields) return fail(std::move(fields.error()));
  BoardSetting setting;
  for (const auto& [key, value] : *fields) {
    std::string_view rest = value;
    bool good = false;
    if (key == "lamp_led") {
      setting.lamp_led = value;
      good = value.starts_with("/sys/class/leds/");
    } else if (key == "lamp_gpio") {
      good = (setting.lamp_gpio = gpio_of(value)).has_value();
    } else if (key == "relay_gpio") {
      good = (setting.relay = gpio_of(value)).has_value();
    } else if (key == "button") {
      setting.button = word(rest);
      good = value.starts_with("/dev/input/") && number(word(rest), setting.button_code) && rest.empty();
    }
    if (!good) return fail(ErrorKind::invalid_input, key + ": is unknown, or its value cannot be read");
  }
  return setting;
}

Result<BoardSetting> read_board(const Path& file) {
  auto text = read_file(file, kMaxFile);
  if (!text && text.error().kind == ErrorKind::not_found) return BoardSetting{};
  if (!text) return fail(std::move(text.error()));
  auto setting = parse_board(*text);
  if (!setting) return fail(std::move(setting.error()).context(file.string()));
  return setting;
}

BoardDevices::BoardDevices(const BoardSetting& setting, Clock& clock, board::GpioKernel& gpio) : setting_(setting), clock_(clock) {
  if (setting.lamp_led) lamp_ = board::led_lamp(*setting.lamp_led);
  if (setting.lamp_gpio) lamp_ = board::gpio_lamp(*setting.lamp_gpio, gpio);
  if (setting.relay) relay_ = board::gpio_lamp(*setting.relay, gpio);
  if (setting.button) button_at_ = clock.steady();
}

Status BoardDevices::show(board::LampState state) {
  if (!lamp_) return fail(ErrorKind::unsupported, "this board has no lamp");
  const SteadyTime now = clock_.steady();
  if (state_ != state) state_ = state, since_ = now;
  auto lit = lamp_->light(state_, board::lit(state_, std::chrono::duration_cast<Duration>(now - since_)));
  blink_at_ = now;  // tick() goes on with the rhythm
  return lit;
}

Status BoardDevices::set_relay(bool on, std::chrono::seconds at_most) {
  if (!relay_) return fail(ErrorKind::unsupported, "this board has no relay");
  relay_until_.reset();
  if (on && at_most.count() > 0) relay_until_ = clock_.steady() + at_most;
  return relay_->light(on ? board::LampState::calm : board::LampState::off, on);
}

void BoardDevices::blink(SteadyTime now) {
  const auto since = std::chrono::duration_cast<Duration>(now - since_);
  const auto done = lamp_->light(state_, board::lit(state_, since));
  const auto next = board::next_change(state_, since);
  blink_at_.reset();
  if (!done) blink_at_ = now + kAtLeast;
  else if (next) blink_at_ = since_ + *next;
}

void BoardDevices::look_at_button(SteadyTime now) {
  button_at_ = now + kButtonEvery;
  if (!button_) {
    auto opened = board::Button::open(*setting_.button, setting_.button_code);
    if (!opened) return void(button_at_ = now + kAtLeast);
    button_.emplace(std::move(*opened));
  }
  auto press = button_->poll(clock_.now());
  if (!press) {
    log_warning("button", "{}", press.error().what);
    button_.reset();
  } else if (*press == board::Press::lengthy) {
    pressed_ = now;
  }
}

void BoardDevices::tick() {
  const SteadyTime now = clock_.steady();
  if (blink_at_ && now >= *blink_at_) blink(now);
  if (button_at_ && now >= *button_at_) look_at_button(now);
  if (!relay_until_ || now < *relay_until_) return;
  if (const auto off = set_relay(false, {}); off) return;
  relay_until_ = now + kAtLeast;  // whatever hangs on it must not stay on for good
}

std::optional<SteadyTime> BoardDevices::next_tick() const {
  std::optional<SteadyTime> next;
  for (const auto& at : {relay_until_, blink_at_, button_at_})
    if (at && (!next || *at < *next)) next = at;
  return next;
}

}  // namespace hf::deviced
