// Channels, bridges, music and hold: what a call does before, beside and after the queue.
#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {

constexpr size_t kMaxChannels =
    100'000;  // Hangup events that never came must not fill the memory; pictures clear them out
constexpr size_t kMaxLines = 10'000;
// A channel that nobody knows and that is alone for so long waits for somebody: it is no phone trying a number.
constexpr Duration kUnsure = std::chrono::seconds(45);
// After the link came up, ends of channels from before may come.
constexpr Duration kSettled = std::chrono::minutes(1);

}  // namespace

// Unknown origin: kept aside until its device is known as a trunk or a phone, or until it joins a queue.
CallBook::Entry Tracker::State::begin_call(const std::string& id, const Channel& channel, const std::string& dialled,
                                           pbx::CallerKey caller, Time arrived, bool seen, Time t, Out out) {
  const Origin origin = devices.origin(channel.device, channel.context, dialled);
  Call call;
  call.id = id, call.line = dialled, call.caller = caller, call.arrived = arrived, call.arrival_seen = seen;
  Life life;
  life.channel_told = true;
  life.device = channel.device, life.context = channel.context;
  // What the PBX itself dials out (click to call, a dialler) begins at "s" too, and is told from an analogue line by
  // not ringing at once.
  life.announced = origin == Origin::outside && !dialled.empty() && dialled != "s";
  const auto e = calls.begin(std::move(call), std::move(life), t, out);
  if (origin == Origin::unknown && !dialled.empty() && dialled != "s") calls.set_due(e, Due::unsure, t + kUnsure);
  if (e.life->announced && lines.size() < kMaxLines) lines.insert(dialled);
  return calls.find(id);
}

// The call of an event that only a caller in a queue can have. One whose channel was never seen begins here.
CallBook::Entry Tracker::State::call_of_queue_event(const std::string& id, Time arrived, Time t, Out out) {
  if (id.empty()) return {};
  if (const auto e = calls.find(id)) {
    if (!e.life->announced) {
      if (devices.is_phone(e.life->device))
        e.call->line.clear();  // a colleague who calls the queue: waits like all, on no line
      if (devices.joined_queue(e.life->device, e.life->context)) know_trunk(e.life->device, t, out);
      calls.announce(id, t, out);
      if (const auto now_open = calls.find(id); !now_open.call->line.empty() && lines.size() < kMaxLines)
        lines.insert(now_open.call->line);
    }
    return calls.find(id);
  }
  Call call;
  call.id = id, call.arrived = arrived, call.arrival_seen = false;
  Life life;
  life.announced = true;
  life.channel_told = link.source.channel_events;
  if (life.channel_told && channels.size() < kMaxChannels)
    channels.try_emplace(id, Channel{id, {}, {}, {}, true, true});
  return calls.begin(std::move(call), std::move(life), t, out);
}

void Tracker::State::settle(Time t, Out out) {
  calls.settle(
      [this](const Life& life, const Call& call) {
        return !call.line.empty() && call.line != "s" &&
               devices.origin(life.device, life.context, call.line) == Origin::outside;
      },
      t, out);
}

void Tracker::State::on(const pbx::ChannelStarted& e, Time t, Out out) {
  if (channels.size() >= kMaxChannels) return;
  if (picture.telling) picture.seen.insert(e.channel);
  const bool begins = e.linked.empty() || e.linked == e.channel;
  const auto [at, fresh] = channels.try_emplace(e.channel);
  if (!fresh) ++odd.started_twice;
  Channel& channel = at->second =
      Channel{begins ? e.channel : e.linked, e.device, e.context, {}, false, begins};
  devices.saw_channel(e.device, e.context);
  if (begins && !is_artificial(e.device)) {
    if (!e.dialled.empty() && devices.began_call(e.device, e.context, e.caller)) know_trunk(e.device, t, out);
    begin_call(e.channel, channel, e.dialled, e.caller, t, true, t, out);
  } else if (!begins && devices.looks_like_phone(e.device, e.context))
    know_phone(e.device, true, t, out);
  agents.leg_started(e.channel, e.device, !begins, t, out);
}

void Tracker::State::on(const pbx::ChannelStateChanged& e, Time t, Out out) {
  const auto at = channels.find(e.channel);
  if (at == channels.end()) return;
  Channel& channel = at->second;
  if (e.state == pbx::ChannelState::ringing) {
    const auto call = calls.find(e.channel);
    const bool inbound = call && !call.life->announced && call.call->line == "s" && call.call->arrived == t;
    if (inbound && devices.origin(channel.device, channel.context, "s") == Origin::outside)
      calls.announce(e.channel, t, out);
  }
  if (e.state != pbx::ChannelState::up || channel.up) return;
  channel.up = true;
  if (const auto call = calls.find(e.channel); call && !call.call->picked_up) call.call->picked_up = t;
  agents.leg_up(e.channel, channel.device, channel.linked, t, out);
}

void Tracker::State::on(const pbx::ChannelStep& e, Time t, Out out) {
  if (const auto call = calls.find(e.channel)) calls.step(call, e, t, out);
}

void Tracker::State::on(const pbx::MusicStarted& e, Time t, Out) {
  const auto call = calls.find(e.channel);
  if (!call) return;
  if (!call.call->connected) calls.set_self_service(*call.call, false);
  call.life->music = true;
  calls.sum_talk(call, t);
}

void Tracker::State::on(const pbx::MusicStopped& e, Time t, Out) {
  const auto call = calls.find(e.channel);
  if (!call) return;
  call.life->music = false;
  calls.sum_talk(call, t);
}

CallBook::Entry Tracker::State::call_of_leg(const std::string& channel, const std::string& linked) {
  if (const auto call = calls.find(linked)) return call;
  const auto at = channels.find(channel);
  return at == channels.end() ? CallBook::Entry{} : calls.find(at->second.linked);
}

