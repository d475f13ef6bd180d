#include "hal/net/poll.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "hal/net/interrupt.hpp"

namespace hf::net {

PollOutcome poll_until(int fd, short events, const Interrupt* interrupt, const Deadline& deadline) {
  pollfd fds[2] = {{fd, events, 0}, {interrupt != nullptr ? interrupt->fd() : -1, POLLIN, 0}};
  while (true) {
    const auto left = std::min<int64_t>(deadline.left().count(), INT_MAX);
    const int n = ::poll(fds, 2, static_cast<int>(left));
    if (n < 0 && errno != EINTR) return PollOutcome::failed;
    if (n > 0) return fds[1].revents != 0 ? PollOutcome::interrupted : PollOutcome::ready;
    if (n == 0 && deadline.left().count() == 0) return PollOutcome::timed_out;
  }
}

}  // namespace hf::net
