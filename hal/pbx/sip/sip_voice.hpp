// How legs of calls sounded: reports of sound (RTCP) tied to the leg whose SDP named the address that they come from
// or go to. In: what each side of a leg says of its media, reports with their ends. Out: one VoiceHeard for each side
// that reported, when the leg is over. Pure. Either end of a packet will do: behind NAT reports come from elsewhere
// than SDP said, but go where the other side said. With direct media the PBX passes one phone's address on to the
// other: who named it as his own keeps it. Bounded: kMaxLegs, kMaxEnds of each; what is over is forgotten at once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/sip/rtcp_quality.hpp"
#include "hal/pbx/sip/sip_leg.hpp"
#include "hal/pbx/sip/sip_sdp.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

class SipVoice {
 public:
  static constexpr size_t kMaxLegs = 50'000;
  static constexpr size_t kMaxEnds = 8;  // that one leg named; the oldest go

  explicit SipVoice(const SipKey& key) : key_(key) {}

  // The PBX's side of a leg or its far end says where it takes sound. False when kMaxLegs are followed already.
  bool media(const LegRef& leg, bool by_pbx, const SipMedia& media);
  // Reports that one end sent to the other; false when no leg named either.
  bool on(const Endpoint& from, const Endpoint& to, std::span<const RtcpHeard> reports);
  // The same, where the leg and the listener are known otherwise.
  void on(const LegRef& leg, bool by_pbx, std::span<const RtcpHeard> reports);
  // The leg is over: what was reported of it is told, and forgotten.
  void end(const LegRef& leg, Time at, std::vector<CallEvent>& out);

  size_t legs() const { return talks_.size(); }
  size_t ends() const { return ends_.size(); }

 private:
  // By keyed hashes: Call-IDs and addresses are strangers' words.
  struct End {
    uint64_t leg = 0;
    bool by_pbx = false;
  };
  struct Talk {
    std::vector<uint64_t> ends;
    RtcpSum far, pbx;
    uint32_t clock = RtcpQuality::kClock;
    bool encrypted = false;
  };
  // No two legs have the same but by a chance of one in 2^64: the Call-ID's is a keyed hash.
  static uint64_t key_of(const LegRef& leg) { return leg.call + leg.place; }
  uint64_t key_of(const Endpoint& end) const;
  void name(Talk& talk, uint64_t leg, bool by_pbx, const Endpoint& end);
  void add(uint64_t leg, bool by_pbx, std::span<const RtcpHeard> reports);

  SipKey key_;
  std::unordered_map<uint64_t, Talk> talks_;
  std::unordered_map<uint64_t, End> ends_;
};

}  // namespace hf::pbx
