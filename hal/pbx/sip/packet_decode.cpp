#include "hal/pbx/sip/packet_decode.hpp"

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr uint16_t kIpv4 = 0x0800, kIpv6 = 0x86dd;
constexpr int kMaxTags = 4;  // 802.1Q in 802.1ad in what a mirror adds
constexpr int kMaxExtensions = 8;
constexpr uint8_t kTcp = 6, kUdp = 17, kHopByHop = 0, kRouting = 43, kFragment = 44, kAuthentication = 51,
                  kDestination = 60;

const uint8_t* at(std::string_view bytes, size_t offset) {
  return reinterpret_cast<const uint8_t*>(bytes.data()) + offset;
}
uint16_t be16(std::string_view bytes, size_t offset) {
  const uint8_t* p = at(bytes, offset);
  return static_cast<uint16_t>((p[0] << 8) | p[1]);
}
uint32_t be32(std::string_view bytes, size_t offset) {
  return (uint32_t{be16(bytes, offset)} << 16) | be16(bytes, offset + 2);
}

Packet malformed() {
  Packet packet;
  packet.kind = PacketKind::malformed;
  return packet;
}

Packet behind_ip(const IpPart& ip, bool cut) {
  if (!ip.fragment) return decode_transport(ip, cut);
  Packet packet;
  packet.kind = cut ? PacketKind::malformed : PacketKind::fragment;
  packet.ip = ip;
  return packet;
}

Packet decode_ipv4(std::string_view p) {
  if (p.size() < 20) return malformed();
  const size_t header = size_t{*at(p, 0)} % 16 * 4, total = be16(p, 2);
  // A total length of 0 is what segmentation offload leaves on a sending machine.
  if (*at(p, 0) >> 4 != 4 || header < 20 || header > p.size() || (total != 0 && total < header)) return malformed();
  IpPart ip;
  ip.from = ip_v4(at(p, 12)), ip.to = ip_v4(at(p, 16));
  ip.protocol = *at(p, 9), ip.id = be16(p, 4);
  const uint16_t flags = be16(p, 6);
  ip.more = (flags & 0x2000) != 0, ip.offset = (flags & 0x1fffu) * 8;
  ip.fragment = ip.more || ip.offset != 0;
  const size_t end = total == 0 ? p.size() : total;
  ip.payload = p.substr(header, std::min(end, p.size()) - header);
  return behind_ip(ip, end > p.size());
}

struct Walk {  // over the extension headers of IPv6
  uint8_t next = 0;
  size_t offset = 40;
  bool good = true;
};

// One extension header; false when `walk.next` is none.
bool extension(std::string_view p, Walk& walk, IpPart& ip) {
  const bool chained =
      walk.next == kHopByHop || walk.next == kRouting || walk.next == kDestination || walk.next == kAuthentication;
  if (!chained && walk.next != kFragment) return false;
  if (walk.offset + 8 > p.size()) return walk.good = false;
  if (walk.next == kFragment) {
    const uint16_t place = be16(p, walk.offset + 2);
    ip.offset = place & 0xfff8u, ip.more = (place & 1) != 0, ip.id = be32(p, walk.offset + 4);
    ip.fragment = ip.more || ip.offset != 0;
  }
  const size_t length = *at(p, walk.offset + 1);
  const size_t size = walk.next == kFragment ? 8 : walk.next == kAuthentication ? (length + 2) * 4 : (length + 1) * 8;
  const bool last = walk.next == kFragment && ip.offset != 0;  // what follows belongs to the middle of a packet
  walk.next = *at(p, walk.offset);
  walk.offset += size;
  if (walk.offset > p.size()) return walk.good = false;
  return !last;
}

Packet decode_ipv6(std::string_view p) {
  if (p.size() < 40 || *at(p, 0) >> 4 != 6) return malformed();
  const size_t length = be16(p, 4);
  IpPart ip;
  ip.from = ip_v6(at(p, 8)), ip.to = ip_v6(at(p, 24));
  const bool cut = length != 0 && 40 + length > p.size();
  if (length != 0 && 40 + length < p.size()) p = p.substr(0, 40 + length);
  Walk walk{*at(p, 6)};
  for (int i = 0; i < kMaxExtensions && extension(p, walk, ip); ++i) {
  }
  if (!walk.good) return malformed();
  ip.protocol = walk.next;
  ip.payload = p.substr(walk.offset);
  return behind_ip(ip, cut);
}

Packet decode_network(uint16_t type, std::string_view p) {
  if (type == kIpv4) return decode_ipv4(p);
  if (type == kIpv6) return decode_ipv6(p);
  return {};
}

// `offset` is where the EtherType stands.
Packet behind_tags(std::string_view frame, size_t offset) {
  for (int tags = 0; tags <= kMaxTags; ++tags, offset += 4) {
    if (offset + 2 > frame.size()) return malformed();
    const uint16_t type = be16(frame, offset);
    if (type != 0x8100 && type != 0x88a8 && type != 0x9100) return decode_network(type, frame.substr(offset + 2));
  }
  return {};
}

Packet by_version(std::string_view p) {
  if (p.empty()) return malformed();
  return *at(p, 0) >> 4 == 6 ? decode_ipv6(p) : decode_ipv4(p);
}

}  // namespace

bool known_link(uint16_t number) {
  switch (static_cast<LinkType>(number)) {
    case LinkType::null:
    case LinkType::ethernet:
    case LinkType::raw:
    case LinkType::loop:
    case LinkType::linux_cooked:
    case LinkType::ipv4:
    case LinkType::ipv6:
    case LinkType::linux_cooked_2:
      return true;
  }
  return false;
}

Packet decode_transport(const IpPart& ip, bool cut) {
  Packet packet;
  packet.cut = cut;
  const std::string_view p = ip.payload;
  if (ip.protocol == kUdp) {
    if (p.size() < 8) return malformed();
    const size_t length = be16(p, 4);
    if (length < 8) return malformed();
    packet.kind = PacketKind::udp;
    packet.payload = p.substr(8, std::min(length, p.size()) - 8);
    packet.cut |= length > p.size();
  } else if (ip.protocol == kTcp) {
    const size_t header = p.size() < 20 ? 0 : size_t{*at(p, 12)} / 16 * 4;
    if (header < 20 || header > p.size()) return malformed();
    packet.kind = PacketKind::tcp;
    packet.sequence = be32(p, 4);
    const uint8_t flags = *at(p, 13);
    packet.fin = (flags & 1) != 0, packet.syn = (flags & 2) != 0, packet.reset = (flags & 4) != 0;
    packet.payload = p.substr(header);
  } else {
    return packet;
  }
  packet.from = {ip.from, be16(p, 0)}, packet.to = {ip.to, be16(p, 2)};
  return packet;
}

Packet decode_frame(LinkType link, std::string_view frame) {
  switch (link) {
    case LinkType::ethernet:
      return behind_tags(frame, 12);
    case LinkType::linux_cooked:
      return behind_tags(frame, 14);
    case LinkType::linux_cooked_2:
      return frame.size() < 20 ? malformed() : decode_network(be16(frame, 0), frame.substr(20));
    case LinkType::null:
    case LinkType::loop:
      return frame.size() < 4 ? malformed() : by_version(frame.substr(4));
    case LinkType::raw:
    case LinkType::ipv4:
    case LinkType::ipv6:
      return by_version(frame);
  }
  return {};
}

}  // namespace hf::pbx
