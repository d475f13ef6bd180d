// What goes wrong, from `onset` until it is withdrawn.
#include <algorithm>

#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kSupport = 0, kSales = 1, kPrinters = 2;  // of sample_site()
constexpr double kPartial = 0.3;

}  // namespace

bool SimWorld::under_policy(size_t line) const { return policy_ && line != kSales; }

bool SimWorld::holds(SimCall& c) const {
  if (!under_policy(c.line)) return false;
  switch (o_.scenario) {
    case SimScenario::hp_prequeue:
    case SimScenario::hp_holdqueue: return true;
    case SimScenario::hp_partial: return c.random.chance(kPartial);
    case SimScenario::normal:
    case SimScenario::staff_shortage:
    case SimScenario::surge:
    case SimScenario::dead_queue:
    case SimScenario::phones_refuse:
    case SimScenario::restart:
    case SimScenario::restart_crash: break;
  }
  return false;
}

void SimWorld::start_hold(SimCall& c) {
  c.truth.held = true;
  c.hold_from = now_;
  c.segment = 0;
  hold_step(c.number, 0);
}

// Three announcements, at 0, a third and two thirds of the hold, each followed by music until the next mark. The dialplan counts whole
// seconds, so the whole is up to a second off.
void SimWorld::hold_step(uint32_t number, uint32_t segment) {
  SimCall* c = call(number);
  if (c == nullptr || c->leaving) return;
  const bool waits = c->line == kPrinters;  // the same policy in its other spelling: StartMusicOnHold and Wait
  const std::string context = o_.scenario == SimScenario::hp_holdqueue ? "policy-holdqueue" : waits ? "policy-prequeue-wait" : "policy-prequeue-moh";
  stop_music(*c);
  if (segment == 6) return enter_queue(*c, c->truth.queue);
  const double total = seconds(o_.hold), mark = total * (segment / 2 + 1) / 3.0;
  if (segment % 2 == 0) {
    static constexpr const char* kSounds[] = {"hp-wait-15min", "hp-online-1", "hp-online-2"};
    static constexpr double kLengths[] = {14, 11, 12};
    dialplan(*c, StepKind::announcement, context, kSounds[segment / 2]);
    return in(std::min(kLengths[segment / 2], total / 6), &SimWorld::hold_step, number, segment + 1);
  }
  if (o_.scenario == SimScenario::hp_holdqueue) return enter_queue(*c, "holding");
  const Time end = c->hold_from + from_seconds(mark + (segment == 5 ? c->random.uniform(-0.9, 0.1) : 0.0));
  const auto planned = std::chrono::ceil<std::chrono::seconds>(end - now_);
  c->context = context;
  if (waits) {
    dialplan(*c, StepKind::music, context);
    start_music(*c);
  }
  dialplan(*c, waits ? StepKind::wait : StepKind::music, context, "", planned);
  start_music(*c);
  at(end, &SimWorld::hold_step, number, segment + 1);
}

void SimWorld::onset(uint32_t, uint32_t) {
  policy_ = true;
  switch (o_.scenario) {
    case SimScenario::hp_prequeue:
    case SimScenario::hp_holdqueue:
    case SimScenario::hp_partial:
      if (up_) emit(ConfigurationChanged{"pbx_config"});
      break;
    case SimScenario::staff_shortage:
      for (const size_t line : {kSupport, kPrinters}) empty_floor(line, 0);
      break;
    case SimScenario::dead_queue: lose_phones(); break;
    case SimScenario::phones_refuse: refuse_phones(); break;
    case SimScenario::restart: shut_down(); break;
    case SimScenario::restart_crash: crash(); break;
    case SimScenario::normal:
    case SimScenario::surge: break;
  }
}

void SimWorld::withdraw(uint32_t, uint32_t) {
  policy_ = false;
  for (uint32_t agent = 0; agent < agents_.size(); ++agent) {
    agents_[agent].away = agents_[agent].refuses = false;
    if (!agents_[agent].reachable && up_) register_phone(agent, boots_);
  }
  const bool dialplan = o_.scenario == SimScenario::hp_prequeue || o_.scenario == SimScenario::hp_holdqueue || o_.scenario == SimScenario::hp_partial;
  if (dialplan && up_) emit(ConfigurationChanged{"pbx_config"});
}

// Sends members of the line's queue home: seven of ten, or all but `keep`. Who talks goes after the call (check_shift sees `away`).
void SimWorld::empty_floor(size_t line, size_t keep) {
  if (line >= o_.site.queues.size()) return;
  std::vector<size_t> present;
  for (size_t agent = 0; agent < agents_.size(); ++agent)
    if (member_of(agent, o_.site.queues[line].queue)) present.push_back(agent);
  const auto here = static_cast<size_t>(std::ranges::count_if(present, [this](size_t a) { return agents_[a].logged_in; }));
  size_t stay = keep > 0 ? keep : std::max<size_t>(1, here * 3 / 10);
  for (const size_t agent : present) {
    SimAgentState& a = agents_[agent];
    if (a.logged_in && !a.paused && stay > 0) {
      --stay;
      continue;
    }
    a.away = true;
    if (a.logged_in && a.activity == SimActivity::idle) log_out(agent);
  }
}

void SimWorld::lose_phones() {
  bool goes = false;
  for (size_t agent = 0; agent < agents_.size(); ++agent) {
    SimAgentState& a = agents_[agent];
    if (!member_of(agent, o_.site.queues[kSupport].queue)) continue;
    a.away = true;
    if (!a.logged_in) continue;
    if ((goes = !goes) && a.activity == SimActivity::idle) {
      log_out(agent);
    } else {
      a.reachable = false;
      show_agent(agent);
    }
  }
}

void SimWorld::refuse_phones() {
  if (kPrinters >= o_.site.queues.size()) return;
  empty_floor(kPrinters, 3);
  for (size_t agent = 0; agent < agents_.size(); ++agent)
    if (agents_[agent].logged_in && !agents_[agent].away && member_of(agent, o_.site.queues[kPrinters].queue)) agents_[agent].refuses = true;
}

}  // namespace hf::pbx
