#include "hal/pbx/backoff.hpp"

#include <algorithm>

namespace hf::pbx {

std::chrono::milliseconds Backoff::next(Random& random) {
  uint32_t chance = 0;
  random.fill(std::as_writable_bytes(std::span(&chance, 1)));
  const int64_t step = next_.count(), half = step / 2;
  next_ = std::min(most_, next_ * 2);
  return std::chrono::milliseconds(
      std::max<int64_t>(1, half + static_cast<int64_t>(chance) * (step - half) / UINT32_MAX));
}

}  // namespace hf::pbx
