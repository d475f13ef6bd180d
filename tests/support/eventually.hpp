// For what another thread brings about and tells nobody of: looks again and again, up to a guard that only a broken program reaches.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hf::test {

template <class Done>
[[nodiscard]] bool eventually(Done done, std::chrono::steady_clock::duration guard = std::chrono::seconds(20)) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  const auto until = std::chrono::steady_clock::now() + guard;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    never.wait_for(lock, std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace hf::test
