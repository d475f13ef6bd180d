// Lamp, relay and button of this board, as its image describes them. In: /usr/lib/holdfast/board.conf. Out: things that can be switched and asked.
//   holdfast-device 1
//   lamp_led /sys/class/leds/holdfast:red:status      or lamp_gpio /dev/gpiochip0 17 high
//   relay_gpio /dev/gpiochip0 18 low                  or by the line's name: relay_gpio /dev/gpiochip0 RELAY low
//   button /dev/input/event0 116
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hal/board/button.hpp"
#include "hal/board/lamp.hpp"
#include "hal/device/message.hpp"
#include "hal/platform/clock.hpp"

namespace hf::deviced {

struct BoardSetting {
  std::optional<Path> lamp_led;
  std::optional<board::GpioPlace> lamp_gpio, relay;
  std::optional<Path> button;
  uint16_t button_code = 0;
};

// A missing file is a board without any of them. invalid_input names the key.
Result<BoardSetting> read_board(const Path& file);
Result<BoardSetting> parse_board(std::string_view text);

class BoardDevices {
 public:
  BoardDevices(const BoardSetting& setting, Clock& clock, board::GpioKernel& gpio = board::gpio_kernel());

  // unsupported: this board has none.
  Status show(board::LampState state);
  Status set_relay(bool on, std::chrono::seconds at_most);
  // When a long press was last seen: somebody stands before the box. Unset: not since the start, or no button.
  std::optional<SteadyTime> pressed() const { return pressed_; }
  bool has_button() const { return setting_.button.has_value(); }

  void tick();
  std::optional<SteadyTime> next_tick() const;

 private:
  void blink(SteadyTime now);
  void look_at_button(SteadyTime now);

  BoardSetting setting_;
  Clock& clock_;
  std::unique_ptr<board::Lamp> lamp_, relay_;  // a relay is switched as a lamp is
  std::optional<board::Button> button_;
  board::LampState state_ = board::LampState::off;
  SteadyTime since_{};
  std::optional<SteadyTime> relay_until_, blink_at_, button_at_, pressed_;
};

}  // namespace hf::deviced
