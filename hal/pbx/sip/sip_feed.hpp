// What a SIP tap, a HEP sender or a packet capture has seen: SIP messages and RTCP packets become events and figures of
// quality. Pure. The one path behind all three. What it cannot know: who is an agent, who is free, what a queue is
// called, and why a caller waits: it sees when a call came, when the PBX took it, when a phone rang, who answered,
// hold, transfer and the end; and how it sounded, where phones or PBX report it by RTCP that passes the same way.
#pragma once

#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/sip/rtcp_quality.hpp"
#include "hal/pbx/sip/sip_dialogs.hpp"

namespace hf::pbx {

// What all sources of SIP can and cannot know; kind and address are the source's.
Description sip_description();

class SipFeed {
 public:
  SipFeed(const SipKey& site_key, std::vector<Endpoint> pbx) : dialogs_(site_key, std::move(pbx)) {}

  // One SIP message; one that cannot be read is counted.
  void sip(std::string_view message, const Endpoint& from, const Endpoint& to, Time at, std::vector<CallEvent>& out);
  // One RTCP packet. `call_id`: of the call that it belongs to, where a HEP sender names it.
  void rtcp(std::string_view packet, const Endpoint& from, const Endpoint& to, Time at,
            std::string_view call_id = {});
  void advance(Time at, std::vector<CallEvent>& out) { dialogs_.advance(at, out); }

  // A full picture of the legs that live, as after a gap: ResyncStarted to ResyncEnded.
  void picture(Time at, std::vector<CallEvent>& out) const { dialogs_.picture(at, out); }
  // What an admin should know of how legs are joined and what is missing; empty when all is well.
  std::string words() const;

  const SipCounts& counts() const { return dialogs_.counts(); }
  const RtcpQuality& quality() const { return quality_; }
  const SipVoice& voice() const { return dialogs_.voice(); }
  size_t calls() const { return dialogs_.calls(); }
  size_t open_legs() const { return dialogs_.open_legs(); }

 private:
  SipDialogs dialogs_;
  RtcpQuality quality_;
};

}  // namespace hf::pbx
