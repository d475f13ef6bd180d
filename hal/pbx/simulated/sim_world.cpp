#include "hal/pbx/simulated/sim_world.hpp"

#include <algorithm>
#include <utility>

namespace hf::pbx {

using std::chrono::floor;
using std::chrono::seconds;

SimWorld::SimWorld(SimOptions options, Time start, Time live) : o_(std::move(options)), now_(start), last_at_(start), live_(live) {
  if (o_.demo_hours) {
    const auto local = live + o_.utc_offset;
    curve_shift_ = std::chrono::hours(10) - (local - floor<std::chrono::days>(local));
  }
  booted_ = start - std::chrono::hours(24 * 9 + 5);  // it has run for a while
  for (size_t line = 0; line < o_.site.queues.size(); ++line) {
    arrivals_.emplace_back(o_.seed, 100 + line);
    at(start, &SimWorld::next_arrival, static_cast<uint32_t>(line), 1);
  }
  for (size_t agent = 0; agent < o_.site.agents.size(); ++agent) agents_.emplace_back().random = SimRandom(o_.seed, 1000 + agent);
  staff_shifts();
  out_.clear(), available_.clear();  // what happened before the start is told by the picture
  last_at_ = start;
  greet_observer();
  if (o_.scenario != SimScenario::normal) {
    at(live + o_.onset, &SimWorld::onset);
    if (o_.withdraw_after) at(live + o_.onset + *o_.withdraw_after, &SimWorld::withdraw);
  }
}

void SimWorld::at(Time when, Run run, uint32_t id, uint32_t token) { agenda_.push({when, order_++, run, id, token}); }

Time SimWorld::emit(CallEventBody body) {
  last_at_ = std::max(now_, last_at_ + Duration(137));  // the events of one step come one after another, never at the same time
  CallEvent event{last_at_, std::nullopt, std::move(body)};
  picture_.on(event);
  out_.push_back(std::move(event));
  return last_at_;
}

std::optional<CallEvent> SimWorld::next(Time limit) {
  while (out_.empty()) {
    if (agenda_.empty() || agenda_.top().at > limit) return std::nullopt;
    const Step step = agenda_.top();
    agenda_.pop();
    now_ = step.at;
    (this->*step.run)(step.id, step.token);
  }
  if (out_.front().at > limit) return std::nullopt;
  CallEvent event = std::move(out_.front());
  out_.pop_front();
  return event;
}

Time SimWorld::next_at() const {
  if (!out_.empty()) return out_.front().at;
  return agenda_.empty() ? Time::max() : agenda_.top().at;
}

std::string SimWorld::new_channel() {
  return std::to_string(floor<seconds>(now_).time_since_epoch().count()) + '.' + std::to_string(channels_++);
}

std::string SimWorld::new_bridge() { return "sim-bridge-" + std::to_string(boots_) + '-' + std::to_string(bridges_++); }

void SimWorld::appear(Time at) {
  now_ = std::max(now_, at);
  out_.clear();  // told to nobody
  if (up_) greet_observer();
}

void SimWorld::greet_observer() {
  emit(SourceUp{"Holdfast simulator", true, true, true});
  emit(PbxLife{PbxState::running, floor<seconds>(booted_)});
  tell_picture();
}

void SimWorld::show_picture(Time at) {
  now_ = std::max(now_, at);
  if (up_) tell_picture();
}

void SimWorld::tell_picture() {
  emit(ResyncStarted{ResyncScope::queues});
  for (const SimQueue& queue : o_.site.queues) {
    emit(QueueSeen{queue.queue, picture_.waiting(queue.queue), 0, seconds(20)});
    for (size_t agent = 0; agent < agents_.size(); ++agent)
      if (agents_[agent].logged_in && member_of(agent, queue.queue)) emit(member_state(agent, queue, false));
    for (CallerSeen& caller : picture_.callers(queue.queue, now_)) emit(std::move(caller));
  }
  if (o_.scenario == SimScenario::hp_holdqueue) {
    emit(QueueSeen{"holding", picture_.waiting("holding"), 0, std::nullopt});
    for (CallerSeen& caller : picture_.callers("holding", now_)) emit(std::move(caller));
  }
  emit(ResyncEnded{ResyncScope::queues});
  emit(ResyncStarted{ResyncScope::channels});
  for (ChannelSeen& channel : picture_.channels(now_)) emit(std::move(channel));
  emit(ResyncEnded{ResyncScope::channels});
  for (const SimQueue& queue : o_.site.queues) emit(QueueAvailability{queue.queue, available_[queue.queue] = available(queue.queue)});
}

SimCall* SimWorld::call(uint32_t number) {
  const auto found = calls_.find(number);
  return found == calls_.end() ? nullptr : &found->second;
}

void SimWorld::close(SimCall& c, SimOutcome outcome) {
  c.truth.outcome = c.truth.connected ? SimOutcome::answered : outcome;
  c.truth.ended = last_at_;
  record(c);
  calls_.erase(c.number);
}

void SimWorld::record(const SimCall& c) {
  if (o_.keep_truth) truth_.calls[c.number] = c.truth;
}

void SimWorld::start_music(SimCall& c) {
  if (!std::exchange(c.music, true)) emit(MusicStarted{c.truth.id, c.truth.id, c.context});
}

void SimWorld::stop_music(SimCall& c) {
  if (std::exchange(c.music, false)) emit(MusicStopped{c.truth.id, c.truth.id});
}

void SimWorld::hang_up(const std::string& channel, const std::string& linked, uint16_t cause) { emit(ChannelEnded{channel, linked, cause}); }

void SimWorld::dialplan(SimCall& c, StepKind kind, std::string context, std::string sound, std::optional<Duration> planned) {
  c.context = std::move(context);
  emit(ChannelStep{c.truth.id, kind, c.context, std::move(sound), planned});
}

}  // namespace hf::pbx
