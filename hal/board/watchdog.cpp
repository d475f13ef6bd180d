#include "hal/board/watchdog.hpp"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>

#include <cerrno>

namespace hf::board {

Result<Watchdog> Watchdog::open(const Path& device, std::chrono::seconds timeout) {
  Descriptor fd(::open(device.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0 && errno == EBUSY) return fail(ErrorKind::busy, device.string() + ": another program holds the watchdog (systemd's RuntimeWatchdogSec?)");
  if (fd.get() < 0) return fail(file_error(device, errno));
  Watchdog dog(std::move(fd), device);
  int seconds = static_cast<int>(timeout.count()), cause = 0;
  watchdog_info about{};
  if (::ioctl(dog.fd_.get(), WDIOC_GETSUPPORT, &about) != 0) return fail(ErrorKind::invalid_input, device.string() + ": this is no watchdog");
  if (::ioctl(dog.fd_.get(), WDIOC_SETTIMEOUT, &seconds) != 0 && ::ioctl(dog.fd_.get(), WDIOC_GETTIMEOUT, &seconds) != 0) seconds = 0;
  dog.timeout_ = std::chrono::seconds(seconds);
  if ((about.options & WDIOF_CARDRESET) != 0 && ::ioctl(dog.fd_.get(), WDIOC_GETBOOTSTATUS, &cause) == 0) dog.caused_ = (cause & WDIOF_CARDRESET) != 0;
  return dog;
}

Status Watchdog::feed() { return ::ioctl(fd_.get(), WDIOC_KEEPALIVE, 0) == 0 ? Status{} : fail(file_error(device_, errno)); }

Status Watchdog::disarm() {
  const bool said = ::write(fd_.get(), "V", 1) == 1;
  fd_.reset();
  return said ? Status{} : fail(file_error(device_, errno));
}

}  // namespace hf::board
