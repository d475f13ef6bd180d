// How the legs of calls sounded: media from SDP, reports from RTCP. Told with the leg's end; when it is the leg that
// began the call, for all legs of it, so that nothing comes behind the end of the call.
#include "hal/pbx/sip/sip_dialogs.hpp"

namespace hf::pbx {

// From and To are the request's in a response too.
void SipDialogs::take_media(const Context& c, Leg& leg, const SipMedia& media) {
  if (!media.present || leg.transit || leg.sounded || !leg.live()) return;
  const bool by_pbx = by_far_end(c, leg) != c.m.request();
  if (voice_.media(leg.ref, by_pbx, media)) return;
  leg.sounded = true;
  ++counts_.unheard;
}

// Where the INVITE offered nothing, the ACK answers the offer of the 200.
void SipDialogs::acknowledged(const Context& c) {
  if (c.m.body.empty()) return;
  const SipMedia media = sip_media(c.m);
  for (Leg* leg : legs_of(c)) take_media(c, *leg, media);
}

void SipDialogs::heard(const Endpoint& from, const Endpoint& to, std::string_view call_id,
                       std::span<const RtcpHeard> reports) {
  if (reports.empty()) return;
  counts_.reports += reports.size();
  if (!voice_.on(from, to, reports) && !heard_by_name(from, to, call_id, reports))
    counts_.stray_reports += reports.size();
}

// Media may flow past the addresses that SDP named (a relay, NAT at both ends), yet mostly from machines that SIP knows.
bool SipDialogs::heard_by_name(const Endpoint& from, const Endpoint& to, std::string_view call_id,
                               std::span<const RtcpHeard> reports) {
  const Leg* leg = call_id.empty() ? nullptr : live_leg(hash(call_id));
  if (leg == nullptr || leg->pbx.ip == leg->far.ip) return false;
  const bool pbx = from.ip == leg->pbx.ip || to.ip == leg->far.ip, far = from.ip == leg->far.ip || to.ip == leg->pbx.ip;
  if (pbx == far) return false;
  voice_.on(leg->ref, pbx, reports);
  return true;
}

void SipDialogs::tell_sound(Leg& leg, Time at, Out out) {
  if (leg.origin == leg.ref)
    for (const LegRef& ref : leg.partners)
      if (Leg* partner = find(ref); partner != nullptr && partner->live() && partner->origin == leg.ref)
        tell_sound(*partner, at, out);
  leg.sounded = true;
  voice_.end(leg.ref, at, out);
}

}  // namespace hf::pbx
