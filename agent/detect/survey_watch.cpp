#include "agent/detect/survey_watch.hpp"

namespace hf::detect {
namespace {

constexpr size_t kQueues = 256;
constexpr double kUsualPoor = 0.2, kUsualLate = 0.1;
constexpr double kNeighbour = 0.2;  // callers wait alike

bool poor(const pbx::SurveyAnswered& a) {
  const int score = a.score.value_or(0);
  switch (a.question) {
    case pbx::SurveyQuestion::nps: return 10 * (score - a.low) <= 6 * (a.high - a.low);
    case pbx::SurveyQuestion::csat: return score + 1 < a.high;
    case pbx::SurveyQuestion::ces: return 2 * (score - a.low) < a.high - a.low;
    case pbx::SurveyQuestion::untold: break;
  }
  return false;
}

Finding about(FindingKind kind, const std::string& queue, Time at) {
  Finding f;
  f.signal = "survey", f.kind = kind, f.queue = queue, f.at = at;
  return f;
}

}  // namespace

SurveyWatch::Watched* SurveyWatch::watched(const std::string& queue) {
  if (queue.empty() || (!queues_.contains(queue) && queues_.size() >= kQueues)) return nullptr;
  return &queues_[queue];
}

void SurveyWatch::on(const calls::Change& change, std::vector<Finding>& out) {
  if (const auto* given = std::get_if<calls::SurveyGiven>(&change.what)) return take(*given, change.at, out);
  const auto* connected = std::get_if<calls::CallConnected>(&change.what);
  if (connected == nullptr || connected->call.stints.empty()) return;
  const auto at = queues_.find(connected->call.answering_queue);  // only queues whose callers are asked
  if (at == queues_.end()) return;
  const calls::Stint& last = connected->call.stints.back();
  at->second.late.step(last.left.value_or(change.at) - last.joined > kLate, kUsualLate, change.at, kNeighbour);
}

void SurveyWatch::take(const calls::SurveyGiven& given, Time at, std::vector<Finding>& out) {
  if (!given.answer.valid()) return;
  heard_ = true;
  Watched* queue = watched(given.queue);
  if (queue == nullptr) return;
  ShareWatch& watch = queue->poor[static_cast<size_t>(given.answer.question) - 1];
  const auto turn = watch.step(poor(given.answer), kUsualPoor, at);
  if (turn == ShareWatch::Turn::none) return;
  if (turn == ShareWatch::Turn::over) return out.push_back(about(FindingKind::cleared, given.queue, at));
  const bool waits_fine = !queue->late.stands() && !queue->late.doubts();
  Finding f = about(waits_fine ? FindingKind::news : FindingKind::evidence, given.queue, at);
  f.since = f.since_low = f.since_high = watch.since();
  f.template_id = "survey", f.sample_size = watch.run_cases();
  f.values = {{"answers", watch.run_hits()}, {"of", watch.run_cases()}, {"usual_share", watch.usual(kUsualPoor)}};
  out.push_back(std::move(f));
}

void SurveyWatch::readings(std::vector<Reading>& out) const {
  for (const auto& [queue, watched] : queues_)
    for (const ShareWatch& w : watched.poor) {
      if (w.cases() == 0) continue;
      Reading r{"survey", {}, queue, w.recent(), {}, w.cases(), ReadingState::unknown};
      if (!w.learning()) {
        r.baseline = w.usual(kUsualPoor);
        r.state = w.stands() ? ReadingState::standing : w.doubts() ? ReadingState::watching : ReadingState::quiet;
      }
      out.push_back(std::move(r));
    }
}

std::optional<SurveyWatch::Worst> SurveyWatch::worst() const {
  std::optional<Worst> found;
  for (const auto& [queue, watched] : queues_)
    for (const ShareWatch& w : watched.poor)
      if (w.stands() && (!found || w.run_hits() > found->poor)) found = Worst{queue, w.run_hits(), w.run_cases(), w.usual(kUsualPoor)};
  return found;
}

}  // namespace hf::detect
