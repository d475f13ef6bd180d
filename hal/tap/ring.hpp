// Frames of a network interface, live: AF_PACKET with a ring in shared memory (TPACKET_V3), so that a burst costs no
// system call a frame. In: an interface and a filter. Out: blocks of frames with their times; what the kernel dropped
// since the ring was full.
#pragma once

#include <linux/filter.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::tap {

class Ring {
 public:
  static constexpr size_t kBlock = size_t{1} << 20, kBlocks = 32;  // 32 MiB: a third of a second of a full gigabit
  static constexpr std::chrono::milliseconds kRetire{60};          // a block that is not full is handed over after this

  // Needs CAP_NET_RAW, at this moment only. not_found: no such interface; denied; unsupported: no Ethernet.
  static Result<Ring> open(const std::string& interface, std::vector<sock_filter> filter);
  ~Ring();
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;

  using Take = std::function<void(Time at, std::string_view frame, bool cut)>;
  // Waits for a block and hands over its frames; false when none came in time or a signal did. io: the interface is
  // gone.
  Result<bool> next(std::chrono::milliseconds within, const Take& take);
  struct Counts {
    uint64_t frames = 0, dropped = 0;
  };
  const Counts& counts();  // since the start

 private:
  Ring(Descriptor fd, std::string interface) : fd_(std::move(fd)), interface_(std::move(interface)) {}
  Status set_up(std::vector<sock_filter>& filter);
  Status bind_to(int index);
  void hand_over(const uint8_t* block, const Take& take) const;

  Descriptor fd_;
  std::string interface_;
  uint8_t* memory_ = nullptr;
  size_t at_ = 0;
  Counts counts_;
};

}  // namespace hf::tap
