#include "agent/detect/share_watch.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {
constexpr double kPriorHits = 2, kForget = 1.0 / 50;
constexpr uint32_t kFewest = 20;
}  // namespace

double ShareWatch::usual(double share) const {
  return std::clamp((kPriorHits + hits_) / (kPriorHits / share + cases_), 1e-4, 0.7);
}

std::optional<double> ShareWatch::recent() const {
  if (cases_ < kFewest) return std::nullopt;
  return recent_;
}

void ShareWatch::learn(bool hit) {
  ++cases_;
  hits_ += hit ? 1u : 0u;
  if (cases_ < kRemember) return;
  cases_ /= 2, hits_ /= 2;
}

double ShareWatch::risen(double p0) { return std::min(std::max(3 * p0, p0 + 0.2), 0.95); }

ShareWatch::Turn ShareWatch::step(bool hit, double share, Time at, double weight) {
  const double p0 = usual(share), p1 = risen(p0);
  const double nats = weight * (hit ? std::log(p1 / p0) : std::log((1 - p1) / (1 - p0)));
  recent_ += ((hit ? 1.0 : 0.0) - recent_) * std::max(kForget, 1.0 / (cases_ + 1.0));
  if (!standing_ && !doubts()) learn(hit);
  if (learning()) return Turn::none;
  if (standing_) {
    ++run_cases_, run_hits_ += hit ? 1u : 0u;
    back_ = std::max(0.0, back_ - nats);
    if (back_ < kOver) return Turn::none;
    standing_ = false, nats_ = back_ = 0;
    return Turn::over;
  }
  if (nats_ <= 0) since_ = at, run_hits_ = run_cases_ = 0;
  ++run_cases_, run_hits_ += hit ? 1u : 0u;
  nats_ = std::max(0.0, nats_ + nats);
  if (nats_ < kStands) return Turn::none;
  standing_ = true, back_ = 0;
  return Turn::stands;
}

}  // namespace hf::detect
