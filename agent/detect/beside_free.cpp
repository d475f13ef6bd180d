#include "agent/detect/beside_free.hpp"

#include <algorithm>
#include <utility>

namespace hf::detect {

bool is_late(const LineWays& line, const Way& way, Time now) {
  return way.progress == Progress::on_the_way && !way.self_service && line.excess(way, now) >= Duration{};
}

void BesideFree::integrate(Time to, Ways& ways) {
  const Time from = std::exchange(last_, std::max(last_, to));
  if (late_ == 0 || to <= from) return;
  for (auto& [id, line] : ways.lines()) {
    if (line.waiting == 0) continue;
    const auto picture = queues_.find(line.target);
    if (picture == queues_.end() || !picture->second.since) continue;
    const auto& q = picture->second;
    const Time counted_from = std::max(from, *q.since + kRingGrace);
    for (auto at = line.first_open(); at != line.ways.end(); ++at) {
      Way& way = *at;
      if (way.progress != Progress::on_the_way || way.self_service) continue;
      Time from_here = std::max(counted_from, way.arrived + line.usual.upper);
      if (way.menu_at) from_here = std::max(from_here, *way.menu_at + kAfterMenu);
      const Duration beside = to - from_here;
      if (beside <= Duration{}) continue;
      way.beside_free += beside;
      line.beside = true;
      way.spare_time += beside * q.spare;
      way.avoidable += q.late <= q.spare ? beside : beside * q.spare / q.late;
    }
  }
}

void BesideFree::sample(Time at, const calls::Tracker& tracker, Ways& ways) {
  late_ = 0;
  next_late_.reset();
  for (auto& [queue, picture] : queues_) picture.late = 0;
  const bool steps = std::exchange(waits_version_, tracker.waits_version()) != tracker.waits_version();
  const auto& open = tracker.open_calls();
  for (auto& [id, line] : ways.lines()) {
    if (line.waiting == 0) continue;
    const Time arrived_in_time = at - line.usual.upper;  // who came later is not late yet
    uint32_t late = 0;
    for (auto open_way = line.first_open(); open_way != line.ways.end(); ++open_way) {
      Way& way = *open_way;
      if (way.progress != Progress::on_the_way) continue;
      if (way.arrived > arrived_in_time) {
        expect(way.arrived + line.usual.upper);
        continue;
      }
      if (!way.looked_up || steps) {
        const auto call = open.find(way.call);
        way.self_service = call == open.end() || !calls::Tracker::waiting(call->second);
        way.looked_up = true;
      }
      if (way.self_service) way.menu_at = at;
      if (!way.cold && !line.target.empty()) way.cold = ways.cold(line.target, way.arrived);
      ++late_;
      if (!way.self_service) ++late;
    }
    if (late > 0 && !line.target.empty()) queues_[line.target].late += late;
  }
  std::erase_if(queues_, [](const auto& q) { return q.second.late == 0; });
  for (auto& [queue, picture] : queues_) {
    const auto now = tracker.queue(queue);
    const bool any = now && now->free && *now->free > now->waiting;
    picture.spare = any ? *now->free - now->waiting : 0;
    picture.since = any ? std::optional(picture.since.value_or(at)) : std::nullopt;
  }
  last_ = std::max(last_, at);
}

}  // namespace hf::detect
