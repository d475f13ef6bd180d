// TCP, as a listener beside the wire sees it: segments of one direction become its bytes in order. Pure; time comes in.
// Only connections that speak SIP are followed. Bounded: kMaxFlows directions, kMaxHeld bytes out of order in each. A
// segment that does not come within kPatience, or for which too much waits, is given up: a gap, counted. A
// retransmission is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "hal/pbx/sip/packet_decode.hpp"
#include "hal/pbx/sip/sip_stream.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

class TcpFlows {
 public:
  static constexpr size_t kMaxFlows = 4'096;
  static constexpr size_t kMaxHeld = size_t{256} << 10;
  static constexpr Duration kPatience = std::chrono::seconds(3);
  static constexpr Duration kIdle = std::chrono::hours(2);

  // `take` is called with each whole SIP message.
  using Take = std::function<void(std::string_view message)>;
  void add(const Packet& segment, Time at, const Take& take);

  uint64_t gaps() const { return gaps_; }
  uint64_t refused() const { return refused_; }  // connections beyond kMaxFlows
  uint64_t malformed() const { return malformed_; }
  size_t flows() const { return flows_.size(); }

 private:
  using Key = std::pair<Endpoint, Endpoint>;
  struct Flow {
    uint32_t next = 0;                     // sequence number that is due
    std::map<uint32_t, std::string> held;  // by distance from `next` when it came, moved along with it
    size_t held_bytes = 0;
    Time waits_since{}, last{};
    SipStream stream;
  };
  Flow* flow_of(const Packet& segment, Time at);
  void place(Flow& flow, const Packet& segment, Time at);
  void drain(Flow& flow);
  void skip_gap(Flow& flow);
  void take_all(Flow& flow, const Take& take);
  void advance(Flow& flow, uint32_t bytes);

  std::map<Key, Flow> flows_;
  uint64_t gaps_ = 0, refused_ = 0, malformed_ = 0;
};

}  // namespace hf::pbx
