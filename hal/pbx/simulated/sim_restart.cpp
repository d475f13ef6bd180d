// The PBX goes down and comes back: every call is lost, ids begin again, phones register one by one.
#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

namespace {

constexpr double kDownSeconds = 5.0;

}  // namespace

// `told`: a clean shutdown sends BYE to all, and every wait and talk ends within the same second.
void SimWorld::drop_calls(bool told) {
  for (auto& [number, c] : calls_) {
    if (told && !c.queue.empty()) {
      emit(QueueAbandoned{c.truth.id, c.queue, std::chrono::floor<std::chrono::seconds>(now_ - c.joined)});
      stop_music(c);
      emit(QueueLeft{c.truth.id, c.queue});
    }
    if (told && c.talking && c.by_queue) member_done(c, TalkEnd::caller);
    if (c.talking && told) bridge_down(c, false);
    if (told && c.agent) hang_up(c.leg, c.truth.id, 16);
    if (told) hang_up(c.truth.id, c.truth.id, c.talking ? 16 : 0);
    c.truth.ended = last_at_;
    c.truth.outcome = c.truth.connected ? SimOutcome::answered : SimOutcome::lost;
    record(c);
  }
  for (const auto& [number, p] : private_)
    if (told) hang_up(p.b, p.a, 16), hang_up(p.a, p.a, 16);
  calls_.clear(), private_.clear(), waiting_.clear();
  for (SimAgentState& a : agents_) {
    a.activity = SimActivity::idle;
    a.in_queue_call = false;
  }
}

void SimWorld::shut_down() {
  drop_calls(true);
  for (size_t agent = 0; agent < agents_.size(); ++agent) show_agent(agent);
  emit(PbxLife{PbxState::stopping, std::nullopt});
  emit(SourceDown{"the PBX closed the connection"});
  up_ = false;
  in(kDownSeconds, &SimWorld::boot);
}

void SimWorld::crash() {
  emit(SourceDown{"the PBX closed the connection"});
  drop_calls(false);
  up_ = false;
  in(kDownSeconds, &SimWorld::boot);
}

// Members and their pauses survive (persistentmembers); their last calls do not, and their phones are unavailable until they register.
void SimWorld::boot(uint32_t, uint32_t) {
  up_ = true;
  booted_ = now_ - std::chrono::seconds(2);
  ++boots_;
  channels_ = 0;
  picture_.clear();
  available_.clear();
  for (uint32_t agent = 0; agent < agents_.size(); ++agent) {
    SimAgentState& a = agents_[agent];
    a.last_call.reset();
    a.free_from = now_;
    a.reachable = false;
    in(a.random.uniform(1, 40), &SimWorld::register_phone, agent, boots_);
  }
  greet_observer();
}

void SimWorld::register_phone(uint32_t agent, uint32_t boots) {
  if (boots != boots_ || agents_[agent].reachable) return;
  agents_[agent].reachable = true;
  show_agent(agent);
}

}  // namespace hf::pbx
