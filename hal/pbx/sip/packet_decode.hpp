// One frame of a network: link, VLAN tags, IPv4 or IPv6 with extension headers, down to UDP or TCP. Pure; views into
// the frame. In: the bytes of a frame and what link they come from. Out: an IP fragment, a UDP datagram or a TCP
// segment; or why it is none. Every length is checked against what was captured; checksums are not (a network card
// fills them in after the tap has seen them).
#pragma once

#include <cstdint>
#include <string_view>

#include "hal/pbx/sip/packet_address.hpp"

namespace hf::pbx {

// LINKTYPE_ numbers of tcpdump.org.
enum class LinkType : uint16_t {
  null = 0,
  ethernet = 1,
  raw = 101,
  loop = 108,
  linux_cooked = 113,
  ipv4 = 228,
  ipv6 = 229,
  linux_cooked_2 = 276
};
[[nodiscard]] bool known_link(uint16_t number);

enum class PacketKind : uint8_t { other, malformed, fragment, udp, tcp };

struct IpPart {  // what an IP header says of what follows
  IpAddress from, to;
  uint8_t protocol = 0;
  uint32_t id = 0;      // of the fragments of one packet
  uint32_t offset = 0;  // in bytes
  bool more = false;    // fragments follow
  bool fragment = false;
  std::string_view payload;
};

struct Packet {
  PacketKind kind = PacketKind::other;
  IpPart ip;              // of a fragment
  Endpoint from, to;      // of UDP and TCP
  uint32_t sequence = 0;  // TCP
  bool syn = false, fin = false, reset = false;
  bool cut = false;  // the capture holds less than was sent
  std::string_view payload;
};

Packet decode_frame(LinkType link, std::string_view frame);
// The packet behind the IP header: also for one put together from fragments.
Packet decode_transport(const IpPart& ip, bool cut);

}  // namespace hf::pbx
