// Who calls when, and how a caller who is not answered leaves.
#include <array>
#include <cmath>

#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

namespace {

// Share of the peak rate at each full local hour, straight lines between: quiet nights, a peak at ten, a second one after lunch.
constexpr std::array<double, 25> kCurve = {.03, .02, .02, .02, .02, .04, .08, .20, .50, .90, 1.0, .98, .75,
                                           .72, .88, .90, .75, .52, .34, .22, .12, .07, .05, .04, .03};
constexpr double kSurge = 2.5;

}  // namespace

double SimWorld::minute_of_day() const {
  const auto local = now_ + o_.utc_offset + curve_shift_;
  return seconds(local - std::chrono::floor<std::chrono::days>(local)) / 60.0;
}

double SimWorld::rate(size_t line) const {
  double share = 1.0;
  if (o_.site.day_curve) {
    const double hour = minute_of_day() / 60.0;
    const auto full = static_cast<size_t>(hour);
    share = std::lerp(kCurve[full], kCurve[full + 1], hour - static_cast<double>(full));
  }
  if (policy_ && o_.scenario == SimScenario::surge) share *= kSurge;
  return o_.site.queues[line].calls_per_minute * share / 60.0;
}

// A Poisson process whose rate changes: candidates at the highest rate, each kept with probability rate/highest (thinning; Lewis, Shedler 1979).
void SimWorld::next_arrival(uint32_t line, uint32_t first) {
  const double highest = o_.site.queues[line].calls_per_minute * kSurge / 60.0;
  SimRandom& random = arrivals_[line];
  const bool kept = random.chance(rate(line) / highest);
  in(random.exponential(1.0 / highest), &SimWorld::next_arrival, line);
  if (kept && first == 0 && up_) arrive(line);
}

void SimWorld::arrive(size_t line) {
  const uint32_t number = calls_made_++;
  SimCall& c = calls_[number];
  c.number = number;
  c.line = line;
  c.random = SimRandom(o_.seed, 1'000'000 + number);
  c.truth.id = new_channel();
  c.truth.line = line_of(c).line;
  c.truth.queue = line_of(c).queue;
  const CallerKey caller = c.random.chance(0.04) ? 0 : c.random.bits() | 1;
  c.truth.arrived = emit(ChannelStarted{c.truth.id, c.truth.id, "PJSIP/trunk", c.truth.line, "from-trunk", caller});
  if (o_.keep_truth) truth_.calls.push_back(c.truth);
  emit(ChannelStateChanged{c.truth.id, ChannelState::ringing});
  emit(ChannelStateChanged{c.truth.id, ChannelState::up});
  plan_person(c);
  if (o_.site.welcome.count() > 0) {
    dialplan(c, StepKind::announcement, "line-" + c.truth.queue, "welcome-" + c.truth.queue);
    in(seconds(o_.site.welcome) + c.random.uniform(-0.1, 0.1), &SimWorld::greeted, number);
  } else {
    greeted(number, 0);
  }
}

// One caller in ten leaves within 6-30 s of waiting, four never leave, the rest lose patience by a Weibull law.
void SimWorld::plan_person(SimCall& c) {
  const SimQueue& line = line_of(c);
  const double talk = seconds(line.talk), patience = seconds(o_.site.patience);
  c.talk_s = line.talk_sigma > 0 ? 4.0 + c.random.log_normal(talk - 4.0, line.talk_sigma) : c.random.exponential(talk);
  if (!o_.site.human) return in(c.random.exponential(patience), &SimWorld::give_up, c.number);
  const double kind = c.random.uniform();
  if (kind < 0.1) in(c.random.uniform(6, 30), &SimWorld::give_up, c.number);
  else if (kind < 0.6) in(c.random.weibull(patience, 1.3), &SimWorld::give_up, c.number);
}

void SimWorld::greeted(uint32_t number, uint32_t) {
  SimCall* c = call(number);
  if (c == nullptr) return;
  if (holds(*c)) return start_hold(*c);
  enter_queue(*c, c->truth.queue);
}

void SimWorld::enter_queue(SimCall& c, const std::string& queue) {
  const bool holding = queue != c.truth.queue;
  dialplan(c, StepKind::queue, holding ? "policy-holdqueue" : "line-" + queue, queue);
  std::deque<uint32_t>& line = waiting_[queue];
  line.push_back(c.number);
  const auto position = static_cast<uint32_t>(line.size());
  c.queue = queue;
  ++c.stay;
  c.joined = emit(QueueJoined{c.truth.id, queue, position, position});
  if (holding || !line_of(c).rings) start_music(c);
  if (holding) return in(seconds(o_.hold), &SimWorld::time_out, c.number, c.stay);
  c.truth.joined = c.joined;
  record(c);
  in(seconds(line_of(c).timeout), &SimWorld::time_out, c.number, c.stay);
  if (o_.site.human && c.random.chance(0.05)) in(c.random.uniform(20, 120), &SimWorld::press_key, c.number, c.stay);
  poll(c.number, c.stay);
}

void SimWorld::give_up(uint32_t number, uint32_t) {
  SimCall* c = call(number);
  if (c == nullptr || c->talking || c->truth.connected || c->leaving) return;
  abandon(*c);
}

void SimWorld::press_key(uint32_t number, uint32_t stay) {
  SimCall* c = call(number);
  if (c == nullptr || c->stay != stay || c->agent) return;
  stop_music(*c);
  leave_queue(*c);
  say_sorry(*c, SimOutcome::exit_key, "queue-exit", "callback-confirmed");
}

// The PBX writes this end like an abandon; only the caller's further life tells the difference.
void SimWorld::time_out(uint32_t number, uint32_t stay) {
  SimCall* c = call(number);
  if (c == nullptr || c->stay != stay || c->talking) return;
  const std::string queue = c->queue;
  if (c->agent) cancel_ring(*c);
  emit(QueueAbandoned{c->truth.id, queue, std::chrono::round<std::chrono::seconds>(now_ - c->joined)});
  stop_music(*c);
  leave_queue(*c);
  emit(QueueExited{c->truth.id, {}, QueueExit::timeout});
  if (queue != c->truth.queue) return enter_queue(*c, c->truth.queue);
  say_sorry(*c, SimOutcome::timeout, "after-queue", "sorry");
}

void SimWorld::say_sorry(SimCall& c, SimOutcome outcome, const char* context, const char* sound) {
  c.leaving = true;
  c.truth.outcome = outcome;
  dialplan(c, StepKind::announcement, context, sound);
  in(c.random.uniform(2.0, 4.0), &SimWorld::put_out, c.number);
}

void SimWorld::put_out(uint32_t number, uint32_t) {
  SimCall* c = call(number);
  if (c == nullptr) return;
  emit(HangupRequested{c->truth.id, HangupSide::pbx});
  hang_up(c->truth.id, c->truth.id, 16);
  close(*c, c->truth.outcome);
}

}  // namespace hf::pbx
