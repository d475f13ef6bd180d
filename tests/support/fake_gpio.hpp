// A GPIO chip that is not there, behind the two calls that the kernel is asked by: "/dev/gpiochip0" with lines of a name, of which somebody else may have
// one. As the real one, a line is free again once its descriptor is closed.
#pragma once

#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <vector>

#include "hal/board/gpio.hpp"

namespace hf::test {

class FakeGpio final : public board::GpioKernel {
 public:
  struct Named {
    std::string name{}, consumer{};  // who else has it
  };
  struct Line : Named {
    bool level = false, active_low = false, gone = false;
    Descriptor held{};  // the other end of what its holder has
  };
  explicit FakeGpio(const std::vector<Named>& given) : lines(given.size()) {
    for (size_t i = 0; i < given.size(); ++i) static_cast<Named&>(lines[i]) = given[i];
  }

  int open(const Path& chip) override {
    if (chip != "/dev/gpiochip0" || !there) return errno = ENOENT, -1;
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  int ask(int fd, unsigned long request, void* argument) override {
    switch (request) {
      case GPIO_GET_CHIPINFO_IOCTL: return static_cast<gpiochip_info*>(argument)->lines = static_cast<uint32_t>(lines.size()), 0;
      case GPIO_V2_GET_LINEINFO_IOCTL: return about(*static_cast<gpio_v2_line_info*>(argument));
      case GPIO_V2_GET_LINE_IOCTL: return give(*static_cast<gpio_v2_line_request*>(argument));
      case GPIO_V2_LINE_SET_VALUES_IOCTL: return set(fd, *static_cast<gpio_v2_line_values*>(argument));
      default: return errno = ENOTTY, -1;
    }
  }
  // Whether its holder has let it go.
  static bool free(const Line& line) {
    pollfd end{line.held.get(), 0, 0};
    return line.consumer.empty() && (line.held.get() < 0 || (::poll(&end, 1, 0) == 1 && (end.revents & (POLLERR | POLLHUP)) != 0));
  }

  std::vector<Line> lines;
  bool there = true;

 private:
  int about(gpio_v2_line_info& info) const {
    if (info.offset >= lines.size()) return errno = EINVAL, -1;
    std::strncpy(info.name, lines[info.offset].name.c_str(), sizeof info.name);
    std::strncpy(info.consumer, lines[info.offset].consumer.c_str(), sizeof info.consumer);
    return 0;
  }
  int give(gpio_v2_line_request& request) {
    if (request.num_lines != 1 || request.offsets[0] >= lines.size() || (request.config.flags & GPIO_V2_LINE_FLAG_OUTPUT) == 0) return errno = EINVAL, -1;
    Line& line = lines[request.offsets[0]];
    if (!free(line)) return errno = EBUSY, -1;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return -1;
    line.held.reset(ends[1]), line.active_low = (request.config.flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW) != 0;
    holders_[ends[0]] = request.offsets[0];
    return request.fd = ends[0], 0;
  }
  int set(int fd, const gpio_v2_line_values& values) {
    Line& line = lines.at(holders_.at(fd));
    if (line.gone) return errno = ENODEV, -1;
    line.level = ((values.bits & values.mask) != 0) != line.active_low;
    return 0;
  }
  std::map<int, uint32_t> holders_;
};

}  // namespace hf::test
