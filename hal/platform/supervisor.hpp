// What systemd hands to a process that it starts: listening sockets, and how often it wants a sign of life. In: the environment. Out: values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf {

struct HandedSocket {
  int fd = -1;       // a copy, close-on-exec; the caller's to close
  std::string name;  // FileDescriptorName= of its unit
};

// sd_listen_fds(3): the sockets that PID 1 opened for us, from descriptor `first` on. Empty when we were started otherwise.
// What was handed stays open beside its copies, so that a page which starts anew in the same process finds it again.
// invalid_input: numbers that cannot be, or more than 16 sockets. To be called before threads.
Result<std::vector<HandedSocket>> handed_sockets(int first = 3);

// sd_watchdog_enabled(3): within this time "WATCHDOG=1" must have been told, else we are killed. Unset: nobody watches.
std::optional<std::chrono::microseconds> watchdog_limit();

}  // namespace hf
