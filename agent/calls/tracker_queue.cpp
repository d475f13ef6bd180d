// Queues and members.
#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {
constexpr size_t kMaxQueues = 2'000;
constexpr uint32_t kAnswersRemembered = 500;
// A source that shows queues only: the dialplan has the caller, who may join the next queue or be gone.
constexpr Duration kLimbo = std::chrono::minutes(10);
}  // namespace

void Tracker::State::know_queue(const std::string& queue) {
  if (queues.size() < kMaxQueues && queues.insert(queue).second) ++link_version;
}

// A caller whom we saw from the start, and who joined no queue.
bool Tracker::State::odd_without_stint(const CallBook::Entry& call) {
  return call.call->stints.empty() && call.call->arrival_seen && !call.call->half_seen;
}

void Tracker::State::on(const pbx::QueueJoined& e, Time t, Out out) {
  know_queue(e.queue);
  const auto call = call_of_queue_event(e.channel, t, t, out);
  if (!call) return;
  const auto& stints = call.call->stints;
  const bool waits = !stints.empty() && stints.back().end == StintEnd::waiting && stints.back().queue == e.queue;
  if (waits && !call.life->left_at && !call.call->half_seen) ++odd.joined_twice;
  calls.join(call, e.queue, t, out);
}

void Tracker::State::on(const pbx::QueueLeft& e, Time t, Out out) {
  agents.call_left(e.channel, false, t, out);
  const auto call = calls.find(e.channel);
  if (!call) return;
  if (odd_without_stint(call)) ++odd.left_unjoined;
  calls.left_silently(call, t);
}

// Sent for a caller who hung up and for a queue's time-out alike. Who hangs up asks for it before; a PBX that stops
// asks for it too.
void Tracker::State::on(const pbx::QueueAbandoned& e, Time t, Out out) {
  agents.call_left(e.channel, false, t, out);
  const auto call = calls.find(e.channel);
  if (!call) return;
  call.life->left_at.reset();
  if (!call.life->channel_told) {
    calls.leave(call, StintEnd::abandoned, t, out);
    calls.end(e.channel, t, out);
    return;
  }
  const bool by_far_end = call.life->hangup == pbx::HangupSide::far_end;
  calls.leave(call,
              by_far_end          ? StintEnd::abandoned
              : call.life->hangup ? StintEnd::refused
                                  : StintEnd::timeout,
              t, out);
}

void Tracker::State::on(const pbx::QueueExited& e, Time t, Out out) {
  const auto call = calls.find(e.channel);
  if (!call) return;
  calls.exited(call, e.reason, t, out);
  const bool in_limbo = !call.life->channel_told && !call.call->connected;  // an answered caller is in a talk
  if (in_limbo && e.reason != pbx::QueueExit::continues) calls.set_due(call, Due::limbo, t + kLimbo);
}

// `device` is an agent's phone: its calls are no customers'. Channels that it has already are told to the agents' book.
void Tracker::State::know_trunk(const std::string& device, Time t, Out out) {
  agents.drop_agent(device);
  settle(t, out);
}

void Tracker::State::know_phone(const std::string& device, bool guessed, Time t, Out out) {
  if (devices.add_phone(device, guessed) || is_artificial(device)) return;
  agents.add_agent(device);
  for (const auto& [id, channel] : channels) {
    if (channel.device != device) continue;
    devices.saw_channel(device, channel.context);
    agents.leg_started(id, device, !channel.begins, t, out);
    if (channel.up) agents.leg_up(id, device, channel.linked, t, out);
  }
  settle(t, out);
}

void Tracker::State::on(const pbx::MemberState& e, Time t, Out out) {
  know_queue(e.queue);
  know_phone(e.device.empty() ? e.member : e.device, false, t, out);
  agents.member(e, t, out);
}

void Tracker::State::on(const pbx::MemberRemoved& e, Time t, Out out) { agents.removed(e.queue, e.member, t, out); }

void Tracker::State::on(const pbx::MemberOffered& e, Time t, Out out) {
  if (const auto leg = channels.find(e.leg); leg != channels.end()) know_phone(leg->second.device, false, t, out);
  agents.offered(e, t, out);
}

void Tracker::State::on(const pbx::MemberMissed& e, Time t, Out out) {
  OfferMissed missed = agents.missed(e, t, out);
  if (const auto call = calls.find(e.channel)) ++call.call->missed_offers;
  out.push_back({t, std::move(missed)});
}

void Tracker::State::learn_queue(const Call& call, const std::string& queue) {
  if (call.line.empty()) return;
  auto& counts = answered_by[call.line];
  if (++counts[queue] < kAnswersRemembered) return;
  for (auto& [name, count] : counts) count /= 2;  // a line that is pointed elsewhere is learnt anew
}

void Tracker::State::on(const pbx::MemberConnected& e, Time t, Out out) {
  const auto call = call_of_queue_event(e.channel, t - e.queue_wait.value_or(Duration{}), t, out);
  const std::string agent = agents.connected(e, t, out);
  if (!call) return;
  if (odd_without_stint(call)) ++odd.left_unjoined;
  if (call.call->stints.empty())
    calls.join(call, e.queue, std::max(call.call->arrived, t - e.queue_wait.value_or(Duration{})), out);
  learn_queue(*call.call, e.queue);
  calls.connect(call, e.queue, agent, e.name, t, out);
}

void Tracker::State::on(const pbx::MemberDone& e, Time t, Out out) {
  const std::string id = agents.done(e, t, out);
  const auto call = calls.find(id);
  if (!call) return;
  call.call->talk_end = e.end;
  if (call.life->channel_told) return;
  if (e.end == pbx::TalkEnd::transfer) ++call.call->transfers;
  calls.end(id, t, out);
}

}  // namespace hf::calls
