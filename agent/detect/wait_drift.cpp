#include "agent/detect/wait_drift.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hf::detect {
namespace {

constexpr double kCentre = -0.3;      // ln(load) where the intercept is taken: 74 % busy
constexpr double kStaffCentre = 2.3;  // ln(ten members)
// Days are like the day before: correlation of residuals in a row, so that n days tell as much as n (1 - r) / (1 + r)
// independent ones (a first-order autoregression).
constexpr double kAlike = 0.23;  // as on the untouched days

}  // namespace

void DaySums::add(const DaySums& more) {
  arrivals += more.arrivals, answered += more.answered, answered_wait += more.answered_wait;
  talks += more.talks, talk_time += more.talk_time, minutes += more.minutes, staff_minutes += more.staff_minutes;
}

std::optional<WaitDrift::Point> WaitDrift::point(const DaySums& d) {
  if (d.tainted || d.answered < kFewestAnswered || d.talks < 1 || d.staff_minutes <= 0) return std::nullopt;
  const double talk = std::max(1.0, d.talk_time / d.talks), load = d.arrivals * talk / (d.staff_minutes * 60);
  const double members = d.staff_minutes / std::max(1.0, d.minutes);
  return Point{
      .x = {1, std::log(std::max(0.01, load)) - kCentre, std::log(std::max(0.5, members)) - kStaffCentre},
      .y = std::log(std::max(1.0, d.answered_wait / d.answered) / talk)};
}

bool WaitDrift::working(const DaySums& d) const { return d.arrivals >= usual_arrivals_ / 2; }

// Cramer's rule; the matrix is positive definite from the prior on.
WaitDrift::Row WaitDrift::solve(const Row& right) const {
  const auto det = [](const Row& a, const Row& b, const Row& c) {
    return a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1]);
  };
  const auto& [a, b, c] = precision_;  // symmetric: rows are columns
  const double all = det(a, b, c);
  return {det(right, b, c) / all, det(a, right, c) / all, det(a, b, right) / all};
}

// Posterior mean of the plane and the variance of a new day around it.
void WaitDrift::predict(Point& p) const {
  const Row slopes = solve(moment_), reach = solve(p.x);
  p.residual = p.y - std::inner_product(p.x.begin(), p.x.end(), slopes.begin(), 0.0);
  const double leverage = std::inner_product(p.x.begin(), p.x.end(), reach.begin(), 0.0);
  p.deviation = std::sqrt(squares_ / weight_ * (1 + leverage));
}

double WaitDrift::step(const Point& point, const LoadParameters& p) const {
  const auto tail = [&](double r) { return std::log1p(r * r / (point.deviation * point.deviation * weight_)); };
  return (1 - kAlike) / (1 + kAlike) * (weight_ + 1) / 2 * (tail(point.residual) - tail(point.residual - p.drift_shift));
}

void WaitDrift::judge(const DaySums& day, const LoadParameters& p) {
  day_nats_ = 0;
  auto today = point(day);
  if (!today || !working(day) || learnt_ < p.drift_fewest_days || stands_) return;
  predict(*today);
  day_nats_ = std::max(step(*today, p), -sum_);
  if (sum_ + day_nats_ < p.drift_nats) return;
  excess_ = (excess_ * days_ + today->residual) / (days_ + 1);
  stands_ = true, stood_ = 0, down_ = 0;
}

void WaitDrift::close(const DaySums& day, const LoadParameters& p) {
  day_nats_ = 0;
  usual_arrivals_ += (day.arrivals - usual_arrivals_) * (usual_arrivals_ <= 0 ? 1 : working(day) ? 0.1 : 0.02);
  auto today = point(day);
  if (!today || !working(day)) return;
  predict(*today);
  if (learnt_ >= p.drift_fewest_days) {
    const double nats = step(*today, p);
    days_ = sum_ > 0 ? days_ + 1 : 1;
    excess_ = days_ == 1 ? today->residual : excess_ + (today->residual - excess_) / days_;
    sum_ = std::max(0.0, sum_ + nats);
    down_ = stands_ ? std::max(0.0, down_ - nats) : 0;
  }
  pending_.push_back(*today);
  settle(p);
}

// What came while a drift stood is dropped when waits are as before, and taken as usual when they never come back.
void WaitDrift::settle(const LoadParameters& p) {
  if (stands_) {
    const bool back = down_ > p.drift_nats / 2, usual_now = ++stood_ > p.drift_new_normal;
    if (!back && !usual_now) return;
    if (usual_now)
      for (const Point& day : pending_) learn(day, p);
    pending_.clear();
    stands_ = false, sum_ = 0, days_ = 0;
    return;
  }
  while (static_cast<double>(pending_.size()) > p.drift_pending) {
    learn(pending_.front(), p);
    pending_.pop_front();
  }
}

void WaitDrift::learn(const Point& point, const LoadParameters& p) {
  const double keep = std::exp2(-1 / p.drift_keep_days);
  const double far = std::abs(point.residual) / (2 * point.deviation);  // Huber's weight: an odd day teaches less
  const double w = learnt_ < p.drift_fewest_days || far < 1 ? 1 : 1 / far;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) precision_[i][j] = precision_[i][j] * keep + w * point.x[i] * point.x[j];
    moment_[i] = moment_[i] * keep + w * point.x[i] * point.y;
  }
  if (++learnt_ <= 2) return;  // residuals against the prior say nothing of the spread
  const double r = std::min(std::abs(point.residual), p.drift_clip * point.deviation);
  squares_ = squares_ * keep + w * r * r, weight_ = weight_ * keep + w;
}

}  // namespace hf::detect
