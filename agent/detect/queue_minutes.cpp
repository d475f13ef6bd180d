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
constexpr double kQuietPrior = 90;  // a day begins with as many minutes without a wait

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
  for (auto m = minutes_.rbegin(); m != minutes_.rend(); ++m) {
    if (!m->expected) break;
    seen += m->arrivals, expected += *m->expected, ++n;
    if (std::find(kWindows.begin(), kWindows.end(), n) == kWindows.end()) continue;
    const double e =
        expected * (level + std::max(0.0, day_seen_ - seen)) / (level + std::max(0.0, day_expected_ - expected));
    for (const double factor : factors) {
      const double nats = rate_nats(seen, e, factor, shape);
      if (nats > best.nats) best = {nats, seen, e, m->at - std::chrono::minutes(1)};
    }
  }
  return best;
}

double QueueMinutes::mean_waiting(size_t minutes) const {
  double sum = 0;
  const size_t n = std::min(minutes, minutes_.size());
  for (size_t i = 0; i < n; ++i) sum += minutes_[minutes_.size() - 1 - i].waiting;
  return n == 0 ? 0 : sum / static_cast<double>(n);
}

double QueueMinutes::mean_usual_waiting(size_t minutes) const {
  double sum = 0;
  const size_t n = std::min(minutes, minutes_.size());
  for (size_t i = 0; i < n; ++i) sum += minutes_[minutes_.size() - 1 - i].usual_waiting;
  return n == 0 ? 0 : sum / static_cast<double>(n);
}

std::optional<double> QueueMinutes::backlog(size_t minutes, double members) const {
  if (minutes_.size() < minutes) return std::nullopt;
  return mean_waiting(minutes) / std::max(2.0, members);
}

std::optional<double> QueueMinutes::staff(size_t minutes) const {
  double sum = 0, n = 0;
  for (size_t i = 0; i < std::min(minutes, minutes_.size()); ++i) {
    const MinuteSeen& m = minutes_[minutes_.size() - 1 - i];
    if (m.staff) sum += *m.staff, n += 1;
  }
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

double QueueMinutes::staff_mean(size_t ago, size_t minutes, std::optional<double> MinuteSeen::* what) const {
  double sum = 0, n = 0;
  for (size_t i = ago; i < std::min(ago + minutes, minutes_.size()); ++i) {
    const MinuteSeen& m = minutes_[minutes_.size() - 1 - i];
    if (m.*what) sum += *(m.*what), n += 1;
  }
  return n > 0 ? sum / n : 0;
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

double QueueMinutes::waiting_today() const { return day_waiting_ / (day_minutes_ + kQuietPrior); }

}  // namespace hf::detect
