#include "agent/calls/agent_book.hpp"

#include <algorithm>
#include <utility>

namespace hf::calls {

namespace {

constexpr Duration kRefusal = std::chrono::seconds(1);  // a phone on "do not disturb" answers 486 within milliseconds
constexpr uint32_t kRefusalsUntilDeaf = 2, kMissesUntilDeaf = 3;
constexpr size_t kMaxAgents = 40'000;

bool deaf(uint32_t misses, uint32_t refusals) { return refusals >= kRefusalsUntilDeaf || misses >= kMissesUntilDeaf; }

}  // namespace

AgentBook::Agent* AgentBook::agent(const std::string& device) {
  const auto at = agents_.find(device);
  return at == agents_.end() ? nullptr : &at->second;
}

void AgentBook::add_agent(const std::string& device) {
  if (agents_.size() < kMaxAgents) agents_.try_emplace(device);
}

void AgentBook::drop_agent(const std::string& device) {
  const auto at = agents_.find(device);
  if (at != agents_.end() && at->second.memberships.empty()) agents_.erase(at);
}

void AgentBook::leg_started(const std::string& leg, const std::string& device, bool dialled, Time t,
                            std::vector<Change>& out) {
  Agent* a = agent(device);
  if (a == nullptr) return;
  a->legs[leg] = Leg{false, dialled};
  refresh(*a, t, out);
}

// A phone that answers what was dialled to it: the talk begins here, a few milliseconds before the PBX tells of the
// connection. A call that the phone itself began is no talk with a caller; it makes the agent busy, and shows that
// somebody is there.
void AgentBook::leg_up(const std::string& leg, const std::string& device, const std::string& call, Time t,
                       std::vector<Change>& out) {
  Agent* found = agent(device);
  if (found == nullptr) return;
  Agent& a = *found;
  Leg& own = a.legs[leg];
  if (std::exchange(own.up, true)) return;
  a.misses = a.refusals = 0;
  if (own.dialled) {
    Talk talk{call, {}, t, {}, true};
    for (const auto& [rung, offer] : a.offers)
      if (offer.call == call) talk.queue = offer.queue;
    std::erase_if(a.offers, [&](const auto& o) { return o.second.call == call; });
    a.talks.emplace(leg, std::move(talk));
  }
  refresh(a, t, out);
}

void AgentBook::leg_ended(const std::string& leg, const std::string& device, Time t, std::vector<Change>& out) {
  Agent* found = agent(device);
  if (found == nullptr) return;
  Agent& a = *found;
  a.legs.erase(leg);
  a.offers.erase(leg);
  if (const auto talk = a.talks.find(leg); talk != a.talks.end() && talk->second.own_leg) {
    wrap(device, a, talk->second.queue, t);
    end_talk(device, a, leg, t, out);
  }
  refresh(a, t, out);
}

void AgentBook::hold(const std::string& device, const std::string& leg, bool on, Time t, std::vector<Change>& out) {
  Agent* a = agent(device);
  if (a == nullptr) return;
  const auto talk = a->talks.find(leg);
  if (talk == a->talks.end()) return;
  if (on && !talk->second.hold_since) talk->second.hold_since = t;
  if (!on) end_hold(device, *a, talk->second, t, out);
  refresh(*a, t, out);
}

void AgentBook::offered(const pbx::MemberOffered& o, Time t, std::vector<Change>& out) {
  std::string device;
  Agent& a = agent_named(o.queue, o.member, {}, t, device);
  a.offers[o.leg] = {o.channel, o.queue};
  refresh(a, t, out);
}

OfferMissed AgentBook::missed(const pbx::MemberMissed& m, Time t, std::vector<Change>& out) {
  std::string device;
  Agent* a = agent_of(m.queue, m.member, &device);
  if (a == nullptr) return {m.channel, m.queue, m.member, {}, m.rang};
  a->offers.erase(m.leg);
  ++a->misses;
  a->refusals = m.rang < kRefusal ? a->refusals + 1 : 0;
  refresh(*a, t, out);
  return {m.channel, m.queue, device, a->name, m.rang};
}

std::string AgentBook::connected(const pbx::MemberConnected& c, Time t, std::vector<Change>& out) {
  std::string device;
  Agent* a = &agent_named(c.queue, c.member, c.name, t, device);
  a->misses = a->refusals = 0;
  std::erase_if(a->offers, [&](const auto& o) { return o.second.call == c.channel; });
  const auto begun = std::ranges::find_if(a->talks, [&](const auto& talk) {
    return talk.second.call == c.channel && (talk.second.queue == c.queue || talk.second.queue.empty());
  });
  if (begun != a->talks.end())
    begun->second.queue = c.queue;
  else
    a->talks.emplace(c.leg, Talk{c.channel, c.queue, t, {}, a->legs.contains(c.leg)});
  refresh(*a, t, out);
  return device;
}

std::string AgentBook::done(const pbx::MemberDone& d, Time t, std::vector<Change>& out) {
  std::string device, call = d.channel;
  Agent* a = agent_of(d.queue, d.member, &device);
  if (a == nullptr) return call;
  const auto of_it = [&](const auto& talk) {
    return talk.second.queue == d.queue && (d.channel.empty() || talk.second.call == d.channel);
  };
  if (const auto talk = std::ranges::find_if(a->talks, of_it); talk != a->talks.end()) {
    call = talk->second.call;
    end_talk(device, *a, std::string(talk->first), t, out);
  }
  wrap(device, *a, d.queue, t);
  refresh(*a, t, out);
  return call;
}

void AgentBook::call_left(const std::string& call, bool over, Time t, std::vector<Change>& out) {
  for (auto& [device, a] : agents_) {
    const size_t before = a.offers.size() + a.talks.size();
    if (before == 0) continue;
    std::erase_if(a.offers, [&](const auto& o) { return o.second.call == call; });
    for (auto talk = a.talks.begin(); over && talk != a.talks.end();) {
      const auto here = talk++;
      if (here->second.call != call || here->second.own_leg) continue;
      wrap(device, a, here->second.queue, t);
      end_talk(device, a, std::string(here->first), t, out);
    }
    if (a.offers.size() + a.talks.size() != before) refresh(a, t, out);
  }
}

// In the order of what weighs more. Wrap-up stands before the device's state, which lags behind the end of a call by
// milliseconds.
AgentState AgentBook::judge(const Key& key, const Member& m, const Agent& a, Time t) const {
  for (const auto& [leg, talk] : a.talks)
    if (talk.queue == key.first) return talk.hold_since ? AgentState::on_hold : AgentState::talking;
  if (m.paused) return AgentState::paused;
  if (!a.talks.empty() || std::ranges::any_of(a.legs, [](const auto& leg) { return leg.second.up; }))
    return AgentState::busy;
  if (!m.known) return AgentState::unknown;
  if (deaf(a.misses, a.refusals)) return AgentState::not_answering;
  if (!a.offers.empty() || !a.legs.empty()) return AgentState::ringing;
  if (m.wrap_until && *m.wrap_until > t) return AgentState::wrap_up;
  switch (m.device_state) {
    case pbx::DeviceState::not_in_use:
      return m.in_call ? AgentState::busy : AgentState::free;
    case pbx::DeviceState::in_use:
    case pbx::DeviceState::busy:
    case pbx::DeviceState::ring_in_use:
    case pbx::DeviceState::on_hold:
      return AgentState::busy;
    case pbx::DeviceState::ringing:
      return AgentState::ringing;
    case pbx::DeviceState::invalid:
    case pbx::DeviceState::unavailable:
      return AgentState::unavailable;
    case pbx::DeviceState::unknown:
      break;
  }
  return AgentState::unknown;
}

void AgentBook::refresh(Agent& a, Time t, std::vector<Change>& out) {
  for (const Key& key : a.memberships)
    if (const auto m = members_.find(key); m != members_.end()) show(key, m->second, judge(key, m->second, a, t), t, out);
}

// Talks, holds and pauses are told by intervals of their own, since an agent can be paused while talking; all else is
// told here.
void AgentBook::show(const Key& key, Member& m, AgentState state, Time t, std::vector<Change>& out) {
  if (state == m.shown) return;
  const bool own = m.shown == AgentState::talking || m.shown == AgentState::on_hold || m.shown == AgentState::paused ||
                   m.shown == AgentState::logged_out;
  if (!own && t > m.since) out.push_back({t, AgentChanged{{m.agent, m.name, key.first, m.shown, m.since, t}}});
  touch(key.first);
  m.shown = state;
  m.since = t;
}

void AgentBook::end_hold(const std::string& device, const Agent& a, Talk& talk, Time t,
                         std::vector<Change>& out) const {
  if (!talk.hold_since) return;
  if (t > *talk.hold_since)
    out.push_back({t, AgentChanged{{device, a.name, talk.queue, AgentState::on_hold, *talk.hold_since, t}}});
  talk.hold_since.reset();
}

void AgentBook::end_talk(const std::string& device, Agent& a, const std::string& leg, Time t,
                         std::vector<Change>& out) {
  const auto at = a.talks.find(leg);
  if (at == a.talks.end()) return;
  end_hold(device, a, at->second, t, out);
  if (t > at->second.from)
    out.push_back({t, AgentChanged{{device, a.name, at->second.queue, AgentState::talking, at->second.from, t}}});
  a.talks.erase(at);
}

}  // namespace hf::calls
