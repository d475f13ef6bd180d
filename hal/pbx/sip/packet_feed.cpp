#include "hal/pbx/sip/packet_feed.hpp"

#include "hal/pbx/sip/sip_message.hpp"

namespace hf::pbx {

bool looks_like_rtcp(std::string_view bytes) {
  if (bytes.size() < 8 || bytes.size() % 4 != 0) return false;
  const auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  const size_t words = size_t{at(2)} * 256 + at(3);
  return at(0) >> 6 == 2 && at(1) >= 200 && at(1) <= 207 && (words + 1) * 4 <= bytes.size();
}

void PacketFeed::frame(LinkType link, std::string_view bytes, bool cut, Time at) {
  ++frames_;
  const Packet decoded = decode_frame(link, bytes);
  if (decoded.kind != PacketKind::fragment) {
    if (cut || decoded.cut) ++cut_;
    return packet(decoded, at);
  }
  if (const auto whole = fragments_.add(decoded.ip, at)) packet(decode_transport(*whole, false), at);
}

void PacketFeed::packet(const Packet& packet, Time at) {
  switch (packet.kind) {
    case PacketKind::other:
    case PacketKind::fragment:
      return;
    case PacketKind::malformed:
      ++malformed_;
      return;
    case PacketKind::udp:
      if (looks_like_sip(packet.payload))
        taker_.sip(packet.from, packet.to, at, packet.payload);
      else if (looks_like_rtcp(packet.payload))
        taker_.rtcp(packet.from, packet.to, at, packet.payload);
      return;
    case PacketKind::tcp:
      flows_.add(packet, at, [&](std::string_view message) { taker_.sip(packet.from, packet.to, at, message); });
      return;
  }
}

PacketCounts PacketFeed::counts() const {
  return {frames_, malformed_ + flows_.malformed(), cut_, fragments_.lost(), flows_.gaps(), flows_.refused()};
}

}  // namespace hf::pbx
