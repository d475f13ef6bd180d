#include "hal/net/serial_stream.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "hal/net/poll.hpp"
#include "hal/platform/descriptor.hpp"
#include "hal/platform/files.hpp"

namespace hf::net {

namespace {

constexpr auto kRates = std::to_array<std::pair<uint32_t, speed_t>>({{110, B110}, {300, B300}, {600, B600}, {1200, B1200}, {2400, B2400}, {4800, B4800},
    {9600, B9600}, {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}, {230400, B230400}});

class SerialStream final : public ByteStream {
 public:
  SerialStream(Descriptor fd, std::string device, std::shared_ptr<Interrupt> stop) : fd_(std::move(fd)), device_(std::move(device)), stop_(std::move(stop)) {}
  ~SerialStream() override { ::ioctl(fd_.get(), TIOCNXCL); }

  Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override {
    const Deadline deadline(within);
    for (;;) {
      if (auto ready = wait(POLLIN, deadline); !ready) return fail(std::move(ready.error()));
      const ssize_t n = ::read(fd_.get(), out.data(), out.size());
      if (n > 0) return static_cast<size_t>(n);
      if (n == 0 || errno == EIO) return fail(ErrorKind::closed, device_ + ": the line is gone (was the adapter pulled out?)");
      if (errno != EAGAIN && errno != EINTR) return fail(ErrorKind::io, device_ + ": " + std::generic_category().message(errno));
    }
  }

  Status write(std::string_view bytes, std::chrono::milliseconds within) override {
    const Deadline deadline(within);
    while (!bytes.empty()) {
      if (auto ready = wait(POLLOUT, deadline); !ready) return ready;
      const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
      if (n >= 0) bytes.remove_prefix(static_cast<size_t>(n));
      else if (errno != EAGAIN && errno != EINTR) return fail(ErrorKind::io, device_ + ": " + std::generic_category().message(errno));
    }
    return {};
  }

  void close() override { closed_.trigger(); }
  std::string peer() const override { return device_; }

 private:
  Status wait(short events, const Deadline& deadline) const {
    for (;;) {
      if (closed_.triggered() || (stop_ && stop_->triggered())) return fail(ErrorKind::closed, device_ + ": closed by us");
      // Two interrupts can end the wait and one can be polled beside the line: the other is looked at twice a second.
      const Deadline look(std::min(deadline.left(), std::chrono::milliseconds(500)));
      switch (poll_until(fd_.get(), events, &closed_, look)) {
        case PollOutcome::ready: return {};
        case PollOutcome::failed: return fail(ErrorKind::io, device_ + ": " + std::generic_category().message(errno));
        case PollOutcome::interrupted: break;
        case PollOutcome::timed_out:
          if (deadline.left().count() == 0) return fail(ErrorKind::timed_out, device_ + ": nothing came in time");
      }
    }
  }

  const Descriptor fd_;
  const std::string device_;
  const std::shared_ptr<Interrupt> stop_;
  Interrupt closed_;
};

std::optional<speed_t> speed_of(uint32_t baud) {
  for (const auto& [rate, speed] : kRates)
    if (rate == baud) return speed;
  return {};
}

void shape(termios& t, const SerialLine& line, speed_t speed) {
  ::cfmakeraw(&t);
  t.c_cflag &= ~static_cast<tcflag_t>(CSIZE | CSTOPB | PARENB | PARODD | CRTSCTS);
  t.c_cflag |= static_cast<tcflag_t>(CLOCAL | CREAD | (line.data_bits == 7 ? CS7 : CS8));
  if (line.stop_bits == 2) t.c_cflag |= CSTOPB;
  if (line.parity != Parity::none) t.c_cflag |= PARENB, t.c_iflag |= INPCK;
  if (line.parity == Parity::odd) t.c_cflag |= PARODD;
  if (line.flow == FlowControl::hardware) t.c_cflag |= CRTSCTS;
  if (line.flow == FlowControl::software) t.c_iflag |= IXON | IXOFF;
  ::cfsetispeed(&t, speed), ::cfsetospeed(&t, speed);
}

}  // namespace

std::string to_string(const SerialLine& line) {
  const char parity = line.parity == Parity::none ? 'N' : line.parity == Parity::even ? 'E' : 'O';
  return std::to_string(line.baud) + " " + std::to_string(line.data_bits) + parity + std::to_string(line.stop_bits);
}

Result<std::unique_ptr<ByteStream>> open_serial(const SerialLine& line, std::shared_ptr<Interrupt> stop) {
  const auto speed = speed_of(line.baud);
  if (!speed) return fail(ErrorKind::invalid_input, line.device + ": no serial line runs at " + std::to_string(line.baud) + " baud (9600 is common)");
  Descriptor fd(::open(line.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0) return fail(file_error(line.device, errno));
  termios settings{};
  if (::tcgetattr(fd.get(), &settings) != 0) return fail(ErrorKind::invalid_input, line.device + ": this is no serial line");
  if (::ioctl(fd.get(), TIOCEXCL) != 0) return fail(ErrorKind::busy, line.device + ": another program has this line");
  shape(settings, line, *speed);
  if (::tcsetattr(fd.get(), TCSANOW, &settings) != 0) return fail(ErrorKind::invalid_input, line.device + ": the line does not take " + to_string(line));
  return std::make_unique<SerialStream>(std::move(fd), line.device, std::move(stop));
}

}  // namespace hf::net
