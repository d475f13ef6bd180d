#include "hal/net/interrupt.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "hal/net/poll.hpp"

namespace hf::net {

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Interrupt::~Interrupt() { ::close(fd_); }

void Interrupt::trigger() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof(one));  // fails only when already full: triggered
}

bool Interrupt::triggered() const { return wait_for(std::chrono::milliseconds(0)); }

bool Interrupt::wait_for(std::chrono::milliseconds time) const {
  return poll_until(-1, 0, this, Deadline(time)) == PollOutcome::interrupted;
}

}  // namespace hf::net
