// Offers, as Asterisk's app_queue makes them: a caller whose turn it is rings one member; when none takes it, the next round is `retry` later.
#include <algorithm>

#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

namespace {

constexpr double kRingLimit = 15.0;
constexpr double kMissed = 0.015;   // of all offers

std::chrono::seconds whole(Duration d) { return std::chrono::floor<std::chrono::seconds>(d); }

}  // namespace

// With no retry (Erlang's model) nobody polls: the next caller is served the moment a member is free.
void SimWorld::poll(uint32_t number, uint32_t stay) {
  SimCall* c = call(number);
  if (c == nullptr || c->stay != stay || c->agent || c->queue != c->truth.queue) return;
  size_t ahead = 0;
  for (const uint32_t other : waiting_[c->queue]) {
    if (other == number) break;
    if (!calls_.at(other).agent) ++ahead;
  }
  const bool my_turn = takers(c->queue).size() > ahead;
  if (my_turn && offer(*c)) return;
  const double retry = seconds(line_of(*c).retry);
  if (retry > 0) in(my_turn ? retry : 1.0, &SimWorld::poll, number, stay);
}

bool SimWorld::offer(SimCall& c) {
  for (const size_t agent : takers(c.queue)) {
    if (!agents_[agent].refuses) {
      ring(c, agent);
      return true;
    }
    refuse(c, agent);
  }
  return false;
}

void SimWorld::begin_leg(SimCall& c, size_t agent) {
  c.agent = agent;
  c.leg = new_channel();
  ++c.offers;
  c.rang_from = emit(ChannelStarted{c.leg, c.truth.id, device(agent), "s", "from-phones", 0});
}

// 486 Busy Here at once: the device never rings, so the PBX goes on showing it as free.
void SimWorld::refuse(SimCall& c, size_t agent) {
  begin_leg(c, agent);
  emit(MemberOffered{c.truth.id, c.queue, device(agent), c.leg});
  emit(HangupRequested{c.leg, HangupSide::far_end});
  emit(DialEnded{c.leg, DialOutcome::no_answer});
  emit(MemberMissed{c.truth.id, c.queue, device(agent), c.leg, Duration{}});
  hang_up(c.leg, c.truth.id, 17);
  c.agent.reset();
}

void SimWorld::ring(SimCall& c, size_t agent) {
  begin_leg(c, agent);
  emit(MemberOffered{c.truth.id, c.queue, device(agent), c.leg});
  emit(ChannelStateChanged{c.leg, ChannelState::ringing});
  set_activity(agent, SimActivity::ringing);
  show_agent(agent);
  if (!o_.site.human) return answer(c.number, c.offers);
  if (c.random.chance(kMissed)) in(kRingLimit, &SimWorld::miss, c.number, c.offers);
  else in(c.random.uniform(1.5, 5.0), &SimWorld::answer, c.number, c.offers);
}

void SimWorld::cancel_ring(SimCall& c) {
  const size_t agent = *c.agent;
  emit(DialEnded{c.leg, DialOutcome::cancelled});
  hang_up(c.leg, c.truth.id, 0);
  c.agent.reset();
  ++c.offers;
  release(agent, false);
}

void SimWorld::miss(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer || !c->agent) return;
  const size_t agent = *c->agent;
  emit(MemberMissed{c->truth.id, c->queue, device(agent), c->leg, from_seconds(kRingLimit)});
  emit(DialEnded{c->leg, DialOutcome::no_answer});
  emit(DialEnded{c->leg, DialOutcome::cancelled});
  hang_up(c->leg, c->truth.id, 0);
  c->agent.reset();
  release(agent, false);
  in(seconds(line_of(*c).retry), &SimWorld::poll, number, c->stay);
}

void SimWorld::leave_queue(SimCall& c) {
  std::erase(waiting_[c.queue], c.number);
  emit(QueueLeft{c.truth.id, c.queue});
  c.queue.clear();
  ++c.stay;
}

void SimWorld::answer(uint32_t number, uint32_t offer) {
  SimCall* c = call(number);
  if (c == nullptr || c->offers != offer || !c->agent) return;
  const size_t agent = *c->agent;
  const std::string queue = c->queue;
  emit(ChannelStateChanged{c->leg, ChannelState::up});
  emit(DialEnded{c->leg, DialOutcome::answered});
  set_activity(agent, SimActivity::talking);
  show_agent(agent);
  stop_music(*c);
  leave_queue(*c);
  const Time at = emit(MemberConnected{c->truth.id, queue, device(agent), o_.site.agents[agent].name, c->leg, whole(last_at_ - c->joined),
                                       whole(last_at_ - c->rang_from)});
  c->truth.connected = at;
  c->truth.agent = device(agent);
  c->by_queue = true;
  record(*c);
  agents_[agent].in_queue_call = true;
  bridge_up(*c);
  show_agent(agent);
  const double talk = c->talk_s;
  if (o_.site.human && c->random.chance(0.08)) in(talk * c->random.uniform(0.3, 0.5), &SimWorld::hold_begins, number, offer);
  if (o_.site.human && c->random.chance(0.03)) in(talk * 0.9, &SimWorld::transfer, number, offer);
  in(talk, &SimWorld::finish, number, offer);
}

}  // namespace hf::pbx
