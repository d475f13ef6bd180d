// The button on the box. A long press says that somebody stands before it: what no network can do.
#pragma once

#include <optional>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/time.hpp"

namespace hf::board {

enum class Press : uint8_t { brief, lengthy };  // lengthy: held for five seconds or more; told while it is still held

// What the kernel's input events of a key mean. Pure.
class PressMeter {
 public:
  // A key went down, came up, or repeats (value 1, 0, 2 of EV_KEY). A long press is told once, by tick().
  std::optional<Press> key(int32_t value, Time at);
  std::optional<Press> tick(Time now);

 private:
  std::optional<Time> down_;
  bool told_ = false;
};

// Reads /dev/input/eventN (gpio-keys, or any keyboard).
class Button {
 public:
  // not_found, denied. `code`: the key's number in linux/input-event-codes.h; 0 = any key of the device.
  static Result<Button> open(const Path& device, uint16_t code);
  // What happened since the last call, at most one press; never waits. io: the device is gone.
  Result<std::optional<Press>> poll(Time now);
  int fd() const { return fd_.get(); }

 private:
  Button(Descriptor fd, Path device, uint16_t code) : fd_(std::move(fd)), device_(std::move(device)), code_(code) {}
  Descriptor fd_;
  Path device_;
  uint16_t code_ = 0;
  PressMeter meter_;
};

}  // namespace hf::board
