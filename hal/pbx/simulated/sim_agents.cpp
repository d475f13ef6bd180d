// The floor: shifts, breaks, wrap-up, private calls, and what the PBX shows of them.
#include <algorithm>
#include <array>

#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

namespace {

struct Break {
  const char* reason;
  double share, low_minutes, high_minutes;
};
constexpr std::array<Break, 4> kBreaks = {
    {{"Coffee", 0.5, 4, 10}, {"Lunch", 0.2, 20, 35}, {"Back office", 0.2, 5, 15}, {"Coaching, Team 2", 0.1, 10, 20}}};
constexpr double kMinutesBetweenBreaks = 80;

}  // namespace

void SimWorld::staff_shifts() {
  for (uint32_t agent = 0; agent < agents_.size(); ++agent) {
    if (on_shift(agent)) log_in(agent);
    const SimShift& shift = o_.site.agents[agent].shift;
    if (shift.from != shift.to) in(agents_[agent].random.uniform(0, 240), &SimWorld::check_shift, agent);
  }
}

bool SimWorld::on_shift(size_t agent) const {
  const SimShift& shift = o_.site.agents[agent].shift;
  if (shift.from == shift.to) return true;
  const double minute = minute_of_day();
  if (shift.from < shift.to) return minute >= shift.from && minute < shift.to;
  return minute >= shift.from || minute < shift.to;
}

// Every few minutes, so that a shift does not begin and end at the same second for all.
void SimWorld::check_shift(uint32_t agent, uint32_t) {
  SimAgentState& a = agents_[agent];
  in(a.random.uniform(120, 240), &SimWorld::check_shift, agent);
  if (!up_ || a.refuses) return;
  const bool wanted = on_shift(agent) && !a.away;
  if (wanted && !a.logged_in) log_in(agent);
  if (!wanted && a.logged_in && a.reachable && a.activity == SimActivity::idle) log_out(agent);
}

bool SimWorld::member_of(size_t agent, const std::string& queue) const {
  const auto& queues = o_.site.agents[agent].queues;
  return std::ranges::any_of(queues, [&](size_t q) { return o_.site.queues[q].queue == queue; });
}

void SimWorld::log_in(size_t agent) {
  SimAgentState& a = agents_[agent];
  a.logged_in = true;
  a.paused = false;
  a.pause_reason.clear();
  a.idle_since = now_;
  ++a.sitting;
  show_agent(agent, true);
  if (!o_.site.human) return;
  const auto id = static_cast<uint32_t>(agent);
  in(a.random.exponential(kMinutesBetweenBreaks * 60), &SimWorld::pause, id, a.sitting);
  plan_private_call(id);
}

void SimWorld::log_out(size_t agent) {
  SimAgentState& a = agents_[agent];
  a.logged_in = false;
  ++a.sitting;
  for (const size_t q : o_.site.agents[agent].queues) emit(MemberRemoved{o_.site.queues[q].queue, device(agent)});
  show_availability(agent);
}

DeviceState SimWorld::device_state(size_t agent) const {
  const SimAgentState& a = agents_[agent];
  if (!a.reachable) return DeviceState::unavailable;
  switch (a.activity) {
    case SimActivity::idle: return DeviceState::not_in_use;
    case SimActivity::ringing: return DeviceState::ringing;
    case SimActivity::talking:
    case SimActivity::private_call: break;
  }
  return DeviceState::in_use;
}

MemberState SimWorld::member_state(size_t agent, const SimQueue& queue, bool added) const {
  const SimAgentState& a = agents_[agent];
  MemberState m;
  m.queue = queue.queue;
  m.member = m.device = device(agent);
  m.name = o_.site.agents[agent].name;
  m.state = device_state(agent);
  m.paused = a.paused;
  m.in_call = a.in_queue_call;
  m.added = added;
  m.pause_reason = a.pause_reason;
  m.wrapup = o_.site.wrapup;
  m.last_call = a.last_call;
  return m;
}

