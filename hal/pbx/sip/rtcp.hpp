// RTCP (RFC 3550, RFC 3611): what phones and PBX report of the sound that reached them, and what ITU-T G.107 makes of
// it. Pure. MOS-LQ is listening quality: loss alone. MOS-CQ is conversational: with the delay. Both assume G.711 with
// loss concealment (G.113 Appendix I: Ie 0, Bpl 25.1): an upper bound for other codecs. What phones themselves report
// (RTCP XR) is kept apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::pbx {

struct RtcpReport {  // a report block: what one receiver says of one sender
  uint32_t reporter = 0, sender = 0;
  double loss = 0;      // since the last report, 0 to 1
  uint32_t jitter = 0;  // in units of the codec's clock
  uint32_t last_sr = 0,
           since_sr = 0;  // middle of the NTP time of the last sender report, and how long ago it came, in 1/65536 s
};
struct RtcpVoice {  // RFC 3611, 4.7: what a phone found out itself
  std::optional<double> mos_lq, mos_cq;
  std::optional<Duration> round_trip;
};
struct RtcpPacket {
  std::vector<RtcpReport> reports;
  std::optional<RtcpVoice> voice;
  std::optional<uint32_t> sender;  // of a sender report, with the middle of its NTP time
  uint32_t sent = 0;
};
// A compound packet; nothing when it is malformed from the first byte. Parts that do not fit are left out.
std::optional<RtcpPacket> parse_rtcp(std::string_view bytes);

// The same as JSON, which HEP senders make of it (Asterisk's res_hep_rtcp, heplify): "report_blocks" with
// "fraction_lost" of 256 and "ia_jitter". What else it holds is not read.
RtcpPacket parse_rtcp_json(std::string_view text);

}  // namespace hf::pbx
