// What the holds inside queues read now.
#include "agent/detect/queue_holds.hpp"

#include "agent/detect/hold_alarm.hpp"

namespace hf::detect {

void QueueHolds::readings(Time now, bool agent_state, std::vector<Reading>& out) const {
  for (const auto& [id, queue] : queues_) {
    const Found found = weigh(queue, now, agent_state);
    Reading r{"held_in_queue",    {}, id, found.nats, hold_alarm(parameters_, agent_state), found.words.sample_size,
              ReadingState::quiet};
    if (found.nats > 0) r.state = ReadingState::watching;
    if (queue.stands == Stands::hold) r.state = ReadingState::standing;
    out.push_back(std::move(r));
    const SameWait& same = queue.same;
    if (same.wait == Duration{}) continue;
    const bool stands = queue.stands == Stands::hold && same.nats >= parameters_.alarm_nats;
    out.push_back({"same_wait", {}, id, same.callers, std::nullopt, same.of,
                   stands ? ReadingState::standing : same.nats > 0 ? ReadingState::watching : ReadingState::quiet});
  }
}

}  // namespace hf::detect
