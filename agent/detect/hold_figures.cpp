#include "agent/detect/hold_figures.hpp"

#include <algorithm>
#include <set>

namespace hf::detect {
namespace {

struct Sums {
  uint32_t affected = 0, waiting = 0, left = 0;
  Duration imposed{}, avoidable{}, beside{}, spare{};
  std::vector<Duration> waits, late_waits, queue_waits, usual;  // in order of size
};

void merge(const Newest& more, std::vector<Duration>& sorted) {
  const auto middle = static_cast<std::ptrdiff_t>(sorted.size());
  sorted.insert(sorted.end(), more.sorted().begin(), more.sorted().end());
  std::inplace_merge(sorted.begin(), sorted.begin() + middle, sorted.end());
}

Duration middle(const std::vector<Duration>& sorted) { return quantile_of_sorted(sorted, 0.5); }

void add_waiting(Sums& sums, const LineWays& line, Time now) {
  for (const Way& way : line.ways) {
    if (way.progress != Progress::on_the_way || !was_held(line, way, now)) continue;
    ++sums.affected, ++sums.waiting;
    const Duration imposed = imposed_wait(line, way, now);
    sums.imposed += imposed;
    sums.late_waits.push_back(imposed);
    sums.avoidable += way.avoidable;
    sums.beside += way.beside_free;
    sums.spare += way.spare_time;
  }
}

Sums sum_up(const std::map<std::string, HeldLine>& named, const Ways& ways, Time now) {
  Sums s;
  for (const auto& [id, held] : named) {
    s.affected += held.held, s.left += held.left;
    s.imposed += held.imposed, s.avoidable += held.avoidable;
    s.beside += held.beside_free, s.spare += held.spare_time;
    merge(held.imposed_waits, s.waits);
    merge(held.queue_waits, s.queue_waits);
    const auto line = ways.lines().find(id);
    if (line == ways.lines().end()) continue;
    add_waiting(s, line->second, now);
    if (line->second.usual.samples > 0) s.usual.push_back(line->second.usual.median);
  }
  std::sort(s.late_waits.begin(), s.late_waits.end());
  std::sort(s.usual.begin(), s.usual.end());
  return s;
}

Finding evidence(const char* template_id, Time now, uint32_t n, Values values) {
  return {.signal = template_id,
          .kind = FindingKind::evidence,
          .line = {},
          .queue = {},
          .members = {},
          .at = now,
          .since = {},
          .since_low = {},
          .since_high = {},
          .template_id = template_id,
          .values = std::move(values),
          .sample_size = n};
}

void tell_answered(const Sums& s, Time now, std::vector<Finding>& out) {
  const auto answered = static_cast<uint32_t>(s.waits.size());
  const double spread = seconds(quantile_of_sorted(s.waits, 0.9) - quantile_of_sorted(s.waits, 0.1)) / 2;
  Values values{
      {"callers", answered}, {"wait_s", seconds(middle(s.waits))}, {"spread_s", spread}};
  if (!s.usual.empty()) values["usual_s"] = seconds(middle(s.usual));
  if (s.beside > Duration{}) values["free"] = seconds(s.spare) / seconds(s.beside);
  out.push_back(evidence("constant_wait", now, answered, std::move(values)));
  const Duration usual = s.usual.empty() ? Duration{} : middle(s.usual);
  const double queue_wait = seconds(middle(s.queue_waits));
  out.push_back(evidence("hidden_from_queue", now, answered,
                         {{"callers", answered},
                          {"queue_wait_s", queue_wait},
                          {"caller_wait_s", seconds(middle(s.waits) + usual) + queue_wait}}));
}

// Where the source cannot tell lines, the queues that answered the held callers are named for them.
void tell_queues(const LineWays& line, Time now, std::vector<Finding>& out) {
  if (!line.target.empty()) return;
  std::set<std::string> queues;
  for (const Way& way : line.ways) {
    if (way.answered && was_held(line, way, now)) queues.insert(way.queue);
  }
  for (const std::string& queue : queues) {
    Finding f = evidence("", now, 0, {});
    f.signal = "held_beside_free", f.queue = queue;
    out.push_back(std::move(f));
  }
}

}  // namespace

void tell_hold(const std::map<std::string, HeldLine>& named, const Ways& ways, Time now, bool agent_state,
               std::vector<Finding>& out) {
  const Sums s = sum_up(named, ways, now);
  Values totals{
      {"affected", s.affected}, {"waiting", s.waiting}, {"imposed_s", seconds(s.imposed)}};
  if (agent_state) totals["avoidable_s"] = seconds(s.avoidable);
  if (!s.waits.empty()) totals["imposed_wait_s"] = seconds(middle(s.waits));
  Finding f = evidence("hold_totals", now, s.affected, std::move(totals));
  f.kind = FindingKind::totals;
  f.template_id.clear();
  out.push_back(std::move(f));
  for (const auto& [id, held] : named) {
    if (const auto line = ways.lines().find(id); line != ways.lines().end()) tell_queues(line->second, now, out);
  }
  if (!s.waits.empty()) tell_answered(s, now, out);
  if (s.waiting > 0 && s.beside > Duration{}) {
    Values values{{"callers", s.waiting},
                                         {"wait_s", seconds(middle(s.late_waits))},
                                         {"longest_s", seconds(quantile_of_sorted(s.late_waits, 1))},
                                         {"free", seconds(s.spare) / seconds(s.beside)}};
    if (!s.usual.empty()) values["usual_s"] = seconds(middle(s.usual));
    out.push_back(evidence("held_beside_free", now, s.waiting, std::move(values)));
  }
  if (s.left > 0) out.push_back(evidence("left_while_held", now, s.left, {{"left", s.left}, {"callers", s.affected}}));
}

}  // namespace hf::detect
