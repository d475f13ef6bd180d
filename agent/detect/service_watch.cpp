#include "agent/detect/service_watch.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1), kSlot = std::chrono::minutes(10);
constexpr size_t kQueues = 256;
constexpr uint32_t kRemember = 4000;   // calls in what is usual
constexpr uint32_t kFewestWaits = 50;  // below it who still waits says nothing
constexpr double kLeftPrior = 0.1, kLatePrior = 0.3, kLateWeight = 0.2;

int64_t slot_of(Time t) { return t.time_since_epoch() / kSlot; }

// P(longer than `wait`), one half of a case kept back for what was never seen.
double longer(const metrics::WaitHistogram& waits, Duration wait) {
  const auto n = static_cast<double>(waits.count());
  return (n - static_cast<double>(waits.count_below(wait)) + 0.5) / (n + 1);
}

// The incident of a signal that callers' waits can belong to; empty for others.
std::string_view kind_of(std::string_view signal) {
  const SignalInfo* known = find_signal(signal);
  const std::string_view kind = known ? known->incident : "artificial_hold";  // as the book has it
  for (const std::string_view ours :
       {"artificial_hold", "dead_queue", "handling_time", "missing_agents", "arrival_surge"})
    if (kind == ours) return kind;
  return {};
}

}  // namespace

void ServiceWatch::set_site_model(const calls::SiteModel& model) {
  limits_.clear();
  for (const calls::Queue& q : model.queues) limits_[q.id] = {q.service_level, q.short_abandon, q.ring_time};
}

const ServiceWatch::Limits& ServiceWatch::limits(const std::string& queue) const {
  static const Limits kDefault;
  const auto known = limits_.find(queue);
  return known == limits_.end() ? kDefault : known->second;
}

ServiceWatch::Queue* ServiceWatch::at(const std::string& queue) {
  if (queue.empty()) return nullptr;
  const auto known = queues_.find(queue);
  if (known != queues_.end()) return &known->second;
  return queues_.size() < kQueues ? &queues_[queue] : nullptr;
}

ServiceWatch::Tally& ServiceWatch::Queue::now(Time at) {
  const int64_t wanted = slot_of(at);
  if (since == Time{}) since = at, slot = wanted;
  if (wanted - slot >= static_cast<int64_t>(kSlots)) slots = {}, slot = wanted;
  for (; slot < wanted; ++slot) {
    usual.add(slots[static_cast<size_t>(slot) % kSlots]);
    slots[static_cast<size_t>(slot + 1) % kSlots] = {};
  }
  if (usual.gone() > 2 * kRemember) usual.halve();
  return slots[static_cast<size_t>(slot) % kSlots];
}

void ServiceWatch::on(const calls::Change& change) {
  if (const auto* joined = std::get_if<calls::CallJoined>(&change.what)) {
    const auto& stints = joined->call.stints;
    if (stints.empty()) return;
    if (Queue* queue = at(stints.back().queue)) ++queue->now(change.at).joined;
  } else if (const auto* left = std::get_if<calls::CallLeftQueue>(&change.what)) {
    if (!left->call.half_seen && !left->call.stints.empty()) gone(left->call.stints.back(), change.at);
  } else if (const auto* connected = std::get_if<calls::CallConnected>(&change.what)) {
    const calls::Call& call = connected->call;
    if (!call.half_seen && !call.stints.empty() && call.stints.back().queue == call.answering_queue)
      gone(call.stints.back(), change.at);
  } else if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) {
    if (!ended->call.connected || ended->call.half_seen) return;
    Queue* queue = at(ended->call.answering_queue);
    if (!queue) return;
    Tally& tally = queue->now(change.at);
    ++tally.talks, tally.talk_s += seconds(ended->call.talk);
  } else if (std::holds_alternative<calls::ObservationLost>(change.what)) {
    for (auto& [id, queue] : queues_) queue.slots = {}, queue.since = {};
  }
}

