// The outside world's time and chance, passed in so that tests and replays own them.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "hal/platform/time.hpp"

namespace hf {

using SteadyTime = std::chrono::steady_clock::time_point;

// now() is for people and storage and may jump; steady() is for durations and time-outs and never goes back.
struct Clock {
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual SteadyTime steady() const = 0;
};

// fill() never fails: a device that cannot give randomness must not run (the implementation ends the process).
struct Random {
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;
};

Clock& system_clock();

}  // namespace hf
