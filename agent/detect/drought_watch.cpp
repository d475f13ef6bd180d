#include "agent/detect/drought_watch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agent/detect/budget.hpp"
#include "agent/detect/load_parameters.hpp"

namespace hf::detect {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1), kUncounted = std::chrono::hours(1);
constexpr Duration kHeardWithin = std::chrono::minutes(10);
constexpr double kLevelWeight = LoadParameters{}.level_weight, kRateShape = LoadParameters{}.rate_shape;
constexpr double kYoung = 3;                          // weeks after which the half hour's mean is half as sure as that
constexpr double kLeastStaff = 0.3;  // members
constexpr size_t kStaffMinutes = 10;
constexpr const char* kSignal = "arrival_drought";

Finding about(FindingKind kind, Time at) {
  Finding f;
  f.signal = kSignal, f.kind = kind, f.at = at;
  return f;
}

}  // namespace

void DroughtWatch::on(const calls::Change& change) {
  if (std::holds_alternative<calls::ObservationLost>(change.what)) {
    for (auto& [id, queue] : queues_) queue.runs = {}, queue.back = {}, queue.arrivals = 0;
    return;
  }
  const auto* joined = std::get_if<calls::CallJoined>(&change.what);
  if (!joined || joined->call.stints.empty()) return;
  const auto& stints = joined->call.stints;
  const std::string& queue = stints.back().queue;
  if (std::any_of(stints.begin(), stints.end() - 1, [&](const calls::Stint& s) { return s.queue == queue; })) return;
  const auto known = queues_.find(queue);
  if (known != queues_.end())
    ++known->second.arrivals;
  else if (queues_.size() < LoadWatch::kQueues)
    queues_[queue].arrivals = 1;
}

void DroughtWatch::hear(const std::vector<Finding>& findings, size_t from) {
  for (size_t i = from; i < findings.size(); ++i) {
    const Finding& f = findings[i];
    const bool news = f.kind == FindingKind::news;
    if (!news && (f.kind != FindingKind::cleared || !f.members.empty())) continue;
    const SignalInfo* known = find_signal(f.signal);
    if (known && known->incident == "source_gap") {
      gaps_ = news;
      for (auto& [id, queue] : queues_) queue.runs = {};  // what was counted may have been silence
    }
    if (known && known->incident == "trunk_failure") trunks_ = news;
  }
}

// What the minute counts for; unset: nothing can be expected in it.
std::optional<DroughtWatch::Minute> DroughtWatch::count(Queue& queue, Time now, const LocalMoment& at,
                                                        const QueueLoad& load) const {
  Minute m{.seen = static_cast<double>(std::exchange(queue.arrivals, 0)), .expected = 0, .shape = 0, .end = now};
  const Baseline& usual = load.baseline();
  const double weeks = usual.seen(at);
  const auto rate = usual.arrivals_per_minute(at);
  if (!at.open || gaps_ || now - last_event_ > kHeardWithin || !rate || weeks < 1) return std::nullopt;
  const auto at_work = load.minutes().staff(kStaffMinutes);
  queue.log_ins = queue.log_ins || at_work.has_value();  // from then on, no member means nobody at work
  const double usual_staff = std::max(kLeastStaff, usual.staff(at).value_or(kLeastStaff));
  queue.staffed = at_work && *at_work >= std::max(0.5, parameters_.least_at_work * usual_staff);
  if (queue.log_ins && !queue.staffed) return std::nullopt;
  m.expected = *rate * (at_work ? std::min(1.0, *at_work / usual_staff) : 1.0);
  m.shape = kRateShape * weeks / (weeks + kYoung);
  return m;
}

double DroughtWatch::level(const Queue& queue, const Run& run) {
  return std::min(1.0, (kLevelWeight + queue.day_seen - run.seen) / (kLevelWeight + queue.day_expected - run.expected));
}

void DroughtWatch::step(Queue& queue, const Minute& m) {
  queue.day_seen += m.seen, queue.day_expected += m.expected;
  for (size_t i = 0; i < kFactors.size(); ++i) {
    Run& run = queue.runs[i];
    if (run.expected <= 0) run.since = m.end - kMinute;
    run.seen += m.seen, run.expected += m.expected;
    run.nats = rate_nats(run.seen, run.expected * level(queue, run), kFactors[i], m.shape);
    if (run.nats <= 0) run = {};
  }
}

