#include "hal/pbx/sip/hep_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hf::pbx {

namespace {

constexpr std::string_view kMagic = "HEP3";
constexpr uint32_t kMagicNumber = 0x48455033;
enum Chunk : uint16_t {
  kFamily = 1,
  kProtocol = 2,
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

void take(uint16_t type, std::string_view value, HepFrame& frame, Halves& time) {
  switch (type) {
    case kSource4: frame.from.ip = ip_v4(raw(value)); return;
    case kTarget4: frame.to.ip = ip_v4(raw(value)); return;
    case kSource6: frame.from.ip = ip_v6(raw(value)); return;
    case kTarget6: frame.to.ip = ip_v6(raw(value)); return;
    case kSourcePort: frame.from.port = u16(value, 0); return;
    case kTargetPort: frame.to.port = u16(value, 0); return;
    case kSeconds: time.seconds = u32(value, 0); return;
    case kMicros: time.micros = u32(value, 0); return;
    case kKind: frame.kind = kind_of(raw(value)[0]); return;
    case kAgent: frame.agent = u32(value, 0); return;
    case kKey: frame.key = value; return;
    case kCorrelation: frame.correlation = value; return;
    case kPayload:
    case kCompressed: frame.payload = value, frame.compressed = type == kCompressed; return;
    default: return;  // others tell nothing that is used here
  }
}

// The chunks of a fixed size, which come first, and the heads of the others. They are put together here, so that a
// frame of the tap's costs two copies and no allocation.
class Head {
 public:
  void chunk(uint16_t type, size_t size) { number(0, 2), number(type, 2), number(6 + size, 2); }
  void number(uint64_t value, size_t bytes) {
    for (size_t i = bytes; i-- > 0;) *end_++ = static_cast<char>(value >> (8 * i));
  }
  void put(uint16_t type, uint64_t value, size_t bytes) { chunk(type, bytes), number(value, bytes); }
  void put(uint16_t type4, const IpAddress& ip) {
    const size_t from = ip.v4() ? 12 : 0;
    chunk(from > 0 ? type4 : static_cast<uint16_t>(type4 + 2), ip.bytes.size() - from);
    end_ = std::copy(ip.bytes.begin() + static_cast<std::ptrdiff_t>(from), ip.bytes.end(), end_);
  }
  void flush(std::string& out) {
    out.append(bytes_.data(), static_cast<size_t>(end_ - bytes_.data()));
    end_ = bytes_.data();
  }

 private:
  std::array<char, 160> bytes_;  // the longest, of two IPv6 addresses, has 123
  char* end_ = bytes_.data();
};

void put(Head& head, uint16_t type, std::string_view value, std::string& out) {
  head.chunk(type, value.size());
  head.flush(out);
  out += value;
}

size_t size_of(const HepFrame& frame) {
  size_t size = 6 + 2 * 7 + 2 * 8 + 2 * 10 + 7 + 10 + 6 + frame.payload.size();
  for (const Endpoint& end : {frame.from, frame.to}) size += end.ip.v4() ? 10 : 22;
  for (const std::string_view optional : {frame.key, frame.correlation})
    if (!optional.empty()) size += 6 + optional.size();
  return size;
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
    if (vendor == 0) take(type, value, frame, time);
    at += length;
  }
  if (time.seconds)
    frame.sent = Time(std::chrono::seconds(*time.seconds) + Duration(std::min(time.micros.value_or(0), 999'999u)));
  return frame;
}

bool append_hep(const HepFrame& frame, std::string& out) {
  const size_t size = size_of(frame);
  if (size > kMaxHepFrame) return false;
  Head head;
  head.number(kMagicNumber, 4), head.number(size, 2);
  head.put(kFamily, frame.from.ip.v4() ? 2 : 10, 1);  // AF_INET, AF_INET6 of the sending machine
  head.put(kProtocol, 17, 1);
  head.put(kSource4, frame.from.ip), head.put(kTarget4, frame.to.ip);
  head.put(kSourcePort, frame.from.port, 2), head.put(kTargetPort, frame.to.port, 2);
  const int64_t micros = frame.sent.value_or(Time{}).time_since_epoch().count();
  head.put(kSeconds, static_cast<uint64_t>(micros / 1'000'000), 4);
  head.put(kMicros, static_cast<uint64_t>(micros % 1'000'000), 4);
  head.put(kKind, static_cast<uint8_t>(frame.kind), 1);
  head.put(kAgent, frame.agent, 4);
  if (!frame.key.empty()) put(head, kKey, frame.key, out);
  if (!frame.correlation.empty()) put(head, kCorrelation, frame.correlation, out);
  put(head, frame.compressed ? kCompressed : kPayload, frame.payload, out);
  return true;
}

std::string render_hep(const HepFrame& frame) {
  std::string out;
  return append_hep(frame, out) ? out : std::string();
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
