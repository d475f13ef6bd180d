// Does a signal precede its target? In: moments of both. Out: hits, misses, lead times. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::rules {

struct Score {
  uint32_t signals = 0;            // hits + misses + open
  uint32_t hits = 0, misses = 0;   // a target came within the lead time, or none did
  uint32_t open = 0;               // too early to say
  uint32_t targets = 0, foreseen = 0;  // targets, and those that a signal preceded in time
  std::vector<Duration> leads;     // of the hits, in order of the signals: signal to the first target within the lead time
};

// Both in order of time; a signal at s is a hit when a target lies in [s + least, s + most].
Score score(const std::vector<Time>& signals, const std::vector<Time>& targets, Duration least, Duration most, Time now);

}  // namespace hf::rules
