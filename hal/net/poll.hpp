// Waiting on a descriptor with a deadline: what the blocking streams share.
#pragma once

#include <chrono>

namespace hf::net {

class Interrupt;

// A point in steady time. A negative wait counts as none.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now) : at_(std::chrono::steady_clock::now() + from_now) {}
  std::chrono::milliseconds left() const {  // never negative, rounded up so that a poll does not spin
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(at_ - std::chrono::steady_clock::now());
    return rest.count() > 0 ? rest : std::chrono::milliseconds(0);
  }

 private:
  std::chrono::steady_clock::time_point at_;
};

enum class PollOutcome { failed, ready, timed_out, interrupted };

// Waits until `fd` has one of `events` (POLLIN, POLLOUT), or an error or hang-up. A negative fd is not waited for;
// `interrupt` may be null.
[[nodiscard]] PollOutcome poll_until(int fd, short events, const Interrupt* interrupt, const Deadline& deadline);

}  // namespace hf::net
