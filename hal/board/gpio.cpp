#include "hal/board/gpio.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/gpio.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>

namespace hf::board {

namespace {

struct RunningKernel final : GpioKernel {
  int open(const Path& chip) override { return ::open(chip.c_str(), O_RDWR | O_CLOEXEC); }
  int ask(int fd, unsigned long request, void* argument) override { return ::ioctl(fd, request, argument); }
};

template <size_t N>
std::string text_of(const char (&text)[N]) {  // of the kernel, which need not end it
  return {text, ::strnlen(text, N)};
}

}  // namespace

GpioKernel& gpio_kernel() {
  static RunningKernel kernel;
  return kernel;
}

Result<uint32_t> GpioLine::number(int chip, uint32_t lines) const {
  if (place_.name.empty() && place_.line >= lines)
    return fail(ErrorKind::invalid_input, fmt::format("{}: has {} lines, and none of number {}", place_.chip.string(), lines, place_.line));
  if (place_.name.empty()) return place_.line;
  for (uint32_t i = 0; i < lines; ++i) {
    gpio_v2_line_info info{};
    info.offset = i;
    if (kernel_.ask(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info) == 0 && text_of(info.name) == place_.name) return i;
  }
  return fail(ErrorKind::not_found, fmt::format("{}: none of its {} lines is named \"{}\"", place_.chip.string(), lines, place_.name));
}

Error GpioLine::refused(int chip, uint32_t line, int why) const {
  const std::string which = fmt::format("{}: line {}", place_.chip.string(), line);
  if (why != EBUSY) return {kind_of_errno(why), fmt::format("{} cannot be had: {}", which, std::strerror(why))};
  gpio_v2_line_info info{};
  info.offset = line;
  const bool told = kernel_.ask(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info) == 0 && info.consumer[0] != '\0';
  return {ErrorKind::busy, fmt::format("{} is in use by {}", which, told ? "\"" + text_of(info.consumer) + "\"" : "somebody else")};
}

Status GpioLine::take() {
  const Descriptor chip(kernel_.open(place_.chip));
  if (chip.get() < 0 && errno == ENOENT) return fail(ErrorKind::not_found, place_.chip.string() + ": no such GPIO chip");
  if (chip.get() < 0) return fail(file_error(place_.chip, errno));
  gpiochip_info about{};
  if (kernel_.ask(chip.get(), GPIO_GET_CHIPINFO_IOCTL, &about) != 0) return fail(ErrorKind::invalid_input, place_.chip.string() + ": is no GPIO chip");
  const auto line = number(chip.get(), about.lines);
  if (!line) return fail(line.error());
  gpio_v2_line_request request{};
  request.offsets[0] = *line, request.num_lines = 1;
  request.config.flags = GPIO_V2_LINE_FLAG_OUTPUT | (place_.active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0);
  std::strncpy(request.consumer, "holdfast", sizeof(request.consumer) - 1);
  if (kernel_.ask(chip.get(), GPIO_V2_GET_LINE_IOCTL, &request) != 0) return fail(refused(chip.get(), *line, errno));
  fd_.reset(request.fd);
  return {};
}

Status GpioLine::set(bool on) {
  if (fd_.get() < 0)
    if (auto taken = take(); !taken) return taken;
  gpio_v2_line_values values{};
  values.mask = 1, values.bits = on ? 1 : 0;
  if (kernel_.ask(fd_.get(), GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0) return {};
  const int why = errno;
  fd_.reset();
  return fail(file_error(place_.chip, why));
}

}  // namespace hf::board
