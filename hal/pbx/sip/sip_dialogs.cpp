#include "hal/pbx/sip/sip_dialogs.hpp"

#include <algorithm>

#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/sip/sip_scan.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kMaxNumber = 64;

bool same_hop(const Leg& leg, const Endpoint& from, const Endpoint& to) {
  if (leg.far.ip != leg.pbx.ip)
    return (from.ip == leg.far.ip && to.ip == leg.pbx.ip) || (from.ip == leg.pbx.ip && to.ip == leg.far.ip);
  return (from == leg.far && to == leg.pbx) || (from == leg.pbx && to == leg.far);
}

// The tags of a message are those of the leg, as far as both are known: a fork that was not answered is another dialog.
bool same_dialog(const Leg& leg, const SipMessage& m) {
  const bool forth = m.from.tag == leg.from_tag, back = m.to.tag == leg.from_tag;
  if (!forth && !back) return false;
  const std::string_view other = forth ? m.to.tag : m.from.tag;
  return other.empty() || leg.to_tag.empty() || other == leg.to_tag;
}

bool is_number(std::string_view user) {
  return !user.empty() && (user[0] == '+' || (user[0] >= '0' && user[0] <= '9'));
}

// What was dialled: the request's own target, unless that is a name (the account of a trunk that registers) and To has
// the number.
std::string dialled(const SipMessage& m) {
  const std::string_view target = parse_sip_party(m.uri).user;
  return clean_text((is_number(target) || !is_number(m.to.user) ? target : m.to.user).substr(0, kMaxNumber));
}

}  // namespace

void SipDialogs::on(const SipMessage& message, const Endpoint& from, const Endpoint& to, Time at, Out out) {
  ++counts_.messages;
  advance(at, out);
  const Context c{message, from, to, at, out, hash(message.call_id)};
  if (message.request())
    request(c);
  else
    response(c);
}

Leg* SipDialogs::find(const LegRef& ref) {
  const auto call = calls_.find(ref.call);
  return call == calls_.end() || ref.place >= call->second.legs.size() ? nullptr : &call->second.legs[ref.place];
}

Leg* SipDialogs::live_leg(uint64_t call) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) return nullptr;
  const auto leg = std::ranges::find_if(found->second.legs, [](const Leg& l) { return l.live() && !l.transit; });
  return leg == found->second.legs.end() ? nullptr : &*leg;
}

// The legs that a message speaks of: that of its hop; where the message takes another way than the call did, all of the
// dialog.
const std::vector<Leg*>& SipDialogs::legs_of(const Context& c) {
  found_.clear();
  const auto call = calls_.find(c.call);
  if (call == calls_.end()) return found_;
  for (Leg& leg : call->second.legs)
    if (same_dialog(leg, c.m) && same_hop(leg, c.from, c.to)) found_.push_back(&leg);
  if (!found_.empty() || (c.m.method == SipMethod::invite && c.m.request() && c.m.to.tag.empty())) return found_;
  for (Leg& leg : call->second.legs)
    if (same_dialog(leg, c.m)) found_.push_back(&leg);
  return found_;
}

void SipDialogs::request(const Context& c) {
  switch (c.m.method) {
    case SipMethod::invite:
      return invite(c);
    case SipMethod::bye:
    case SipMethod::cancel:
    case SipMethod::refer:
    case SipMethod::update:
      break;
    case SipMethod::ack:
      return acknowledged(c);
    case SipMethod::other:
    case SipMethod::registration:
      return;
  }
  const auto& legs = legs_of(c);
  if (legs.empty()) ++counts_.unknown;
  for (Leg* leg : legs) in_dialog(c, *leg);
}

void SipDialogs::invite(const Context& c) {
  const auto& legs = legs_of(c);
  if (!c.m.to.tag.empty()) {
    if (legs.empty()) ++counts_.unknown;
    for (Leg* leg : legs) in_dialog(c, *leg);
  } else if (legs.empty()) {
    begin_leg(c);
  } else {
    for (Leg* leg : legs) again(c, *leg);
  }
}

// Sent again: lost on its way, seen twice by the mirror, or now with the credentials that were asked for.
void SipDialogs::again(const Context& c, Leg& leg) {
  leg.last = c.at;
  if (c.m.cseq > leg.cseq && leg.state < LegState::up) {
    leg.cseq = c.m.cseq;
    take_media(c, leg, sip_media(c.m));
  } else {
    ++counts_.repeated;
  }
}