void ServiceWatch::gone(const calls::Stint& stint, Time at) {
  using calls::StintEnd;
  Queue* queue = this->at(stint.queue);
  if (!queue || !stint.left || stint.end == StintEnd::lost || stint.end == StintEnd::waiting) return;
  const Limits& limit = limits(stint.queue);
  const Duration wait = std::max(Duration{}, *stint.left - stint.joined);
  const bool late = wait > limit.level;
  Tally& tally = queue->now(at);
  tally.waited_s += seconds(wait);
  if (stint.end == StintEnd::answered) {
    ++tally.answered, tally.soon += late ? 0u : 1u, tally.at_once += wait <= limit.ring ? 1u : 0u;
    queue->answered_waits.add(wait);
    (void)queue->left.step(false, kLeftPrior, at);
    (void)queue->late.step(late, kLatePrior, at, kLateWeight);
    return;
  }
  const bool hung_up = stint.end == StintEnd::abandoned;
  ++(hung_up ? tally.left : tally.timed_out);
  if (hung_up) tally.left_soon += late ? 0u : 1u, queue->left_waits.add(wait);
  if (hung_up && wait >= limit.short_abandon) (void)queue->left.step(true, kLeftPrior, at);
  if (late) (void)queue->late.step(true, kLatePrior, at, kLateWeight);
}

void ServiceWatch::hear(const std::vector<Finding>& findings, size_t from) {
  for (size_t i = from; i < findings.size(); ++i) {
    const Finding& f = findings[i];
    const std::string_view kind = kind_of(f.signal);
    if (kind.empty() || !f.members.empty()) continue;
    if (f.kind == FindingKind::news && !f.queue.empty()) standing_[f.queue] = f.signal;
    if (f.kind != FindingKind::cleared) continue;
    std::erase_if(standing_,
                  [&](const auto& s) { return kind_of(s.second) == kind && (f.queue.empty() || f.queue == s.first); });
  }
}

// What the callers who still wait tell beyond those who are gone.
void ServiceWatch::count_open(const calls::Tracker& tracker, Time now) {
  for (auto& [id, queue] : queues_) queue.left_open = queue.late_open = {};
  for (const auto& [id, call] : tracker.open_calls()) {
    if (call.half_seen || call.stints.empty() || call.stints.back().end != calls::StintEnd::waiting) continue;
    const calls::Stint& stint = call.stints.back();
    const auto known = queues_.find(stint.queue);
    if (known == queues_.end()) continue;
    Queue& queue = known->second;
    const Duration wait = now - stint.joined;
    if (wait > limits(stint.queue).level) {
      const double p0 = queue.late.usual(kLatePrior);
      ++queue.late_open.cases, queue.late_open.hits += 1;
      queue.late_open.nats += kLateWeight * std::log(ShareWatch::risen(p0) / p0);
    }
    if (queue.answered_waits.count() < kFewestWaits) continue;
    const double p0 = queue.left.usual(kLeftPrior), p1 = ShareWatch::risen(p0);
    const double left = longer(queue.left_waits, wait), answered = longer(queue.answered_waits, wait);
    const double risen = p1 * left + (1 - p1) * answered;
    ++queue.left_open.cases, queue.left_open.hits += p1 * left / risen;
    queue.left_open.nats += std::log(risen / (p0 * left + (1 - p0) * answered));
  }
}

bool ServiceWatch::Queue::left_stands() const {
  return left.stands() || (!left.learning() && left.nats() + left_open.nats >= ShareWatch::kStands);
}

bool ServiceWatch::Queue::late_stands() const {
  return late.stands() || (!late.learning() && late.nats() + late_open.nats >= ShareWatch::kStands);
}

void ServiceWatch::tick(Time now, const calls::Tracker& tracker, const LoadWatch& load, std::vector<Finding>& out) {
  if (queues_.empty() || now.time_since_epoch() % kMinute != Duration{}) return;
  count_open(tracker, now);
  for (auto& [id, queue] : queues_) {
    look(queue, id, load, now);
    testify(id, queue, now, out);
  }
}

}  // namespace hf::detect
