// What a long-running process needs of the system: to be told to stop, and to tell systemd how it is.
#pragma once

#include <functional>
#include <string_view>
#include <thread>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/result.hpp"

namespace hf {

// SIGINT, SIGTERM and SIGHUP as calls of `on_signal(number)` on a thread of their own, where locks and logs are
// allowed. To be made before any other thread (they inherit the blocked signals). SIGPIPE is ignored from then on.
class Signals {
 public:
  explicit Signals(std::function<void(int)> on_signal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  Descriptor signals_, stop_;
  std::thread thread_;
};

// One sd_notify(3) datagram ("READY=1", "WATCHDOG=1", "STOPPING=1"). Nothing to do and fine when systemd did not start
// us.
Status notify_systemd(std::string_view state);

}  // namespace hf
