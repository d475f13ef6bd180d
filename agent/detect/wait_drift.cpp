#include "agent/detect/wait_drift.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr double kCentre = -0.3;  // ln(load) where the intercept is taken: 74 % busy
constexpr double kKeep = 0.985;   // of the knowledge, a working day: half of it is left after nine weeks
constexpr double kClip = 2.5;     // standard deviations that one day may count
constexpr size_t kPending = 3, kMostPending = 15;
constexpr uint32_t kNewNormal = 20;  // working days after which a shift is the usual state

}  // namespace

void DaySums::add(const DaySums& more) {
  arrivals += more.arrivals, answered += more.answered, answered_wait += more.answered_wait;
  talks += more.talks, talk_time += more.talk_time, staff_minutes += more.staff_minutes;
}

std::optional<WaitDrift::Point> WaitDrift::point(const DaySums& d) {
  if (d.tainted || d.answered < kFewestAnswered || d.talks < 1 || d.staff_minutes <= 0) return std::nullopt;
  const double load = d.arrivals * (d.talk_time / d.talks) / (d.staff_minutes * 60);
  return Point{.x = std::log(std::max(0.01, load)) - kCentre,
               .y = std::log(std::max(1.0, d.answered_wait / d.answered))};
}

bool WaitDrift::working(const DaySums& d) const { return d.arrivals >= usual_arrivals_ / 2; }

// Posterior mean of the line and the variance of a new day around it.
void WaitDrift::predict(Point& p) const {
  const auto [a, b, c] = precision_;
  const double det = a * c - b * b;
  const double intercept = (c * moment_[0] - b * moment_[1]) / det, slope = (a * moment_[1] - b * moment_[0]) / det;
  const double leverage = (c - 2 * b * p.x + a * p.x * p.x) / det;
  p.residual = p.y - intercept - slope * p.x;
  p.deviation = std::sqrt(squares_ / weight_ * (1 + leverage));
}

double WaitDrift::step(const Point& p) const {
  const double r = std::clamp(p.residual, -kClip * p.deviation, kClip * p.deviation);
  return kShift * (2 * r - kShift) / (2 * p.deviation * p.deviation);
}

void WaitDrift::judge(const DaySums& day) {
  day_nats_ = 0;
  auto p = point(day);
  if (!p || !working(day) || learnt_ < kFewestDays || stands_) return;
  predict(*p);
  day_nats_ = std::max(step(*p), -sum_);
  if (sum_ + day_nats_ < kEnough) return;
  excess_ = (excess_ * days_ + p->residual) / (days_ + 1);
  stands_ = true, stood_ = 0, down_ = 0;
}

void WaitDrift::close(const DaySums& day) {
  day_nats_ = 0;
  usual_arrivals_ += (day.arrivals - usual_arrivals_) * (usual_arrivals_ <= 0 ? 1 : working(day) ? 0.1 : 0.02);
  auto p = point(day);
  if (!p || !working(day)) return;
  predict(*p);
  if (learnt_ >= kFewestDays) {
    const double nats = step(*p);
    days_ = sum_ > 0 ? days_ + 1 : 1;
    excess_ = days_ == 1 ? p->residual : excess_ + (p->residual - excess_) / days_;
    sum_ = std::max(0.0, sum_ + nats);
    down_ = stands_ ? std::max(0.0, down_ - nats) : 0;
  }
  pending_.push_back(*p);
  settle();
}

// What came while a drift stood is dropped when waits are as before, and taken as usual when they never come back.
void WaitDrift::settle() {
  if (stands_) {
    const bool back = down_ > kEnough / 2, usual_now = ++stood_ > kNewNormal;
    if (!back && !usual_now) return;
    if (usual_now)
      for (const Point& p : pending_) learn(p);
    pending_.clear();
    stands_ = false, sum_ = 0, days_ = 0;
    return;
  }
  while (pending_.size() > kMostPending || (pending_.size() > kPending && sum_ < kEnough / 2)) {
    learn(pending_.front());
    pending_.pop_front();
  }
}

void WaitDrift::learn(const Point& p) {
  const double far = std::abs(p.residual) / (2 * p.deviation);  // Huber's weight: an odd day teaches less
  const double w = learnt_ < kFewestDays || far < 1 ? 1 : 1 / far;
  for (double& v : precision_) v *= kKeep;
  for (double& v : moment_) v *= kKeep;
  precision_[0] += w, precision_[1] += w * p.x, precision_[2] += w * p.x * p.x;
  moment_[0] += w * p.y, moment_[1] += w * p.x * p.y;
  if (++learnt_ <= 2) return;  // residuals against the prior say nothing of the spread
  const double r = std::min(std::abs(p.residual), kClip * p.deviation);
  squares_ = squares_ * kKeep + w * r * r, weight_ = weight_ * kKeep + w;
}

}  // namespace hf::detect
