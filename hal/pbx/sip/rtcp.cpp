#include "hal/pbx/sip/rtcp.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hf::pbx {

namespace {

constexpr uint8_t kSenderReport = 200, kReceiverReport = 201, kExtended = 207, kVoipMetrics = 7;
constexpr size_t kBlock = 24;

uint8_t u8(std::string_view b, size_t at) { return static_cast<uint8_t>(b[at]); }
uint16_t u16(std::string_view b, size_t at) { return static_cast<uint16_t>(u8(b, at) << 8 | u8(b, at + 1)); }
uint32_t u32(std::string_view b, size_t at) { return uint32_t{u16(b, at)} << 16 | u16(b, at + 2); }

void take_blocks(std::string_view part, size_t at, size_t count, RtcpPacket& out) {
  for (; count > 0 && at + kBlock <= part.size(); --count, at += kBlock)
    out.reports.push_back({u32(part, 4), u32(part, at), u8(part, at + 4) / 256.0, u32(part, at + 12),
                           u32(part, at + 16), u32(part, at + 20)});
}

// MOS times ten from 10 to 50; 127 is "unavailable".
std::optional<double> told_mos(uint8_t value) {
  return value >= 10 && value <= 50 ? std::optional(value / 10.0) : std::nullopt;
}

void take_extended(std::string_view part, RtcpPacket& out) {
  for (size_t at = 8; at + 4 <= part.size();) {
    const size_t size = (size_t{u16(part, at + 2)} + 1) * 4;
    if (at + size > part.size()) return;
    if (u8(part, at) == kVoipMetrics && size >= 36) {
      RtcpVoice voice{told_mos(u8(part, at + 26)), told_mos(u8(part, at + 27)), {}};
      if (const uint16_t round = u16(part, at + 16); round != 0) voice.round_trip = std::chrono::milliseconds(round);
      out.voice = voice;
    }
    at += size;
  }
}

void take_part(std::string_view part, RtcpPacket& out) {
  const size_t count = u8(part, 0) & 0x1f;
  if (u8(part, 1) == kSenderReport && part.size() >= 28) {
    out.sender = u32(part, 4);
    out.sent = uint32_t{u16(part, 10)} << 16 | u16(part, 12);
    take_blocks(part, 28, count, out);
  } else if (u8(part, 1) == kReceiverReport && part.size() >= 8) {
    take_blocks(part, 8, count, out);
  } else if (u8(part, 1) == kExtended && part.size() >= 8) {
    take_extended(part, out);
  }
}

constexpr std::string_view kLost = "\"fraction_lost\"";
constexpr size_t kMaxBlocks = 31;

// The number behind a key; 0 when there is none.
double number_of(std::string_view text, std::string_view key) {
  size_t at = text.find(key);
  if (at == text.npos) return 0;
  at = text.find_first_not_of(": \t", at + key.size());
  double value = 0;
  if (at != text.npos) std::from_chars(text.data() + at, text.data() + text.size(), value);
  return std::isfinite(value) ? value : 0;
}

}  // namespace

std::optional<RtcpPacket> parse_rtcp(std::string_view bytes) {
  RtcpPacket out;
  size_t at = 0;
  for (; at + 8 <= bytes.size() && u8(bytes, at) >> 6 == 2;) {
    const size_t size = (size_t{u16(bytes, at + 2)} + 1) * 4;
    if (at + size > bytes.size()) break;
    take_part(bytes.substr(at, size), out);
    at += size;
  }
  return at == 0 ? std::nullopt : std::optional(std::move(out));
}

RtcpPacket parse_rtcp_json(std::string_view text) {
  RtcpPacket out;
  for (size_t at = text.find(kLost); at != text.npos && out.reports.size() < kMaxBlocks;
       at = text.find(kLost, at + 1)) {
    const std::string_view one = text.substr(at, text.find('}', at) - at);
    RtcpReport report;
    report.loss = std::clamp(number_of(one, kLost), 0.0, 255.0) / 256;
    report.jitter = static_cast<uint32_t>(std::clamp(number_of(one, "\"ia_jitter\""), 0.0, 4e9));
    out.reports.push_back(report);
  }
  return out;
}

}  // namespace hf::pbx
