// One leg of a call as SIP shows it: an INVITE dialog between the PBX and a far end, and what is remembered of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/sip/packet_address.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

struct LegRef {  // a leg by its Call-ID (keyed hash) and its place among those with the same one
  uint64_t call = 0;
  uint8_t place = 0;
  std::string name() const;  // "sip-00a1b2c3d4e5f607", ".1" behind it for the second leg of the same Call-ID
  bool operator==(const LegRef&) const = default;
};

enum class LegState : uint8_t { trying, ringing, up, ended };

struct Leg {
  LegRef ref;
  std::string device, dialled;
  uint64_t caller = 0;  // pseudonym of the caller's number
  std::string from_tag, to_tag;
  Endpoint pbx, far;
  bool inbound = false;  // the far end began it
  bool phone = false;    // the far end is a registered phone
  bool transit = false;  // another hop of a call that is followed already: it says nothing new
  LegState state = LegState::trying;
  uint32_t cseq = 0;  // of the INVITE that began it, or its repetition with credentials
  std::array<uint64_t, 3>
      numbers{};  // keys of the caller's number as From and as asserted, and of what was dialled; 0 = none
  uint64_t correlation = 0;
  LegRef origin;                 // the leg that began the call; itself when it did, or when none is known
  std::vector<LegRef> partners;  // legs that were dialled for it
  bool bridged = false;
  bool held = false;  // its far end holds the other side
  bool cancelled = false;
  bool sounded = false;  // how it sounded is told already, or is not followed
  struct Offer {  // of new media or a transfer, until it is answered
    uint32_t cseq = 0;
    bool held = false;
  };
  std::optional<Offer> offer;
  struct Refer {
    uint32_t cseq = 0;
    std::string extension;
    std::optional<uint64_t> replaces;
  };
  std::optional<Refer> refer;
  std::optional<Duration> refresh;  // session timer (RFC 4028)
  Time begun{}, last{};
  bool live() const { return state != LegState::ended; }
  // As events name it, and the leg that began its call. Made when they are told: a leg is asked for more often.
  std::string id() const { return ref.name(); }
  std::string linked() const;
};

}  // namespace hf::pbx
