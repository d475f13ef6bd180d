// SIP dialogs become CallEvents: the whole SIP tap without packets. In: parsed messages with their ends and times, in
// order. Out: events. Pure: a clock, a thread or a socket are nowhere. One dialog = one channel; the legs of one call
// are joined through the PBX (B2BUA) by what it tells: a header that names the other leg, else the caller's number,
// else, where the PBX passes no numbers, the oldest caller who waits (sip_join.cpp). Repeated and duplicated messages
// change nothing. A second hop of the same dialog (a proxy between provider and PBX) is followed silently; only a
// registered phone behind a proxy is a leg. Bounded: kMaxCalls Call-IDs; when they are used up new calls are not
// followed, and counted. What ends unseen is given up in time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/sip/sip_leg.hpp"
#include "hal/pbx/sip/sip_message.hpp"
#include "hal/pbx/sip/sip_places.hpp"
#include "hal/pbx/sip/sip_voice.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

struct SipCounts {
  uint64_t messages = 0, malformed = 0;
  uint64_t unknown = 0;   // of dialogs whose beginning was not seen
  uint64_t repeated = 0;  // INVITEs seen more than once
  uint64_t foreign = 0;   // calls that touch none of the PBX's told addresses, or run between two of them
  uint64_t refused = 0;   // calls beyond kMaxCalls
  uint64_t legs = 0, by_header = 0, by_number = 0, guessed = 0, unjoined = 0;
  uint64_t given_up = 0;  // legs whose end was not seen
  uint64_t unheard = 0;   // legs beyond SipVoice::kMaxLegs
  uint64_t reports = 0, stray_reports = 0;  // of sound; those that no leg is known for
};

class SipDialogs {
 public:
  static constexpr size_t kMaxCalls = 50'000;
  static constexpr size_t kMaxLegs = 16;      // with one Call-ID
  static constexpr size_t kMaxPartners = 64;  // dialled for one caller

  // `site_key` makes numbers into pseudonyms. `pbx`: its addresses; empty = learnt.
  SipDialogs(const SipKey& site_key, std::vector<Endpoint> pbx)
      : key_(site_key), places_(std::move(pbx)), voice_(site_key) {}

  void on(const SipMessage& message, const Endpoint& from, const Endpoint& to, Time at, std::vector<CallEvent>& out);
  // Reports of sound that one end sent to the other. `call_id`: of the call, where the sender of a capture names it.
  void heard(const Endpoint& from, const Endpoint& to, std::string_view call_id, std::span<const RtcpHeard> reports);
  // Gives up what has ended unseen. To be called now and then; costs nothing when nothing is due.
  void advance(Time at, std::vector<CallEvent>& out);

  // ResyncStarted, the legs that live, ResyncEnded: the full picture after a gap.
  void picture(Time at, std::vector<CallEvent>& out) const;

  const SipCounts& counts() const { return counts_; }
  void count_malformed() { ++counts_.malformed; }
  size_t calls() const { return calls_.size(); }  // Call-IDs that are remembered, ended ones for a while
  size_t open_legs() const { return open_; }
  size_t phones() const { return places_.phones(); }
  const SipVoice& voice() const { return voice_; }

 private:
  using Out = std::vector<CallEvent>&;
  struct Context {  // of one message
    const SipMessage& m;
    const Endpoint& from;
    const Endpoint& to;
    Time at;
    Out out;
    uint64_t call;
  };
  struct Call {
    std::vector<Leg> legs;
    Time check{};  // when it is looked at again, at the latest
  };

  // sip_dialogs.cpp: requests, and beginnings and ends of legs
  void request(const Context& c);
  void invite(const Context& c);
  void begin_leg(const Context& c);
  Leg make_leg(const Context& c, PbxSide side, uint8_t place) const;
  void settle_origin(const Context& c, Leg& leg);
  void describe(const Context& c, Leg& leg) const;
  void again(const Context& c, Leg& leg);
  void in_dialog(const Context& c, Leg& leg);
  void hang_up(const Context& c, Leg& leg);
  void end_leg(Leg& leg, std::optional<uint16_t> cause, Time at, Out out);
  static bool by_far_end(const Context& c, const Leg& leg) { return (c.m.from.tag == leg.from_tag) == leg.inbound; }

  // sip_sound.cpp: how legs sounded
  void take_media(const Context& c, Leg& leg, const SipMedia& media);
  void acknowledged(const Context& c);
  bool heard_by_name(const Endpoint& from, const Endpoint& to, std::string_view call_id,
                     std::span<const RtcpHeard> reports);
  void tell_sound(Leg& leg, Time at, Out out);

  // sip_watch.cpp: what ends unseen, and what is kept for repetitions
  void watch(uint64_t id, Time at);
  void check(uint64_t call, Time at, Out out);
  void give_up(Leg& leg, Time at, Out out);

  // sip_replies.cpp: responses
  void response(const Context& c);
  void reply(const Context& c, Leg& leg);
  void answered(const Context& c, Leg& leg);
  void refused(const Context& c, Leg& leg);
  void changed(const Context& c, Leg& leg);
  void transferred(const Context& c, Leg& leg);
  void enter_bridge(Leg& leg, Time at, Out out);
  void leave_bridge(Leg& leg, Time at, Out out);
  Leg* partner_of(const Leg& caller);

  // sip_join.cpp: which call a leg belongs to
  uint64_t number_key(std::string_view user) const;
  Leg* origin_for(const Leg& leg);
  Leg* by_header(const Leg& leg);
  Leg* by_number(const Leg& leg);
  Leg* guess(const Leg& leg);
  void join(Leg& leg, Leg& origin);
  void offer(const Leg& leg);
  void withdraw(const Leg& leg);

  static std::string context_of(const Leg& leg) { return std::string(leg.phone ? kPhoneContext : ""); }
  const std::vector<Leg*>& legs_of(const Context& c);
  Leg* find(const LegRef& ref);
  Leg* live_leg(uint64_t call);
  uint64_t hash(std::string_view text) const { return siphash24(key_, text); }
  template <class Body>
  static void tell(Out out, Time at, Body body) {
    out.push_back(CallEvent{at, {}, std::move(body)});
  }

  SipKey key_;
  SipPlaces places_;
  SipVoice voice_;
  SipCounts counts_;
  size_t open_ = 0;
  std::unordered_map<uint64_t, Call> calls_;  // walked over by picture() alone, which sorts
  std::set<std::pair<Time, uint64_t>> due_;
  std::set<std::tuple<uint64_t, Time, uint64_t>> callers_;  // number, beginning and Call-ID of legs that began a call
  std::map<uint64_t, LegRef> correlated_;                   // the same by what they are correlated with
  std::set<std::pair<Time, uint64_t>> waiting_;  // the same, begun from outside and not bridged: the oldest first
  std::vector<Leg*> found_;                      // scratch of legs_of()
};

}  // namespace hf::pbx
