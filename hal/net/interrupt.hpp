// A stop button for blocking waits: one thread presses it, every wait that was given it ends. It stays pressed.
#pragma once

#include <chrono>

namespace hf::net {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  void trigger();  // from any thread, also from a signal handler
  [[nodiscard]] bool triggered() const;

  // Sleeps; true when it was interrupted (at once if it had been before), false when the time is over.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time) const;

  int fd() const { return fd_; }  // readable once triggered, for poll()

 private:
  int fd_;
};

}  // namespace hf::net
