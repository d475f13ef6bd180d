// The sign of life that systemd's watchdog waits for. In: the ways to the agent's threads. Out: a beat, only after a synthetic entry went all the
// way: inbox, loop, journal and its fsync, core, outlets, and the page's worker with its database. Whatever hangs in between, no beat comes.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "hal/platform/clock.hpp"

namespace hf::app {

class Pulse {
 public:
  using Job = std::function<void()>;
  using Post = std::function<bool(Job)>;  // hands a job to a thread; false when it takes none
  struct Way {
    Post loop;  // the engine's thread
    Job entry;  // run there: a synthetic entry through journal, core and outlets
    Post page;  // the page's worker
    Job look;   // run there: its database answers
    Job beat;   // run there: "WATCHDOG=1"
  };

  // `limit`: how long systemd waits; the pulse goes round three times within it. Unset: nobody waits, nothing happens.
  Pulse(std::optional<std::chrono::microseconds> limit, Way way);

  // Once a second, from one thread. Begins a round when one is due and the one before has come back.
  void tick(SteadyTime now);

 private:
  std::optional<std::chrono::microseconds> every_;
  std::shared_ptr<const Way> way_;
  std::shared_ptr<std::atomic<bool>> under_way_ = std::make_shared<std::atomic<bool>>(false);
  std::optional<SteadyTime> begun_;
};

}  // namespace hf::app
