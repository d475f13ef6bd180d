// HEP version 3 (Homer Encapsulation Protocol, "HEP3 Network Protocol Specification" rev. 33): one captured packet with
// its ends and time. Pure. In: a frame, as one datagram or as HepStream cuts it out of TCP. Out: what it carries, as
// views into it; or what is wrong. "HEP3", length of the whole (16 bits), then chunks: vendor, type, length of the
// chunk (16 bits each, big endian), value. Kamailio, OpenSIPS, FreeSWITCH, Asterisk and heplify send it; holdfast-tap
// speaks it to the agent, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hal/pbx/sip/packet_address.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

inline constexpr size_t kMaxHepFrame = 65'535;  // its length has 16 bits
inline constexpr size_t kMaxHepChunks = 64;

enum class HepPayload : uint8_t { other = 0, sip = 1, rtcp = 5, log = 100 };

struct HepFrame {
  Endpoint from, to;
  std::optional<Time> sent;  // the sender's time of the packet
  HepPayload kind{};
  uint32_t agent = 0;    // capture agent id
  std::string_view key;  // authentication
  std::string_view correlation;  // what the packet belongs to, mostly a Call-ID
  std::string_view payload;
  bool compressed = false;  // the payload is, and is not read
};

// invalid_input names the chunk; unsupported for versions 1 and 2, whose frames say so by their first byte.
Result<HepFrame> parse_hep(std::string_view bytes);
// Appends the frame as bytes. False, and nothing is appended, when it would be longer than kMaxHepFrame.
[[nodiscard]] bool append_hep(const HepFrame& frame, std::string& out);
// The same alone; empty when it would be too long.
std::string render_hep(const HepFrame& frame);

// Frames on a stream, cut anywhere.
class HepStream {
 public:
  void feed(std::string_view bytes);
  // The next whole frame; it lives until the next call. False when more bytes are needed. corrupt: this is no HEP, and
  // the connection is good for nothing more.
  Result<bool> next(std::string_view& frame);

 private:
  std::string buffer_;
  size_t at_ = 0;
};

}  // namespace hf::pbx
