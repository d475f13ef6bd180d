// Frames become SIP messages and RTCP packets: link, IP, fragments, UDP, TCP. Pure; time comes in. In: frames in order.
// Out: calls of the taker, which does what it likes with them: the tap program sends them on, a replay reads them.
#pragma once

#include <cstdint>
#include <string_view>

#include "hal/pbx/sip/packet_fragments.hpp"
#include "hal/pbx/sip/packet_tcp.hpp"

namespace hf::pbx {

struct PacketTaker {
  virtual ~PacketTaker() = default;
  virtual void sip(const Endpoint& from, const Endpoint& to, Time at, std::string_view message) = 0;
  virtual void rtcp(const Endpoint& from, const Endpoint& to, Time at, std::string_view packet) = 0;
};

struct PacketCounts {
  uint64_t frames = 0, malformed = 0, cut = 0;
  uint64_t lost_fragments = 0;  // packets of which a piece is missing
  uint64_t tcp_gaps = 0, tcp_refused = 0;
};

// The first bytes of an RTCP packet (RFC 3550): version 2, a type of 200 to 207, a length that fits.
[[nodiscard]] bool looks_like_rtcp(std::string_view bytes);

class PacketFeed {
 public:
  explicit PacketFeed(PacketTaker& taker) : taker_(taker) {}
  // `cut`: the capture holds less of the frame than was sent.
  void frame(LinkType link, std::string_view bytes, bool cut, Time at);
  PacketCounts counts() const;

 private:
  void packet(const Packet& packet, Time at);

  PacketTaker& taker_;
  Fragments fragments_;
  TcpFlows flows_;
  uint64_t frames_ = 0, malformed_ = 0, cut_ = 0;
};

}  // namespace hf::pbx
