// Responses: what was asked for is granted or refused. And the bridges between the legs of a call.
#include <algorithm>

#include "hal/pbx/sip/sip_dialogs.hpp"

namespace hf::pbx {

namespace {

DialOutcome outcome_of(uint16_t status) {
  switch (status) {
    case 486:
    case 600:
    case 603:
      return DialOutcome::busy;
    case 408:
    case 480:
      return DialOutcome::no_answer;
    case 487:
      return DialOutcome::cancelled;
    default:
      return status >= 500 && status < 600 ? DialOutcome::congestion : DialOutcome::failed;
  }
}

constexpr uint32_t kLeastTimer = 90,
                   kMostTimer = 43'200;  // seconds: RFC 4028's least, and what a leg is kept without a timer

// Asked for again with credentials or another timer: the leg goes on.
bool asks_again(uint16_t status) { return status == 401 || status == 407 || status == 422 || status == 494; }

}  // namespace

void SipDialogs::response(const Context& c) {
  if (c.m.method == SipMethod::registration && c.m.status / 100 == 2)
    return places_.registered(c.from, c.to, c.m.to.user, !c.m.contact.empty(), c.at);
  if (c.m.method != SipMethod::invite && c.m.method != SipMethod::update && c.m.method != SipMethod::refer) return;
  const auto& legs = legs_of(c);
  if (legs.empty()) ++counts_.unknown;
  for (Leg* leg : legs) {
    leg->last = std::max(leg->last, c.at);
    if (c.m.status < 300 && !c.m.body.empty()) take_media(c, *leg, sip_media(c.m));
    reply(c, *leg);
  }
}

void SipDialogs::reply(const Context& c, Leg& leg) {
  const bool of_beginning = c.m.method == SipMethod::invite && c.m.cseq == leg.cseq && leg.state < LegState::up;
  if (!of_beginning) {
    if (leg.state != LegState::up || c.m.status < 200) return;
    const bool gone =
        c.m.method == SipMethod::invite && c.m.cseq > leg.cseq && (c.m.status == 408 || c.m.status == 481);
    if (gone) return end_leg(leg, q850_of_status(c.m.status), c.at, c.out);  // RFC 3261, 12.2.1.2
    changed(c, leg);
    transferred(c, leg);
    return;
  }
  if (c.m.status >= 300) return refused(c, leg);
  if (c.m.status >= 200) return answered(c, leg);
  if (c.m.status == 100 || leg.state != LegState::trying) return;
  leg.state = LegState::ringing;
  if (!leg.transit) tell(c.out, c.at, ChannelStateChanged{leg.id(), ChannelState::ringing});
  watch(c.call, c.at);
}

void SipDialogs::answered(const Context& c, Leg& leg) {
  leg.state = LegState::up;
  leg.to_tag = c.m.to.tag;
  if (c.m.session_expires && *c.m.session_expires >= kLeastTimer && *c.m.session_expires <= kMostTimer)
    leg.refresh = std::chrono::seconds(*c.m.session_expires);
  watch(c.call, c.at);
  if (leg.transit) return;
  tell(c.out, c.at, ChannelStateChanged{leg.id(), ChannelState::up});
  if (!leg.inbound) tell(c.out, c.at, DialEnded{leg.id(), DialOutcome::answered});
  if (!(leg.origin == leg.ref)) enter_bridge(leg, c.at, c.out);
}

void SipDialogs::refused(const Context& c, Leg& leg) {
  if (asks_again(c.m.status)) return;
  if (!leg.transit && !leg.inbound) tell(c.out, c.at, DialEnded{leg.id(), outcome_of(c.m.status)});
  end_leg(leg, q850_cause(c.m.reason).value_or(q850_of_status(c.m.status)), c.at, c.out);
  watch(c.call, c.at);
}

void SipDialogs::changed(const Context& c, Leg& leg) {
  if (!leg.offer || leg.offer->cseq != c.m.cseq || c.m.method == SipMethod::refer) return;
  const bool held = leg.offer->held;
  leg.offer.reset();
  if (c.m.status >= 300 || std::exchange(leg.held, held) == held) return;
  if (held)
    tell(c.out, c.at, HoldStarted{leg.id(), leg.linked()});
  else
    tell(c.out, c.at, HoldEnded{leg.id(), leg.linked()});
}

// The far end of `leg` has passed its partner on. Attended: to the partner of another leg of its own.
void SipDialogs::transferred(const Context& c, Leg& leg) {
  if (!leg.refer || leg.refer->cseq != c.m.cseq || c.m.method != SipMethod::refer) return;
  const Leg::Refer refer = *std::exchange(leg.refer, std::nullopt);
  if (c.m.status >= 300) return;
  Leg* caller = leg.origin == leg.ref ? partner_of(leg) : find(leg.origin);
  if (caller == nullptr) return;
  Transferred told{TransferKind::blind, leg.id(), caller->id(), {}, refer.extension};
  Leg* consult = refer.replaces ? live_leg(*refer.replaces) : nullptr;
  Leg* target = consult == nullptr                ? nullptr
                : consult->origin == consult->ref ? partner_of(*consult)
                                                  : find(consult->origin);
  if (refer.replaces) told.kind = TransferKind::attended, told.extension.clear();
  if (target != nullptr && target->live()) told.target = target->id();
  tell(c.out, c.at, std::move(told));
  const bool joins = target != nullptr && target->live() && target != caller && !(target->origin == target->ref);
  if (!joins || leg.origin == leg.ref) return;
  leave_bridge(*target, c.at, c.out);
  join(*target, *caller);
  enter_bridge(*target, c.at, c.out);
}

Leg* SipDialogs::partner_of(const Leg& caller) {
  for (const LegRef& ref : caller.partners)
    if (Leg* leg = find(ref); leg != nullptr && leg->bridged) return leg;
  return nullptr;
}

void SipDialogs::enter_bridge(Leg& leg, Time at, Out out) {
  Leg* caller = find(leg.origin);
  if (caller == nullptr || !caller->live() || leg.bridged) return;
  if (!std::exchange(caller->bridged, true)) {
    waiting_.erase({caller->begun, caller->ref.call});
    tell(out, at, BridgeEntered{caller->id(), caller->linked(), caller->id(), 0});
  }
  leg.bridged = true;
  tell(out, at, BridgeEntered{leg.id(), caller->id(), caller->id(), 2});
}

// The caller who is left alone waits again.
void SipDialogs::leave_bridge(Leg& leg, Time at, Out out) {
  if (!std::exchange(leg.bridged, false)) return;
  Leg* caller = find(leg.origin);
  const std::string bridge = caller == nullptr ? leg.linked() : caller->id();
  tell(out, at, BridgeLeft{leg.id(), leg.linked(), bridge});
  if (caller == nullptr || caller == &leg || !caller->bridged || partner_of(*caller) != nullptr) return;
  caller->bridged = false;
  tell(out, at, BridgeLeft{caller->id(), caller->linked(), bridge});
}

}  // namespace hf::pbx
