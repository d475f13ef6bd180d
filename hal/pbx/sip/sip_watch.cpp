// What ends unseen is given up in time; what has ended is kept a while, so that repetitions do not begin it anew.
#include <algorithm>
#include <map>

#include "hal/pbx/sip/sip_dialogs.hpp"

namespace hf::pbx {

namespace {

// Timers B, F and H of RFC 3261 are 32 s: no repetition comes later.
constexpr Duration kTransaction = std::chrono::seconds(40);
constexpr Duration kCancelled = std::chrono::seconds(8);
constexpr Duration kRinging = std::chrono::hours(1);  // a wait without answer can be played as early media
constexpr Duration kTalk = std::chrono::hours(12);    // without a session timer nothing is said while people talk
constexpr Duration kRefreshGrace = std::chrono::seconds(64);

Time look_again(const Leg& leg) {
  switch (leg.state) {
    case LegState::trying:
      return leg.last + (leg.cancelled ? kCancelled : kTransaction);
    case LegState::ringing:
      return leg.last + (leg.cancelled ? kCancelled : kRinging);
    case LegState::up:
      return leg.last + (leg.refresh ? *leg.refresh + kRefreshGrace : kTalk);
    case LegState::ended:
      return leg.last + kTransaction;
  }
  return leg.last;
}

}  // namespace

// A look that comes too early costs less than to put it off at each message. An ended leg that was looked at already
// waits for the others: its own time is over and must not bring the call back at once.
void SipDialogs::watch(uint64_t id, Time at) {
  Call& call = calls_.at(id);
  Time check = Time::max();
  for (const Leg& leg : call.legs)
    if (const Time next = look_again(leg); next > at) check = std::min(check, next);
  if (check == Time::max()) check = at + std::chrono::seconds(1);
  if (call.check != Time{} && call.check <= check) return;
  if (call.check != Time{}) due_.erase({call.check, id});
  due_.insert({call.check = check, id});
}

void SipDialogs::give_up(Leg& leg, Time at, Out out) {
  if (!leg.cancelled) ++counts_.given_up;
  const bool unanswered = leg.state == LegState::trying;
  if (!leg.transit && !leg.inbound && leg.state != LegState::up)
    tell(out, at,
         DialEnded{leg.id(), leg.cancelled ? DialOutcome::cancelled
                           : unanswered  ? DialOutcome::failed
                                         : DialOutcome::no_answer});
  end_leg(leg,
          leg.cancelled ? std::optional<uint16_t>(16)
          : unanswered  ? std::optional<uint16_t>(102)
                        : std::nullopt,
          at, out);
}

void SipDialogs::check(uint64_t id, Time at, Out out) {
  Call& call = calls_.at(id);
  bool over = true;
  for (Leg& leg : call.legs) {
    const bool late = look_again(leg) <= at;
    over &= !leg.live() && late;
    if (leg.live() && late) give_up(leg, at, out);
  }
  if (over)
    calls_.erase(id);
  else
    watch(id, at);
}

void SipDialogs::picture(Time at, Out out) const {
  std::map<std::pair<Time, std::string>, const Leg*> live;  // in an order that means something
  for (const auto& [id, call] : calls_)
    for (const Leg& leg : call.legs)
      if (leg.live() && !leg.transit) live.insert({{leg.begun, leg.id()}, &leg});
  tell(out, at, ResyncStarted{ResyncScope::channels});
  for (const auto& [key, leg] : live) {
    ChannelSeen seen{leg->id(), leg->linked(), leg->device, leg->dialled, context_of(*leg), {}, {}, ChannelState::down,
                     at - leg->begun, leg->caller, {}};
    if (leg->state == LegState::up)
      seen.state = ChannelState::up;
    else if (leg->state == LegState::ringing)
      seen.state = ChannelState::ringing;
    if (leg->bridged) seen.bridge = leg->origin == leg->ref ? leg->id() : leg->linked();
    tell(out, at, std::move(seen));
  }
  tell(out, at, ResyncEnded{ResyncScope::channels});
}

void SipDialogs::advance(Time at, Out out) {
  while (!due_.empty() && due_.begin()->first <= at) {
    const uint64_t id = due_.begin()->second;
    due_.erase(due_.begin());
    calls_.at(id).check = Time{};
    check(id, at, out);
  }
}

}  // namespace hf::pbx
