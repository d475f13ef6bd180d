// A call after the answer, and the caller's own end of a wait.
#include <utility>

#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

void SimWorld::bridge_up(SimCall& c) {
  c.bridge = new_bridge();
  c.talk_from = emit(BridgeEntered{c.leg, c.truth.id, c.bridge, 1});
  emit(BridgeEntered{c.truth.id, c.truth.id, c.bridge, 2});
  c.talking = true;
}

void SimWorld::bridge_down(SimCall& c, bool leg_first) {
  emit(BridgeLeft{leg_first ? c.leg : c.truth.id, c.truth.id, c.bridge});
  c.truth.talk += emit(BridgeLeft{leg_first ? c.truth.id : c.leg, c.truth.id, c.bridge}) - c.talk_from;
  c.talking = false;
}

void SimWorld::hold_begins(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer || !c->talking) return;
  c->on_hold = true;
  c->on_hold_from = emit(HoldStarted{c->leg, c->truth.id});
  start_music(*c);
  in(std::min(c->random.uniform(10, 45), c->talk_s * 0.35), &SimWorld::hold_ends, number, offer);
}

void SimWorld::hold_ends(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer || !std::exchange(c->on_hold, false)) return;
  c->truth.hold += emit(HoldEnded{c->leg, c->truth.id}) - c->on_hold_from;
  stop_music(*c);
}

void SimWorld::member_done(SimCall& c, TalkEnd end) {
  using std::chrono::floor;
  using std::chrono::seconds;
  emit(MemberDone{c.truth.id, c.truth.queue, device(*c.agent), c.leg, floor<seconds>(*c.truth.connected - c.joined),
                  floor<seconds>(last_at_ - c.talk_from), end});
  c.by_queue = false;
}

// A blind transfer to a colleague who is free: the queue's part of the call ends here, the caller's does not.
void SimWorld::transfer(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer || !c->talking || c->on_hold) return;
  const size_t from = *c->agent;
  std::optional<size_t> to;
  for (size_t agent = 0; agent < agents_.size() && !to; ++agent)
    if (agent != from && could_take(agent) && !agents_[agent].refuses) to = agent;
  if (!to) return;
  const std::string extension = o_.site.agents[*to].extension;
  emit(Transferred{TransferKind::blind, c->leg, c->truth.id, "", extension});
  member_done(*c, TalkEnd::transfer);
  bridge_down(*c, true);
  hang_up(c->leg, c->truth.id, 16);
  release(from, true);
  dialplan(*c, StepKind::dial, "from-phones");
  begin_leg(*c, *to);
  set_activity(*to, SimActivity::private_call);
  emit(ChannelStateChanged{c->leg, ChannelState::ringing});
  show_agent(*to);
  in(c->random.uniform(1.5, 5.0), &SimWorld::transfer_answered, number, c->offers);
}

void SimWorld::transfer_answered(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer) return;
  emit(ChannelStateChanged{c->leg, ChannelState::up});
  emit(DialEnded{c->leg, DialOutcome::answered});
  bridge_up(*c);
  in(c->random.uniform(30, 120), &SimWorld::finish, number, offer);
}

void SimWorld::finish(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer || !c->talking) return;
  hold_ends(number, offer);
  const bool by_agent = c->random.chance(0.6);
  const size_t agent = *c->agent;
  const bool queue_call = c->by_queue;
  emit(HangupRequested{by_agent ? c->leg : c->truth.id, HangupSide::far_end});
  if (queue_call) member_done(*c, by_agent ? TalkEnd::agent : TalkEnd::caller);
  bridge_down(*c, by_agent);
  emit(HangupRequested{by_agent ? c->truth.id : c->leg, HangupSide::pbx});
  hang_up(c->leg, c->truth.id, 16);
  hang_up(c->truth.id, c->truth.id, 16);
  close(*c, SimOutcome::answered);
  release(agent, queue_call);
}

void SimWorld::abandon(SimCall& c) {
  emit(HangupRequested{c.truth.id, HangupSide::far_end});
  if (c.agent) cancel_ring(c);
  if (!c.queue.empty()) emit(QueueAbandoned{c.truth.id, c.queue, std::chrono::floor<std::chrono::seconds>(last_at_ - c.joined)});
  stop_music(c);
  if (!c.queue.empty()) {
    leave_queue(c);
    emit(HangupRequested{c.truth.id, HangupSide::pbx});
  }
  hang_up(c.truth.id, c.truth.id, 16);
  close(c, SimOutcome::abandoned);
}

}  // namespace hf::pbx
