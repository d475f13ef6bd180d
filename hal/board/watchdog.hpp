// The hardware's watchdog: resets the machine when nobody feeds it. Whoever holds one feeds it from the end of the chain of work, never from a timer.
#pragma once

#include <chrono>
#include <optional>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/files.hpp"

namespace hf::board {

class Watchdog {
 public:
  // Arms it. not_found: no such device; denied; busy: somebody else (often systemd) holds it. `timeout`: whole seconds; the driver may take
  // another one, which timeout() tells.
  static Result<Watchdog> open(const Path& device, std::chrono::seconds timeout);
  Watchdog(Watchdog&&) noexcept = default;
  Watchdog& operator=(Watchdog&&) noexcept = default;

  Status feed();
  std::chrono::seconds timeout() const { return timeout_; }
  // Whether the last start of the machine was this watchdog's doing; nothing when the driver does not tell.
  std::optional<bool> caused_last_start() const { return caused_; }
  // Disarms it where the driver can ("magic close"): for a planned stop. Without it the machine is reset soon after this object ends.
  Status disarm();

 private:
  Watchdog(Descriptor fd, Path device) : fd_(std::move(fd)), device_(std::move(device)) {}
  Descriptor fd_;
  Path device_;
  std::chrono::seconds timeout_{0};
  std::optional<bool> caused_;
};

}  // namespace hf::board