// Short droughts that mend themselves are shown and page nobody.
bool DroughtWatch::opens(const Queue& queue, double share, Time now) const {
  const Run& run = queue.best();
  if (!queue.staffed || last_event_ - run.since < (now - run.since) / 2) return false;
  if (trunks_) return run.nats >= kStands + share;
  const double minutes = run.seen > 0 ? parameters_.few_minutes : parameters_.none_minutes;
  return run.nats >= parameters_.opens_nats + share && now - run.since >= from_seconds(60 * minutes);
}

void DroughtWatch::open(const std::string& id, Queue& queue, Time now, std::vector<Finding>& out) const {
  const Run& run = queue.best();
  queue.opened = true, queue.level = level(queue, run), queue.back = {};
  Finding f = about(trunks_ ? FindingKind::evidence : FindingKind::news, now);
  if (trunks_) f.signal = "trunk_failure";
  f.queue = id;
  f.since = f.since_high = run.since, f.since_low = run.since - 5 * kMinute;
  f.template_id = kSignal;
  f.sample_size = static_cast<uint32_t>(std::lround(run.expected * queue.level));
  f.values = {{"callers", run.seen}, {"expected", run.expected * queue.level}, {"span_s", seconds(now - run.since)}};
  out.push_back(std::move(f));
}

// The same test turned round: callers come as usual rather than as few as before.
void DroughtWatch::recover(Queue& queue, const Minute& m, std::vector<Finding>& out) {
  queue.day_seen += m.seen, queue.day_expected += m.expected;
  queue.back.seen += m.seen, queue.back.expected += m.expected;
  const double factor = queue.runs[1].nats > queue.runs[0].nats ? kFactors[1] : kFactors[0];
  queue.back.nats = -rate_nats(queue.back.seen, queue.back.expected * queue.level, factor, m.shape);
  if (queue.back.nats < 0) queue.back = {};
  if (queue.back.nats >= kOver) clear(queue, m.end, out);
}

// All queues share one incident: it is over with the last of them.
void DroughtWatch::clear(Queue& queue, Time now, std::vector<Finding>& out) {
  queue.opened = false, queue.runs = {}, queue.back = {};
  if (std::ranges::none_of(queues_, [](const auto& q) { return q.second.opened; }))
    out.push_back(about(FindingKind::cleared, now));
}

void DroughtWatch::tick(Time now, const LoadWatch& load, std::vector<Finding>& out) {
  if (queues_.empty() || now.time_since_epoch() % kMinute != Duration{}) return;
  const LocalMoment at = load.calendar().at(now - kMinute);
  double all = 0;
  const auto callers = [&](const std::string& id) {
    const QueueLoad* known = load.queue(id);
    return known ? std::max(1.0, known->drift().usual_arrivals()) : 1.0;
  };
  for (const auto& [id, queue] : queues_) all += callers(id);
  for (auto& [id, queue] : queues_) {
    const QueueLoad* known = load.queue(id);
    if (!known) continue;
    if (at.day != queue.day) queue.day = at.day, queue.day_seen = queue.day_expected = 0, queue.runs = {};
    const auto minute = count(queue, now, at, *known);
    if (!minute) {
      if (now - queue.counted < kUncounted) continue;
      queue.runs = {};
      if (queue.opened) clear(queue, now, out);
      continue;
    }
    queue.counted = now;
    if (queue.opened) {
      recover(queue, *minute, out);
      continue;
    }
    step(queue, *minute);
    if (opens(queue, share_nats(callers(id), all), now)) open(id, queue, now, out);
  }
}

void DroughtWatch::readings(std::vector<Reading>& out) const {
  for (const auto& [id, queue] : queues_) {
    Reading r{kSignal, {}, id, {}, {}, 0, ReadingState::unknown};
    if (queue.counted != Time{}) {
      const Run& run = queue.best();
      r.value = run.seen, r.baseline = run.expected * level(queue, run);
      r.sample_size = static_cast<uint32_t>(std::lround(*r.baseline));
      r.state = queue.opened || run.nats >= kStands ? ReadingState::standing
                : run.nats >= kWatching             ? ReadingState::watching
                                                    : ReadingState::quiet;
    }
    out.push_back(std::move(r));
  }
}

}  // namespace hf::detect
