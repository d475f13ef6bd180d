// A line of a GPIO chip that is switched: a lamp, a relay. In: which line, by number or by the name that the board's maker gave it. Out: its level.
// By the kernel's own interface (GPIO v2): libgpiod's changed between Debian 12 and 13. The line is ours until this is gone; then the kernel lets it go.
#pragma once

#include <cstdint>
#include <string>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/files.hpp"

namespace hf::board {

// What is asked of the kernel, so that a test can stand in for a chip that the machine lacks. As open(2) and ioctl(2): -1 and errno.
struct GpioKernel {
  virtual ~GpioKernel() = default;
  virtual int open(const Path& chip) = 0;
  virtual int ask(int fd, unsigned long request, void* argument) = 0;
};
GpioKernel& gpio_kernel();  // the running one

struct GpioPlace {
  Path chip;             // "/dev/gpiochip0"
  uint32_t line = 0;     // unless it has a name
  std::string name{};    // "LAMP"; empty = by number
  bool active_low = false;
};

class GpioLine {
 public:
  explicit GpioLine(GpioPlace place, GpioKernel& kernel = gpio_kernel()) : place_(std::move(place)), kernel_(kernel) {}

  // Takes the line when it is not ours yet; the next call after an error tries again. not_found: no such chip, or no line of that name; busy: somebody
  // else has it, who is named; denied; invalid_input: that is no GPIO chip, or it has fewer lines.
  Status set(bool on);

 private:
  Status take();
  Result<uint32_t> number(int chip, uint32_t lines) const;
  Error refused(int chip, uint32_t line, int why) const;

  const GpioPlace place_;
  GpioKernel& kernel_;
  Descriptor fd_;
};

}  // namespace hf::board
