// The tap's way to the agent: HEPv3 frames over a local socket. In: SIP messages and RTCP packets. The agent that is
// away or too slow costs messages, never memory: what cannot be sent within kWithin is lost, counted, and the
// connection is made anew.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "hal/pbx/sip/hep_frame.hpp"
#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/platform/descriptor.hpp"

namespace hf::tap {

class Uplink final : public pbx::PacketTaker {
 public:
  static constexpr size_t kMost = size_t{1} << 20;  // bytes collected before they must go
  static constexpr std::chrono::milliseconds kWithin{2'000}, kAgain{1'000};

  explicit Uplink(std::string path) : path_(std::move(path)) {}

  void sip(const pbx::Endpoint& from, const pbx::Endpoint& to, Time at, std::string_view message) override;
  void rtcp(const pbx::Endpoint& from, const pbx::Endpoint& to, Time at, std::string_view packet) override;
  // A word about the tap itself, as "frames=12 dropped=0".
  void tell(Time at, std::string_view words);
  // Sends what was collected; connects where there is no connection, at most once in kAgain.
  void flush(std::chrono::steady_clock::time_point now);

  bool connected() const { return fd_.get() >= 0; }
  uint64_t messages() const { return messages_; }
  uint64_t unsent() const { return unsent_; }

 private:
  void add(pbx::HepPayload kind, const pbx::Endpoint& from, const pbx::Endpoint& to, Time at, std::string_view payload);
  void connect(std::chrono::steady_clock::time_point now);
  bool send();
  void lose();

  std::string path_, waiting_;
  uint64_t waiting_messages_ = 0;
  Descriptor fd_;
  std::chrono::steady_clock::time_point next_try_{};
  uint64_t messages_ = 0, unsent_ = 0;
};

}  // namespace hf::tap
