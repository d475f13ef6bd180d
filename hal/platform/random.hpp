// Chance: the kernel's for the running system, a seeded one for simulators and tests.
#pragma once

#include <cstdint>

#include "hal/platform/clock.hpp"

namespace hf {

// getrandom(2): fit for keys and tokens. Safe from any thread.
Random& system_random();

// The same numbers for the same seed (SplitMix64). Never for anything secret.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void fill(std::span<std::byte> out) override;
  uint64_t next();

 private:
  uint64_t state_;
};

}  // namespace hf
