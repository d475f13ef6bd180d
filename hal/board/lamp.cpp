#include "hal/board/lamp.hpp"

#include <fcntl.h>
#include <linux/gpio.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "hal/platform/descriptor.hpp"

namespace hf::board {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRound{2'000};

// Alternating lengths, the first one lit; they fill one round.
struct Rhythm {
  std::array<milliseconds, 4> lengths{};
  size_t count = 0;
};
Rhythm rhythm_of(LampState state) {
  switch (state) {
    case LampState::off:
    case LampState::calm: return {};
    case LampState::warning: return {{milliseconds(1'000), milliseconds(1'000)}, 2};
    case LampState::incident: return {{milliseconds(150), milliseconds(150), milliseconds(150), milliseconds(1'550)}, 4};
    case LampState::box_ill: return {{milliseconds(1'700), milliseconds(300)}, 2};
  }
  return {};
}

class LedLamp final : public Lamp {
 public:
  explicit LedLamp(Path led) : led_(std::move(led)) {}
  Status light(LampState, bool on) override {
    Descriptor fd(::open((led_ / "brightness").c_str(), O_WRONLY | O_CLOEXEC));
    if (fd.get() < 0) return fail(file_error(led_ / "brightness", errno));
    const char* text = on ? "255" : "0";  // the kernel cuts it to the LED's own highest
    return ::write(fd.get(), text, std::strlen(text)) > 0 ? Status{} : fail(file_error(led_ / "brightness", errno));
  }

 private:
  const Path led_;
};

class SerialLamp final : public Lamp {
 public:
  SerialLamp(net::SerialLine line, TowerWords words) : line_(std::move(line)), words_(std::move(words)) {}
  Status light(LampState state, bool) override {
    if (shown_ == state) return {};
    if (!stream_) {
      auto opened = net::open_serial(line_);
      if (!opened) return fail(std::move(opened.error()));
      stream_ = std::move(*opened);
    }
    if (auto sent = stream_->write(word_for(state) + "\r\n", milliseconds(1'000)); !sent) {
      stream_.reset();
      return sent;
    }
    shown_ = state;
    return {};
  }

 private:
  const std::string& word_for(LampState state) const {
    switch (state) {
      case LampState::off: return words_.off;
      case LampState::calm: return words_.calm;
      case LampState::warning: return words_.warning;
      case LampState::incident: return words_.incident;
      case LampState::box_ill: break;
    }
    return words_.box_ill;
  }
  const net::SerialLine line_;
  const TowerWords words_;
  std::unique_ptr<net::ByteStream> stream_;
  std::optional<LampState> shown_;
};

class GpioLamp final : public Lamp {
 public:
  GpioLamp(Path chip, uint32_t line, bool active_low) : chip_(std::move(chip)), line_(line), active_low_(active_low) {}
  Status light(LampState, bool on) override {
    if (fd_.get() < 0)
      if (auto taken = take(); !taken) return taken;
    gpio_v2_line_values values{};
    values.mask = 1, values.bits = on ? 1 : 0;
    if (::ioctl(fd_.get(), GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0) return {};
    fd_.reset();
    return fail(file_error(chip_, errno));
  }

 private:
  Status take() {
    Descriptor chip(::open(chip_.c_str(), O_RDWR | O_CLOEXEC));
    if (chip.get() < 0) return fail(file_error(chip_, errno));
    gpio_v2_line_request request{};
    request.offsets[0] = line_, request.num_lines = 1;
    request.config.flags = GPIO_V2_LINE_FLAG_OUTPUT | (active_low_ ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0);
    std::strncpy(request.consumer, "holdfast lamp", sizeof(request.consumer) - 1);
    if (::ioctl(chip.get(), GPIO_V2_GET_LINE_IOCTL, &request) != 0)
      return fail(errno == ENOTTY ? ErrorKind::invalid_input : kind_of_errno(errno), chip_.string() + ": line " + std::to_string(line_) + " cannot be had: " + std::strerror(errno));
    fd_.reset(request.fd);
    return {};
  }
  const Path chip_;
  const uint32_t line_;
  const bool active_low_;
  Descriptor fd_;
};

}  // namespace

bool lit(LampState state, Duration since) {
  const Rhythm r = rhythm_of(state);
  if (r.count == 0) return state == LampState::calm;
  Duration at = since % kRound;
  for (size_t i = 0; i < r.count; at -= r.lengths[i], ++i)
    if (at < r.lengths[i]) return i % 2 == 0;
  return false;
}

std::optional<Duration> next_change(LampState state, Duration since) {
  const Rhythm r = rhythm_of(state);
  Duration edge = since - since % kRound;
  for (size_t i = 0; i < r.count; ++i)
    if ((edge += r.lengths[i]) > since) return edge;
  return {};
}

std::unique_ptr<Lamp> led_lamp(Path led) { return std::make_unique<LedLamp>(std::move(led)); }
std::unique_ptr<Lamp> serial_lamp(net::SerialLine line, TowerWords words) { return std::make_unique<SerialLamp>(std::move(line), std::move(words)); }
std::unique_ptr<Lamp> gpio_lamp(Path chip, uint32_t line, bool active_low) { return std::make_unique<GpioLamp>(std::move(chip), line, active_low); }

}  // namespace hf::board
