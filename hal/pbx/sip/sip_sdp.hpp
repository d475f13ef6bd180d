// What the session description (RFC 8866) in a SIP message says of the sound. Pure; nothing is copied. In: a message.
// Out: whether its sender holds the other side, and where it takes reports of the sound (RTCP). Of several streams the
// first of audio that is wanted counts. A host by name, and ICE's candidates, are not followed.
#pragma once

#include <optional>

#include "hal/pbx/sip/packet_address.hpp"
#include "hal/pbx/sip/sip_message.hpp"

namespace hf::pbx {

struct SipMedia {
  bool present = false;
  bool held =
      false;  // the sender hears nothing of the other: sendonly, inactive, or the address 0.0.0.0 of older phones
  std::optional<Endpoint> rtcp;   // as a=rtcp says (RFC 3605), else the port behind that of the sound
  std::optional<Endpoint> muxed;  // that of the sound itself, where a=rtcp-mux offers it too (RFC 5761)
  bool encrypted = false;         // SRTP: what its reports say cannot be read
  uint32_t clock = 8'000;         // units a second of the first codec's times
};
SipMedia sip_media(const SipMessage& message);

}  // namespace hf::pbx
