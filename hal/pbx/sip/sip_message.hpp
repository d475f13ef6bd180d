// SIP (RFC 3261), one message: bytes become the few fields that tell of calls. Pure; nothing is copied: every view
// points into the message. In: a whole message, as one UDP datagram or as sip_stream cuts it out of TCP. Out: the
// fields, or what is wrong and where. Tolerant: compact names, folded lines, bare LF, any order, a body that a capture
// has cut. Strict where two readings would be possible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::pbx {

inline constexpr size_t kMaxSipMessage = 65'535;  // what a UDP datagram can hold; the same over TCP
inline constexpr size_t kMaxSipHeaders = 256;
inline constexpr size_t kMaxSipLine = 16'384;  // folded lines counted together

enum class SipMethod : uint8_t { other, invite, ack, bye, cancel, refer, update, registration };

// "Ann" <sip:+4930123@pbx:5060;user=phone>;tag=a7 taken apart. Empty what is not told.
struct SipParty {
  std::string_view user;  // up to the '@' and without a password; the number of a tel: URI
  std::string_view tag;
};
SipParty parse_sip_party(std::string_view value);
// The value of ";name=" behind a URI: "a7" of `tag`. Names in any case; quotes are taken off.
std::string_view sip_parameter(std::string_view value, std::string_view name);

struct SipMessage {
  uint16_t status = 0;   // of a response; 0 = a request
  SipMethod method{};    // of a response: what it answers, by its CSeq
  std::string_view uri;  // of a request
  uint32_t cseq = 0;
  std::string_view call_id;
  SipParty from, to;
  std::string_view asserted;  // P-Asserted-Identity, else Remote-Party-ID: the caller as the PBX believes it
  std::string_view contact, refer_to, replaces, reason, content_type;
  std::string_view correlation;  // X-CID and its like, Session-ID, the icid of P-Charging-Vector: names the other leg
                                 // or the whole call
  std::optional<uint32_t> session_expires;  // seconds (RFC 4028)
  std::string_view body;
  bool cut = false;  // the body is shorter than its Content-Length
  bool request() const { return status == 0; }
};

// True when `bytes` begin as a SIP message does: a request line or a status line of version 2.0, as far as they go.
[[nodiscard]] bool looks_like_sip(std::string_view bytes);

// invalid_input names what is missing, given twice or too long.
Result<SipMessage> parse_sip(std::string_view bytes);

// Where the headers of the message that `bytes` begin with end (behind the empty line); nothing when that has not come
// yet.
std::optional<size_t> sip_header_end(std::string_view bytes);
// Content-Length of complete headers; nothing when it is not told or is no number.
std::optional<size_t> sip_content_length(std::string_view headers);

// The Call-ID that a Replaces header names, or one in a Refer-To ("<sip:7@pbx?Replaces=a%40b%3Bto-tag...>"), with its
// escapes undone; empty when there is none or it is over kMaxSipLine.
std::string replaced_call_id(std::string_view replaces);
std::string replaced_call_id_of(std::string_view refer_to);

// The cause of a Reason header of protocol Q.850 (RFC 3326); nothing for others.
std::optional<uint16_t> q850_cause(std::string_view reason);
// The Q.850 cause that RFC 3398 (8.2.6.1) gives to a final status that is no success.
uint16_t q850_of_status(uint16_t status);

}  // namespace hf::pbx
