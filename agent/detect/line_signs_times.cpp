// Signs in the times of arrivals and answers.
#include <algorithm>
#include <cmath>
#include <vector>

#include "agent/detect/line_signs.hpp"
#include "agent/detect/statistics.hpp"

namespace hf::detect {
namespace {

constexpr Duration kLongestLag = std::chrono::minutes(30), kHalfWidth = std::chrono::seconds(2);

Calls answered(const Calls& calls) {
  Calls some;
  for (const EndedCall& c : calls)
    if (c.connected) some.push_back(c);
  return some;
}

struct Slope {
  double slope = 0, error = 0, spread = 0;  // spread: standard deviation of x
};

Slope least_squares(const Calls& calls) {
  const auto n = static_cast<double>(calls.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
  for (const EndedCall& c : calls) mean_x += c.ahead / n, mean_y += seconds(c.wait()) / n;
  for (const EndedCall& c : calls) {
    const double x = c.ahead - mean_x, y = seconds(c.wait()) - mean_y;
    xx += x * x, xy += x * y, yy += y * y;
  }
  if (xx <= 0) return {};
  const double slope = xy / xx;
  const double rest = std::max(yy - slope * xy, 0.0) / std::max(n - 2, 1.0);
  return {slope, std::sqrt(rest / xx), std::sqrt(xx / n)};
}

}  // namespace

std::optional<Duration> median_wait(const Calls& calls, size_t least) {
  std::vector<Duration> waits;
  for (const EndedCall& c : calls)
    if (c.connected) waits.push_back(c.wait());
  if (waits.size() < least) return std::nullopt;
  return median(std::move(waits));
}

Sign wait_without_load(const Calls& now) {
  Sign s;
  const Calls calls = answered(now);
  s.sample_size = static_cast<uint32_t>(calls.size());
  if (calls.size() < 12) return s;
  const Slope line = least_squares(calls);
  if (line.spread < 1) return s;
  const auto [first, last] = std::ranges::minmax(calls, {}, [](const EndedCall& c) { return *c.connected; });
  s.value = line.slope;
  s.baseline = seconds(*last.connected - *first.connected) / static_cast<double>(calls.size() - 1);
  const bool flat = line.slope + 2 * line.error < *s.baseline / 4;
  s.state = flat && *median_wait(calls, 1) >= kPolicyWait ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"callers", s.sample_size}, {"slope_s", std::max(line.slope, 0.0)}, {"expected_s", *s.baseline}};
  return s;
}

Sign shifted_arrivals(const Calls& now) {
  Sign s;
  std::vector<Time> arrivals, answers;
  for (const EndedCall& c : now) {
    arrivals.push_back(c.arrived);
    if (c.connected) answers.push_back(*c.connected);
  }
  s.sample_size = static_cast<uint32_t>(answers.size());
  if (answers.size() < 5) return s;
  std::vector<Duration> lags;
  for (const Time answer : answers)
    for (const Time arrival : arrivals)
      if (answer >= arrival && answer - arrival < kLongestLag) lags.push_back(answer - arrival);
  const PointMass peak = densest(lags, kHalfWidth);
  const double by_chance = static_cast<double>(lags.size()) * seconds(2 * kHalfWidth) / seconds(kLongestLag);
  const bool sharp = peak.inside * 5 >= answers.size() * 3 && peak.inside >= 5 && peak.inside >= 4 * by_chance;
  s.value = seconds(peak.centre);
  s.state = sharp && peak.centre >= kPolicyWait ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"answers", peak.inside}, {"of", s.sample_size}, {"lag_s", *s.value}};
  return s;
}

Sign constant_queue(const Calls& now) {
  Sign s;
  const Calls calls = answered(now);
  s.sample_size = static_cast<uint32_t>(calls.size());
  if (calls.size() < 10) return s;
  const Duration wait = *median_wait(calls, 1);
  const Time first = std::ranges::min(calls, {}, &EndedCall::arrived).arrived;
  double arrived = 0, apart = 0;
  uint32_t looks = 0;
  for (const EndedCall& at : calls) {
    if (at.arrived - first < wait) continue;  // what came before the window is not known
    int waiting = 0, recent = 0;
    for (const EndedCall& c : calls) {
      if (c.arrived >= at.arrived) continue;
      waiting += *c.connected > at.arrived ? 1 : 0;
      recent += at.arrived - c.arrived < wait ? 1 : 0;
    }
    arrived += recent, apart += std::abs(waiting - recent), ++looks;
  }
  s.value = seconds(wait);
  s.state = ReadingState::quiet;
  const bool enough = looks >= 10 && arrived >= 3.0 * looks && wait >= kPolicyWait;
  if (enough && apart <= 0.1 * arrived) s.state = ReadingState::standing;
  s.values = {{"callers", looks}, {"wait_s", *s.value}};
  return s;
}

}  // namespace hf::detect