void SimWorld::show_agent(size_t agent, bool added) {
  if (!agents_[agent].logged_in) return;
  for (const size_t q : o_.site.agents[agent].queues) emit(member_state(agent, o_.site.queues[q], added));
  show_availability(agent);
}

bool SimWorld::could_take(size_t agent) const {
  const SimAgentState& a = agents_[agent];
  return a.logged_in && !a.paused && a.reachable && a.activity == SimActivity::idle && now_ >= a.free_from;
}

std::vector<size_t> SimWorld::takers(const std::string& queue) const {
  std::vector<size_t> out;
  for (size_t agent = 0; agent < agents_.size(); ++agent)
    if (could_take(agent) && member_of(agent, queue)) out.push_back(agent);
  std::ranges::stable_sort(out, {}, [this](size_t agent) { return agents_[agent].idle_since; });
  return out;
}

bool SimWorld::available(const std::string& queue) const {
  for (size_t agent = 0; agent < agents_.size(); ++agent)
    if (could_take(agent) && member_of(agent, queue)) return true;
  return false;
}

void SimWorld::show_availability(size_t agent) {
  for (const size_t q : o_.site.agents[agent].queues) {
    const std::string& queue = o_.site.queues[q].queue;
    const bool now = available(queue);
    if (const auto told = available_.find(queue); told != available_.end() && told->second == now) continue;
    available_[queue] = now;
    emit(QueueAvailability{queue, now});
  }
}

void SimWorld::set_activity(size_t agent, SimActivity activity) {
  agents_[agent].activity = activity;
  agents_[agent].idle_since = now_;
}

// After a queue call the member is in wrap-up: the device shows free, only last_call and wrapup tell.
void SimWorld::release(size_t agent, bool queue_call) {
  SimAgentState& a = agents_[agent];
  set_activity(agent, SimActivity::idle);
  a.in_queue_call = false;
  if (queue_call) {
    a.last_call = std::chrono::floor<std::chrono::seconds>(last_at_);
    a.free_from = now_ + o_.site.wrapup;
  }
  show_agent(agent);
  at(std::max(now_, a.free_from), &SimWorld::wrapped_up, static_cast<uint32_t>(agent));
}

void SimWorld::wrapped_up(uint32_t agent, uint32_t) {
  if (!up_) return;
  show_availability(agent);
  for (const size_t q : o_.site.agents[agent].queues) {
    const SimQueue& queue = o_.site.queues[q];
    if (queue.retry.count() > 0) continue;
    const std::deque<uint32_t> waiting = waiting_[queue.queue];
    if (!waiting.empty()) poll(waiting.front(), calls_.at(waiting.front()).stay);
  }
}

void SimWorld::pause(uint32_t agent, uint32_t sitting) {
  SimAgentState& a = agents_[agent];
  if (a.sitting != sitting) return;
  if (!up_ || a.refuses) return in(300, &SimWorld::pause, agent, sitting);
  double pick = a.random.uniform();
  const Break* chosen = kBreaks.data();
  for (const Break& b : kBreaks) {
    chosen = &b;
    if ((pick -= b.share) < 0) break;
  }
  a.paused = true;
  a.pause_reason = chosen->reason;
  show_agent(agent);
  in(a.random.uniform(chosen->low_minutes, chosen->high_minutes) * 60, &SimWorld::unpause, agent, sitting);
}

void SimWorld::unpause(uint32_t agent, uint32_t sitting) {
  SimAgentState& a = agents_[agent];
  if (a.sitting != sitting) return;
  if (!up_) return in(60, &SimWorld::unpause, agent, sitting);
  a.paused = false;
  a.pause_reason.clear();
  show_agent(agent);
  in(a.random.exponential(kMinutesBetweenBreaks * 60), &SimWorld::pause, agent, sitting);
  wrapped_up(agent, 0);
}

}  // namespace hf::pbx