// The agent's phone holds: the caller of the same call waits. A caller who puts the agent on hold is in no wait of
// ours.
void Tracker::State::hold(const std::string& channel, const std::string& linked, bool on, Time t, Out out) {
  if (calls.announced(channel)) return;
  if (const auto at = channels.find(channel); at != channels.end()) agents.hold(at->second.device, channel, on, t, out);
  const auto call = call_of_leg(channel, linked);
  if (!call) return;
  if (on)
    call.life->holders.insert(channel);
  else
    call.life->holders.erase(channel);
  calls.sum_talk(call, t);
}

void Tracker::State::on(const pbx::HoldStarted& e, Time t, Out out) { hold(e.channel, e.linked, true, t, out); }
void Tracker::State::on(const pbx::HoldEnded& e, Time t, Out out) { hold(e.channel, e.linked, false, t, out); }

// Somebody who is with `caller` in the bridge and is no customer: two callers in one parking lot are no talk.
const std::string* Tracker::State::partner_in(const std::string& bridge, const std::string& caller) const {
  const auto at = bridges.find(bridge);
  if (at == bridges.end()) return nullptr;
  for (const std::string& other : at->second) {
    if (other == caller || calls.announced(other)) continue;
    const auto channel = channels.find(other);
    if (channel == channels.end() || !is_artificial(channel->second.device) ||
        channel->second.device.starts_with("Local/"))
      return &other;
  }
  return nullptr;
}

void Tracker::State::watch_bridge(const std::string& bridge, Time t, Out out) {
  const auto at = bridges.find(bridge);
  if (at == bridges.end()) return;
  for (const std::string& member : at->second) {
    const auto call = calls.find(member);
    if (!call) continue;
    const std::string* partner = partner_in(bridge, member);
    const bool in_queue = !call.call->stints.empty() && call.call->stints.back().end == StintEnd::waiting;
    call.life->partner = partner != nullptr;
    if (partner != nullptr && !call.call->connected && !in_queue) {  // dialled directly, without a queue
      const auto channel = channels.find(*partner);
      const std::string device = channel == channels.end() ? std::string{} : channel->second.device;
      calls.connect(call, {}, device, agents.name_of(device), t, out);
    }
    calls.sum_talk(call, t);
  }
}

void Tracker::State::on(const pbx::BridgeEntered& e, Time t, Out out) {
  if (channels.size() >= kMaxChannels && !channels.contains(e.channel)) return;
  Channel& channel = channels[e.channel];
  if (!e.linked.empty()) channel.linked = e.linked;
  if (!channel.bridge.empty() && channel.bridge != e.bridge) leave_bridge(e.channel, t, out);
  channel.bridge = e.bridge;
  bridges[e.bridge].insert(e.channel);
  watch_bridge(e.bridge, t, out);
}

void Tracker::State::leave_bridge(const std::string& id, Time t, Out out) {
  const auto channel = channels.find(id);
  if (channel == channels.end() || channel->second.bridge.empty()) return;
  const std::string bridge = std::exchange(channel->second.bridge, {});
  const auto at = bridges.find(bridge);
  if (at == bridges.end()) return;
  at->second.erase(id);
  if (at->second.empty())
    bridges.erase(at);
  else
    watch_bridge(bridge, t, out);
  const auto call = calls.find(id);
  if (!call) return;
  call.life->partner = false;
  calls.sum_talk(call, t);
}

void Tracker::State::on(const pbx::BridgeLeft& e, Time t, Out out) {
  const auto channel = channels.find(e.channel);
  if (channel != channels.end() && channel->second.bridge == e.bridge) leave_bridge(e.channel, t, out);
}

void Tracker::State::on(const pbx::HangupRequested& e, Time t, Out out) {
  const auto call = calls.find(e.channel);
  if (!call || call.life->hangup) return;
  calls.explain(call, t, out);
  call.life->hangup = e.side;
}

// No way through: not a number that is busy or does not answer.
void Tracker::State::on(const pbx::DialEnded& e, Time, Out) {
  const auto at = channels.find(e.channel);
  if (at == channels.end()) return;
  at->second.dial_failed = e.outcome == pbx::DialOutcome::congestion || e.outcome == pbx::DialOutcome::failed;
}

void Tracker::State::on(const pbx::Transferred& e, Time, Out) {
  auto call = calls.find(e.transferee);
  if (!call) call = call_of_leg(e.transferee, {});
  if (!call) call = call_of_leg(e.transferer, {});
  if (call) ++call.call->transfers;
}

void Tracker::State::end_channel(const std::string& id, Time t, Out out) {
  leave_bridge(id, t, out);
  const auto at = channels.find(id);
  if (at == channels.end()) return;
  agents.leg_ended(id, at->second.device, t, out);
  if (const auto call = calls.find(at->second.linked); call && call.life->holders.erase(id) != 0)
    calls.sum_talk(call, t);
  channels.erase(at);
}

void Tracker::State::on(const pbx::ChannelEnded& e, Time t, Out out) {
  picture.missing.erase(e.channel);
  const auto at = channels.find(e.channel);
  const bool all_seen = link.up && link.source.channel_events && !link.ever_lost && t - link.up_at > kSettled;
  if (at == channels.end()) {
    if (all_seen) ++odd.ended_unknown;
  } else if (devices.is_trunk(at->second.device))
    out.push_back({t, TrunkLegEnded{at->second.device, e.cause, at->second.up, at->second.dial_failed}});
  end_channel(e.channel, t, out);
  if (!calls.find(e.channel)) return;
  agents.call_left(e.channel, true, t, out);
  calls.end(e.channel, t, out);
}

}  // namespace hf::calls
