// The andon lamp on the box: one light, seen from across the floor. Its pattern tells the state, so that nobody needs to tell colours apart.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hal/board/gpio.hpp"
#include "hal/board/lamp_state.hpp"
#include "hal/net/serial_stream.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::board {

// Whether the light is on `since` the state began. The patterns repeat each two seconds; each differs from every other one in rhythm alone.
bool lit(LampState state, Duration since);
// When it changes next, after `since`; nothing for a steady one.
std::optional<Duration> next_change(LampState state, Duration since);

class Lamp {
 public:
  virtual ~Lamp() = default;
  // Errors name the device; the next call tries again.
  virtual Status light(LampState state, bool on) = 0;
};

// An LED of the board: /sys/class/leds/NAME. Not_found, denied.
std::unique_ptr<Lamp> led_lamp(Path led);
// A tower that takes text over a serial line: one line for each state, sent when the state changes; the tower blinks by itself.
struct TowerWords {
  std::string off, calm, warning, incident, box_ill;
};
std::unique_ptr<Lamp> serial_lamp(net::SerialLine line, TowerWords words);
// A line of a GPIO chip.
std::unique_ptr<Lamp> gpio_lamp(GpioPlace place, GpioKernel& kernel = gpio_kernel());

}  // namespace hf::board