Leg SipDialogs::make_leg(const Context& c, PbxSide side, uint8_t place) const {
  Leg leg;
  leg.ref = {c.call, place};
  leg.from_tag = c.m.from.tag;
  leg.inbound = side == PbxSide::to;
  leg.pbx = leg.inbound ? c.to : c.from, leg.far = leg.inbound ? c.from : c.to;
  leg.cseq = c.m.cseq;
  leg.numbers = {number_key(c.m.from.user), number_key(parse_sip_party(c.m.asserted).user),
                 number_key(parse_sip_party(c.m.uri).user)};
  if (leg.numbers[2] != 0) ++leg.numbers[2];  // another kind of number: a phone's own is not what is dialled
  leg.correlation = c.m.correlation.empty() ? 0 : hash(c.m.correlation);
  leg.begun = leg.last = c.at;
  return leg;
}

void SipDialogs::begin_leg(const Context& c) {
  const PbxSide side = places_.call(c.from, c.to);
  if (side == PbxSide::neither || side == PbxSide::both) {
    ++counts_.foreign;
    return;
  }
  if (calls_.size() >= kMaxCalls && !calls_.contains(c.call)) {
    ++counts_.refused;
    return;
  }
  Call& call = calls_[c.call];
  if (call.legs.size() >= kMaxLegs) {
    ++counts_.refused;
    return;
  }
  Leg leg = make_leg(c, side, static_cast<uint8_t>(call.legs.size()));
  leg.transit = !call.legs.empty() && (leg.inbound || !places_.is_phone(leg.far));
  if (!leg.transit) settle_origin(c, leg), describe(c, leg), take_media(c, leg, sip_media(c.m));
  const Leg& begun = call.legs.emplace_back(std::move(leg));
  watch(c.call, c.at);
  if (!begun.transit)
    tell(c.out, c.at,
         ChannelStarted{begun.id(), begun.linked(), begun.device, begun.dialled, context_of(begun), begun.caller});
}

// Whose call it is. A leg without any was begun by the PBX itself, or its caller was not seen: its call is told as
// another one's.
void SipDialogs::settle_origin(const Context& c, Leg& leg) {
  leg.origin = leg.ref;
  Leg* origin = nullptr;
  if (leg.ref.place > 0)
    origin = find({c.call, 0});
  else if (!c.m.replaces.empty())
    origin = live_leg(hash(replaced_call_id(c.m.replaces)));
  else if (!leg.inbound)
    origin = origin_for(leg);
  ++counts_.legs, ++open_;
  if (origin != nullptr && find(origin->origin) != nullptr) origin = find(origin->origin);
  if (origin != nullptr && origin->live())
    join(leg, *origin);
  else if (leg.inbound)
    offer(leg);
}

void SipDialogs::describe(const Context& c, Leg& leg) const {
  leg.device = places_.device(leg.far, leg.pbx);
  leg.dialled = dialled(c.m);
  leg.phone = places_.is_phone(leg.far);
  leg.caller = caller_key(key_, parse_sip_party(c.m.asserted).user);
  if (leg.caller == 0) leg.caller = caller_key(key_, c.m.from.user);
}

// Requests within a dialog. What asks for something counts once it is granted.
void SipDialogs::in_dialog(const Context& c, Leg& leg) {
  leg.last = c.at;
  if (c.m.method == SipMethod::bye || c.m.method == SipMethod::cancel) return hang_up(c, leg);
  if (leg.transit) return;
  const SipMedia media = sip_media(c.m);
  take_media(c, leg, media);
  if (leg.state != LegState::up || !by_far_end(c, leg)) return;
  if (c.m.method == SipMethod::refer) {
    leg.refer = Leg::Refer{c.m.cseq, clean_text(parse_sip_party(c.m.refer_to).user.substr(0, kMaxNumber)), {}};
    if (const std::string id = replaced_call_id_of(c.m.refer_to); !id.empty()) leg.refer->replaces = hash(id);
  } else if (media.present) {
    leg.offer = Leg::Offer{c.m.cseq, media.held};
  }
}

// A CANCEL is answered by 487, unless the answer was on its way already; a BYE ends the leg at once.
void SipDialogs::hang_up(const Context& c, Leg& leg) {
  const bool cancel = c.m.method == SipMethod::cancel;
  if (!leg.live() || (cancel && (leg.state == LegState::up || leg.cancelled))) return;
  leg.cancelled = cancel;
  if (!leg.transit)
    tell(c.out, c.at, HangupRequested{leg.id(), by_far_end(c, leg) ? HangupSide::far_end : HangupSide::pbx});
  if (!cancel) end_leg(leg, q850_cause(c.m.reason).value_or(16), c.at, c.out);
  watch(c.call, c.at);
}

void SipDialogs::end_leg(Leg& leg, std::optional<uint16_t> cause, Time at, Out out) {
  leg.state = LegState::ended;
  leg.last = at;
  if (leg.transit) return;
  --open_;
  tell_sound(leg, at, out);
  withdraw(leg);
  leave_bridge(leg, at, out);
  tell(out, at, ChannelEnded{leg.id(), leg.linked(), cause});
}

}  // namespace hf::pbx
