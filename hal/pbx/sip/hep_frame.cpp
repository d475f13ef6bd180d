#include "hal/pbx/sip/hep_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hf::pbx {

namespace {

constexpr std::string_view kMagic = "HEP3";
enum Chunk : uint16_t {
  kSource4 = 3,
  kTarget4 = 4,
  kSource6 = 5,
  kTarget6 = 6,
  kSourcePort = 7,
  kTargetPort = 8,
  kSeconds = 9,
  kMicros = 10,
  kKind = 11,
  kAgent = 12,
  kKey = 14,
  kPayload = 15,
  kCompressed = 16,
  kCorrelation = 17
};

const uint8_t* raw(std::string_view b) { return reinterpret_cast<const uint8_t*>(b.data()); }
uint16_t u16(std::string_view b, size_t at) { return static_cast<uint16_t>(raw(b)[at] << 8 | raw(b)[at + 1]); }
uint32_t u32(std::string_view b, size_t at) { return uint32_t{u16(b, at)} << 16 | u16(b, at + 2); }

struct Halves {  // of the time
  std::optional<uint32_t> seconds, micros;
};

// The length that a chunk of a fixed size must have; 0 = any.
size_t size_of(uint16_t type) {
  switch (type) {
    case kSource4:
    case kTarget4:
    case kSeconds:
    case kMicros:
    case kAgent:
      return 4;
    case kSource6:
    case kTarget6:
      return 16;
    case kSourcePort:
    case kTargetPort:
      return 2;
    case kKind:
      return 1;
    default:
      return 0;
  }
}

HepPayload kind_of(uint8_t number) {
  const auto kind = static_cast<HepPayload>(number);
  return kind == HepPayload::sip || kind == HepPayload::rtcp || kind == HepPayload::log ? kind : HepPayload::other;
}

void take_number(uint16_t type, std::string_view value, HepFrame& frame, Halves& time) {
  if (type == kSourcePort) frame.from.port = u16(value, 0);
  if (type == kTargetPort) frame.to.port = u16(value, 0);
  if (type == kSeconds) time.seconds = u32(value, 0);
  if (type == kMicros) time.micros = u32(value, 0);
  if (type == kKind) frame.kind = kind_of(raw(value)[0]);
  if (type == kAgent) frame.agent = u32(value, 0);
}

void take(uint16_t type, std::string_view value, HepFrame& frame) {
  if (type == kSource4) frame.from.ip = ip_v4(raw(value));
  if (type == kTarget4) frame.to.ip = ip_v4(raw(value));
  if (type == kSource6) frame.from.ip = ip_v6(raw(value));
  if (type == kTarget6) frame.to.ip = ip_v6(raw(value));
  if (type == kKey) frame.key = value;
  if (type == kCorrelation) frame.correlation = value;
  if (type == kPayload || type == kCompressed) frame.payload = value, frame.compressed = type == kCompressed;
}

void put16(std::string& out, size_t v) { out += static_cast<char>(v >> 8), out += static_cast<char>(v); }
void put32(std::string& out, uint64_t v) { put16(out, v >> 16 & 0xffff), put16(out, v & 0xffff); }
void put(std::string& out, uint16_t type, std::string_view value) {
  put16(out, 0), put16(out, type), put16(out, 6 + value.size());
  out += value;
}
void put_number(std::string& out, uint16_t type, uint64_t v, bool wide) {
  std::string value;
  if (wide)
    put32(value, v);
  else
    put16(value, v);
  put(out, type, value);
}
void put_ip(std::string& out, uint16_t type4, const IpAddress& ip) {
  const std::string_view all(reinterpret_cast<const char*>(ip.bytes.data()), ip.bytes.size());
  if (ip.v4())
    put(out, type4, all.substr(12));
  else
    put(out, static_cast<uint16_t>(type4 + 2), all);
}

}  // namespace

Result<HepFrame> parse_hep(std::string_view bytes) {
  if (!bytes.empty() && (bytes[0] == '\1' || bytes[0] == '\2'))
    return fail(ErrorKind::unsupported,
                fmt::format("HEP version {}: the sender must be set to version 3", static_cast<int>(bytes[0])));
  if (bytes.size() < 6 || !bytes.starts_with(kMagic))
    return fail(ErrorKind::invalid_input, "HEP: no frame of version 3");
  if (u16(bytes, 4) != bytes.size())
    return fail(ErrorKind::invalid_input, fmt::format("HEP: {} bytes came of {}", bytes.size(), u16(bytes, 4)));
  HepFrame frame;
  Halves time;
  size_t chunks = 0;
  for (size_t at = 6; at < bytes.size(); ++chunks) {
    const size_t left = bytes.size() - at, length = left < 6 ? 0 : u16(bytes, at + 4);
    const uint16_t vendor = left < 6 ? 0 : u16(bytes, at), type = left < 6 ? 0 : u16(bytes, at + 2);
    const bool fits =
        length >= 6 && length <= left && (vendor != 0 || size_of(type) == 0 || length - 6 == size_of(type));
    if (!fits || chunks >= kMaxHepChunks)
      return fail(ErrorKind::invalid_input, fmt::format("HEP: chunk {} of type {} does not fit", chunks + 1, type));
    const std::string_view value = bytes.substr(at + 6, length - 6);
    if (vendor == 0) take(type, value, frame), take_number(type, value, frame, time);
    at += length;
  }
  if (time.seconds)
    frame.sent = Time(std::chrono::seconds(*time.seconds) + Duration(std::min(time.micros.value_or(0), 999'999u)));
  return frame;
}

std::string render_hep(const HepFrame& frame) {
  std::string body;
  const bool v4 = frame.from.ip.v4();
  put(body, 1, v4 ? "\2" : "\12");  // AF_INET, AF_INET6 of the sending machine
  put(body, 2, "\x11");
  put_ip(body, kSource4, frame.from.ip), put_ip(body, kTarget4, frame.to.ip);
  put_number(body, kSourcePort, frame.from.port, false), put_number(body, kTargetPort, frame.to.port, false);
  const int64_t micros = frame.sent.value_or(Time{}).time_since_epoch().count();
  put_number(body, kSeconds, static_cast<uint64_t>(micros / 1'000'000), true);
  put_number(body, kMicros, static_cast<uint64_t>(micros % 1'000'000), true);
  put(body, kKind, std::string(1, static_cast<char>(frame.kind)));
  put_number(body, kAgent, frame.agent, true);
  if (!frame.key.empty()) put(body, kKey, frame.key);
  if (!frame.correlation.empty()) put(body, kCorrelation, frame.correlation);
  if (body.size() + 12 + frame.payload.size() > kMaxHepFrame) return {};
  put(body, frame.compressed ? kCompressed : kPayload, frame.payload);
  std::string out(kMagic);
  put16(out, 6 + body.size());
  return out + body;
}

void HepStream::feed(std::string_view bytes) {
  buffer_.erase(0, std::exchange(at_, 0));
  buffer_.append(bytes);
}

Result<bool> HepStream::next(std::string_view& frame) {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (!rest.starts_with(kMagic.substr(0, std::min(rest.size(), kMagic.size()))))
    return fail(ErrorKind::corrupt, "what comes is no HEP of version 3");
  if (rest.size() < 6) return false;
  const size_t length = u16(rest, 4);
  if (length < 6) return fail(ErrorKind::corrupt, "a HEP frame of less than its own head");
  if (rest.size() < length) return false;
  frame = rest.substr(0, length);
  at_ += length;
  return true;
}

}  // namespace hf::pbx
