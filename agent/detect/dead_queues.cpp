#include "agent/detect/dead_queues.hpp"

#include <algorithm>

namespace hf::detect {
namespace {
constexpr size_t kQueues = 256;

struct Waiting {
  uint32_t all = 0, long_ones = 0;
};

Finding about(FindingKind kind, const std::string& queue, Time at) {
  Finding f;
  f.signal = "dead_queue", f.kind = kind, f.queue = queue, f.at = at;
  return f;
}

}  // namespace

// Callers who only pass through on their way elsewhere wait for another queue's people.
bool DeadQueues::waits_for(const calls::Call& call, const calls::Tracker& tracker) {
  const std::string& target = tracker.queue_of_line(call.line);
  return !call.stints.empty() && (target.empty() || target == call.stints.back().queue);
}

void DeadQueues::on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out) {
  if (const auto* join = std::get_if<calls::CallJoined>(&change.what)) return joined(join->call, change.at);
  if (const auto* end = std::get_if<calls::CallEnded>(&change.what)) return ended(end->call, tracker);
  const auto* connected = std::get_if<calls::CallConnected>(&change.what);
  if (!connected) return;
  const auto queue = queues_.find(connected->call.answering_queue);
  if (queue == queues_.end()) return;
  if (queue->second.stands_since) out.push_back(about(FindingKind::cleared, queue->first, change.at));
  const bool leads_on = queue->second.leads_on;
  queue->second = Queue{};
  queue->second.leads_on = leads_on;
  queue->second.last_answer = change.at;
}

void DeadQueues::joined(const calls::Call& call, Time at) {
  if (call.stints.empty()) return;
  for (size_t i = 0; i + 1 < call.stints.size(); ++i) {
    const auto before = queues_.find(call.stints[i].queue);
    if (before != queues_.end() && call.stints[i].queue != call.stints.back().queue) before->second.leads_on = true;
  }
  const std::string& id = call.stints.back().queue;
  if (!queues_.contains(id) && queues_.size() >= kQueues) return;
  Queue& queue = queues_[id];
  if (!queue.first_unanswered) queue.first_unanswered = at;
  watching_ = true;
}

void DeadQueues::ended(const calls::Call& call, const calls::Tracker& tracker) {
  if (call.connected || !waits_for(call, tracker) || call.outcome == calls::Outcome::lost_by_restart) return;
  const auto queue = queues_.find(call.stints.back().queue);
  if (queue == queues_.end()) return;
  const Time until = call.stints.back().left.value_or(call.ended.value_or(call.stints.back().joined));
  if (until - call.stints.back().joined >= kWait) ++queue->second.gave_up;
}

void DeadQueues::tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  if (!watching_) return;
  std::vector<Waiting> waiting;  // of queues_, in their order
  waiting.resize(queues_.size());
  for (const auto& [id, call] : tracker.open_calls()) {
    if (call.connected || call.stints.empty() || call.stints.back().left || !waits_for(call, tracker)) continue;
    const auto queue = queues_.find(call.stints.back().queue);
    if (queue == queues_.end()) continue;
    Waiting& w = waiting[static_cast<size_t>(std::distance(queues_.begin(), queue))];
    ++w.all;
    if (now - call.stints.back().joined >= kWait) ++w.long_ones;
  }
  watching_ = false;
  auto w = waiting.begin();
  for (auto& [id, queue] : queues_) {
    // Who never answers is present all the same: phones_refuse tells of those.
    const auto seen = tracker.queue(id);
    if (seen && seen->staffed) look(id, queue, now, w->long_ones, w->all, seen->present.value_or(0) > 0, out);
    watching_ = watching_ || w->all > 0 || queue.stands_since;
    ++w;
  }
}

void DeadQueues::look(const std::string& id, Queue& queue, Time now, uint32_t waiting_long, uint32_t waiting,
                      bool somebody, std::vector<Finding>& out) {
  std::optional<Time>& since = somebody ? queue.staffed_since : queue.nobody_since;
  (somebody ? queue.nobody_since : queue.staffed_since).reset();
  if (!since) since = now;
  const bool back = queue.staffed_since && now - *queue.staffed_since >= kBack;
  if (queue.stands_since && (back || queue.leads_on)) {
    out.push_back(about(FindingKind::cleared, id, now));
    queue.stands_since.reset(), queue.gave_up = 0, queue.first_unanswered.reset();
    return;
  }
  if (queue.stands_since || queue.leads_on || !queue.nobody_since || now - *queue.nobody_since < kNobody ||
      queue.gave_up + waiting_long < kCallers)
    return;
  queue.stands_since = now;
  Finding f = about(FindingKind::news, id, now);
  f.since = f.since_high = queue.first_unanswered.value_or(now);
  f.since_low = queue.last_answer.value_or(f.since);
  f.template_id = "nobody_logged_in";
  f.sample_size = queue.gave_up + waiting_long;
  f.values = {
      {"callers", queue.gave_up + waiting_long}, {"waiting", waiting}, {"since_answer_s", seconds(now - f.since_low)}};
  out.push_back(std::move(f));
}

void DeadQueues::readings(std::vector<Reading>& out) const {
  for (const auto& [id, queue] : queues_) {
    if (queue.leads_on) continue;
    const bool points_to_it = queue.nobody_since && (queue.gave_up > 0 || queue.first_unanswered);
    out.push_back({"dead_queue", {}, id, queue.gave_up, kCallers, queue.gave_up,
                   queue.stands_since ? ReadingState::standing
                   : points_to_it     ? ReadingState::watching
                                      : ReadingState::quiet});
  }
}

}  // namespace hf::detect
