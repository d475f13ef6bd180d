#include "hal/platform/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

namespace hf {

namespace {

struct SystemRandom final : Random {
  void fill(std::span<std::byte> out) override {
    while (!out.empty()) {
      const ssize_t n = ::getrandom(out.data(), out.size(), 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) std::abort();  // without randomness every key and token would be guessable
      out = out.subspan(static_cast<size_t>(n));
    }
  }
};

}  // namespace

Random& system_random() {
  static SystemRandom random;
  return random;
}

// Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014), the finaliser of
// java.util.SplittableRandom.
uint64_t SeededRandom::next() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void SeededRandom::fill(std::span<std::byte> out) {
  uint64_t word = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = next();
    out[i] = static_cast<std::byte>(word >> (8 * (i % 8)));
  }
}

}  // namespace hf
