#include "hal/board/lamp.hpp"

#include <fcntl.h>

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
  GpioLamp(GpioPlace place, GpioKernel& kernel) : line_(std::move(place), kernel) {}
  Status light(LampState, bool on) override { return line_.set(on); }

 private:
  GpioLine line_;
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
std::unique_ptr<Lamp> gpio_lamp(GpioPlace place, GpioKernel& kernel) { return std::make_unique<GpioLamp>(std::move(place), kernel); }

}  // namespace hf::board
