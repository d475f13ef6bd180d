#include "hal/board/button.hpp"

#include <fcntl.h>
#include <linux/input.h>

#include <cerrno>

namespace hf::board {

namespace {
constexpr Duration kLong = std::chrono::seconds(5);
}

std::optional<Press> PressMeter::key(int32_t value, Time at) {
  if (value == 1) {
    down_ = at, told_ = false;
    return {};
  }
  if (value != 0 || !down_) return {};
  const bool lengthy = at - *down_ >= kLong, told = told_;
  down_.reset();
  if (told) return {};
  return lengthy ? Press::lengthy : Press::brief;
}

std::optional<Press> PressMeter::tick(Time now) {
  if (!down_ || told_ || now - *down_ < kLong) return {};
  told_ = true;
  return Press::lengthy;
}

Result<Button> Button::open(const Path& device, uint16_t code) {
  Descriptor fd(::open(device.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0) return fail(file_error(device, errno));
  return Button(std::move(fd), device, code);
}

Result<std::optional<Press>> Button::poll(Time now) {
  input_event event{};
  for (;;) {
    const ssize_t got = ::read(fd_.get(), &event, sizeof(event));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno != EAGAIN) return fail(file_error(device_, errno));
    if (got != static_cast<ssize_t>(sizeof(event))) return meter_.tick(now);
    if (event.type != EV_KEY || (code_ != 0 && event.code != code_)) continue;
    if (const auto press = meter_.key(event.value, now)) return press;
  }
}

}  // namespace hf::board
