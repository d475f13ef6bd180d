// Calls that agents make themselves, to a colleague or to somebody outside: no queue event tells of them, only channels and device states.
#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

void SimWorld::plan_private_call(uint32_t agent) {
  constexpr double kMinutesBetween = 150;
  SimAgentState& a = agents_[agent];
  in(a.random.exponential(kMinutesBetween * 60), &SimWorld::private_call, agent, a.sitting);
}

// Dials; a colleague is called only when free.
void SimWorld::private_call(uint32_t agent, uint32_t sitting) {
  SimAgentState& a = agents_[agent];
  if (a.sitting != sitting) return;
  plan_private_call(agent);
  if (!up_ || !a.reachable || a.refuses || a.activity != SimActivity::idle) return;
  const uint32_t number = private_made_++;
  SimPrivateCall& p = private_[number];
  p.from = agent;
  if (a.random.chance(0.4)) {
    for (size_t other = 0; other < agents_.size() && !p.to; ++other)
      if (other != agent && could_take(other) && !agents_[other].refuses) p.to = other;
  }
  p.a = new_channel();
  const std::string dialled = p.to ? o_.site.agents[*p.to].extension : "03055501" + std::to_string(10 + a.random.bits() % 90);
  emit(ChannelStarted{p.a, p.a, device(agent), dialled, "from-phones", 0});
  emit(ChannelStep{p.a, StepKind::dial, "from-phones", "", std::nullopt});
  p.b = new_channel();
  emit(p.to ? ChannelStarted{p.b, p.a, device(*p.to), "s", "from-phones", 0} : ChannelStarted{p.b, p.a, "PJSIP/trunk", "s", "from-trunk", 0});
  set_activity(agent, SimActivity::private_call);
  show_agent(agent);
  emit(ChannelStateChanged{p.b, ChannelState::ringing});
  if (p.to) {
    set_activity(*p.to, SimActivity::ringing);
    show_agent(*p.to);
  }
  in(a.random.uniform(2, 9), &SimWorld::private_answered, number);
}

void SimWorld::private_answered(uint32_t number, uint32_t) {
  const auto found = private_.find(number);
  if (found == private_.end()) return;
  SimPrivateCall& p = found->second;
  emit(ChannelStateChanged{p.b, ChannelState::up});
  emit(DialEnded{p.b, DialOutcome::answered});
  emit(ChannelStateChanged{p.a, ChannelState::up});
  if (p.to) {
    set_activity(*p.to, SimActivity::private_call);
    show_agent(*p.to);
  }
  p.bridge = new_bridge();
  emit(BridgeEntered{p.b, p.a, p.bridge, 1});
  emit(BridgeEntered{p.a, p.a, p.bridge, 2});
  in(agents_[p.from].random.log_normal(60, 0.7), &SimWorld::private_ended, number);
}

void SimWorld::private_ended(uint32_t number, uint32_t) {
  const auto found = private_.find(number);
  if (found == private_.end()) return;
  const SimPrivateCall p = found->second;
  private_.erase(found);
  emit(HangupRequested{p.a, HangupSide::far_end});
  emit(BridgeLeft{p.a, p.a, p.bridge});
  emit(BridgeLeft{p.b, p.a, p.bridge});
  hang_up(p.b, p.a, 16);
  hang_up(p.a, p.a, 16);
  release(p.from, false);
  if (p.to) release(*p.to, false);
}

}  // namespace hf::pbx
