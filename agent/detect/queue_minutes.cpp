#include "agent/detect/queue_minutes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hf::detect {
namespace {

constexpr std::array<size_t, 7> kWindows{10, 15, 20, 30, 45, 60, 90};
constexpr std::array<size_t, 7> kLags{10, 15, 20, 30, 45, 60, 90};
constexpr size_t kNow = 5, kBefore = 20, kSettled = 25;
constexpr double kLeastUsual = 0.3;

struct Known {  // of a span of minutes: the sum over those that know it
  double sum = 0, minutes = 0;
  double mean() const { return minutes > 0 ? sum / minutes : 0; }
};

// Of so many minutes that ended `ago` minutes back and earlier.
Known known(const std::deque<MinuteSeen>& all, size_t ago, size_t minutes, std::optional<double> MinuteSeen::* what) {
  Known known;
  const size_t from = std::min(ago, all.size()), to = std::min(ago + minutes, all.size());
  auto m = all.rbegin() + static_cast<std::ptrdiff_t>(from);
  for (size_t i = from; i < to; ++i, ++m)
    if ((*m).*what) known.sum += *((*m).*what), known.minutes += 1;
  return known;
}

double mean(const std::deque<MinuteSeen>& all, size_t minutes, double MinuteSeen::* what) {
  double sum = 0;
  const size_t n = std::min(minutes, all.size());
  auto m = all.rbegin();
  for (size_t i = 0; i < n; ++i, ++m) sum += (*m).*what;
  return n == 0 ? 0 : sum / static_cast<double>(n);
}

}  // namespace

double rate_nats(double seen, double expected, double factor, double shape) {
  if (expected <= 0) return 0;
  return seen * std::log(factor) - (seen + shape) * std::log((shape + expected * factor) / (shape + expected));
}

void QueueMinutes::take(const MinuteSeen& minute) {
  minutes_.push_back(minute);
  day_seen_ += minute.arrivals;
  day_expected_ += minute.expected.value_or(minute.arrivals);
  if (minutes_.size() > kMinutes) minutes_.pop_front();
  if (minutes_.size() <= kSettled) return;
  const MinuteSeen& settled = minutes_[minutes_.size() - 1 - kSettled];
  if (settled.arrivals == 0 && settled.waiting <= 0 && day_minutes_ <= 0) return;  // the day has not begun
  day_waiting_ += settled.waiting, day_minutes_ += 1;
}

void QueueMinutes::clear() { minutes_.clear(); }

uint32_t QueueMinutes::arrivals() const {
  uint32_t sum = 0;
  for (const MinuteSeen& m : minutes_) sum += m.arrivals;
  return sum;
}

RateEvidence QueueMinutes::rate(std::initializer_list<double> factors, double shape, double level) const {
  RateEvidence best;
  double seen = 0, expected = 0;
  size_t n = 0;
  auto window = kWindows.begin();
  for (auto m = minutes_.rbegin(); m != minutes_.rend() && window != kWindows.end(); ++m) {
    if (!m->expected) break;
    seen += m->arrivals, expected += *m->expected, ++n;
    if (n != *window) continue;
    ++window;
    const double e =
        expected * (level + std::max(0.0, day_seen_ - seen)) / (level + std::max(0.0, day_expected_ - expected));
    for (const double factor : factors) {
      const double nats = rate_nats(seen, e, factor, shape);
      if (nats > best.nats) best = {nats, seen, e, m->at - std::chrono::minutes(1)};
    }
  }
  return best;
}

double QueueMinutes::mean_waiting(size_t minutes) const { return mean(minutes_, minutes, &MinuteSeen::waiting); }
double QueueMinutes::mean_usual_waiting(size_t minutes) const {
  return mean(minutes_, minutes, &MinuteSeen::usual_waiting);
}

std::optional<double> QueueMinutes::backlog(size_t minutes, double members) const {
  if (minutes_.size() < minutes) return std::nullopt;
  return mean_waiting(minutes) / std::max(2.0, members);
}

std::optional<double> QueueMinutes::staff(size_t minutes) const {
  const Known last = known(minutes_, 0, minutes, &MinuteSeen::staff);
  return last.minutes > 0 ? std::optional(last.mean()) : std::nullopt;
}

double QueueMinutes::staff_mean(size_t ago, size_t minutes, std::optional<double> MinuteSeen::* what) const {
  return known(minutes_, ago, minutes, what).mean();
}

std::optional<QueueMinutes::Shortage> QueueMinutes::shortage(double slack) const {
  const auto now = staff(kNow);
  if (!now || minutes_.size() < kLags.front() + kNow || !minutes_.back().usual_staff) return std::nullopt;
  Shortage s;
  s.at_work = std::max(1.0, *now);
  const double usual = std::max(kLeastUsual, staff_mean(0, kNow, &MinuteSeen::usual_staff));
  for (const size_t lag : kLags) {
    const double before = staff_mean(lag, kBefore, &MinuteSeen::staff);
    const double then = std::max(kLeastUsual, staff_mean(lag, kBefore, &MinuteSeen::usual_staff));
    const double expected = before * std::clamp(usual / then, 0.5, 2.0);
    if (expected <= s.expected) continue;
    s.expected = expected;
    s.since = minutes_.back().at - std::chrono::minutes(lag);
  }
  s.expected = std::min(s.expected, usual * std::exp(slack));
  s.ln = s.expected > 0 ? std::log(s.expected / s.at_work) : 0;
  return s;
}

double QueueMinutes::waiting_today(double prior) const { return day_waiting_ / (day_minutes_ + prior); }

}  // namespace hf::detect
