#include "agent/detect/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {

namespace {

double log_of(Duration d) { return std::log(std::max(seconds(d), 1.0)); }

}  // namespace

Duration quantile_of_sorted(const std::vector<Duration>& sample, double q) {
  if (sample.empty()) return Duration{};
  const double at = std::clamp(q, 0.0, 1.0) * static_cast<double>(sample.size() - 1);
  const auto low = static_cast<size_t>(at);
  const size_t high = std::min(low + 1, sample.size() - 1);
  const double part = at - static_cast<double>(low);
  return sample[low] + Duration(std::llround(part * static_cast<double>((sample[high] - sample[low]).count())));
}

Duration quantile(std::vector<Duration> sample, double q) {
  std::sort(sample.begin(), sample.end());
  return quantile_of_sorted(sample, q);
}

Duration median(std::vector<Duration> sample) { return quantile(std::move(sample), 0.5); }

Newest::Newest(std::deque<Duration> values) : values_(std::move(values)), sorted_(values_.begin(), values_.end()) {
  std::sort(sorted_.begin(), sorted_.end());
}

void Newest::add(Duration value, size_t most) {
  values_.push_back(value);
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
  if (values_.size() <= most) return;
  sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), values_.front()));
  values_.pop_front();
}

Dwells::Dwells(const std::deque<Duration>& values) : newest_(values) {
  for (const Duration d : values) logs_.push_back(log_of(d));
}

void Dwells::add(Duration dwell, size_t most) {
  newest_.add(dwell, most);
  logs_.push_back(log_of(dwell));
  if (logs_.size() > most) logs_.pop_front();
}

Usual usual_dwell(const Dwells& sample, Duration prior, Duration notice) {
  constexpr double kSigma0Squared = 0.25;
  constexpr uint32_t kKnowTheMaximum = 30;
  constexpr Duration kSteady = std::chrono::seconds(3);
  Usual u;
  u.samples = static_cast<uint32_t>(sample.size());
  const std::vector<Duration>& sorted = sample.sorted();
  u.median = quantile_of_sorted(sorted, 0.5);
  const Duration spread = quantile_of_sorted(sorted, 0.95) - quantile_of_sorted(sorted, 0.05);
  u.steady = u.samples >= kKnowSteadiness && spread <= kSteady;
  if (u.samples < kFewestSamples) {
    u.upper = std::max(prior, u.median + std::chrono::seconds(2));
  } else {
    double sum = kSigma0Squared;
    const double middle = log_of(u.median);
    for (const double log : sample.logs()) sum += (log - middle) * (log - middle);
    const double sigma = std::sqrt(sum / static_cast<double>(u.samples));
    u.upper = std::max(from_seconds(std::exp(middle + 3 * sigma)), u.median + std::chrono::seconds(2));
    if (u.samples >= kKnowTheMaximum) {
      u.upper = std::min(u.upper, sorted.back() * 3 / 2 + std::chrono::seconds(60));
    }
  }
  if (notice > Duration{}) u.upper = std::max(u.upper, notice + std::chrono::seconds(5));
  return u;
}

double held_nats(Duration excess, double stray) {
  constexpr double kMostFromWaiting = 4;
  if (excess <= kNoticeLength) return 0;
  const double full = std::log(1 / stray);
  if (excess < kHeldLength) return full * seconds(excess - kNoticeLength) / seconds(kHeldLength - kNoticeLength);
  return full + std::min(seconds(excess - kHeldLength) / 60, kMostFromWaiting);
}

double held_step(double rho, double nats) { return std::log(1 - rho + rho * std::exp(nats)); }

double direct_step(double rho) { return std::log1p(-rho); }

PointMass densest(std::vector<Duration> sample, Duration half_width) {
  std::sort(sample.begin(), sample.end());
  PointMass best{.centre = {}, .inside = 0, .of = static_cast<uint32_t>(sample.size())};
  for (size_t first = 0, past = 0; first < sample.size(); ++first) {
    while (past < sample.size() && sample[past] - sample[first] <= 2 * half_width) ++past;
    const auto inside = static_cast<uint32_t>(past - first);
    if (inside <= best.inside) continue;
    best.inside = inside;
    best.centre = sample[first + (past - first) / 2];
  }
  return best;
}

double chance_of_run(uint32_t held, uint32_t straight, uint32_t run) {
  double chance = 1;  // the ratio of the two Beta functions, factor by factor
  for (uint32_t i = 0; i < run; ++i) chance *= (straight + 0.5 + i) / (held + straight + 1.0 + i);
  return chance;
}

}  // namespace hf::detect
