#include "agent/forecast/online_logistic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hf::forecast {
namespace {

double dot(const Features& a, const Features& b) {
  double sum = 0;
  for (size_t i = 0; i < kFeatures; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

double sigmoid(double z) { return 1 / (1 + std::exp(-std::clamp(z, -30.0, 30.0))); }

double logit(double p) {
  const double kept = std::clamp(p, 0.001, 0.999);
  return std::log(kept / (1 - kept));
}

OnlineLogistic::OnlineLogistic(const Features& mean, const Features& variance) : mean_(mean) {
  for (size_t i = 0; i < kFeatures; ++i) covariance_[i * kFeatures + i] = variance[i];
}

Features OnlineLogistic::spread(const Features& x) const {
  Features out{};
  for (size_t i = 0; i < kFeatures; ++i) {
    for (size_t j = 0; j < kFeatures; ++j) out[i] += covariance_[i * kFeatures + j] * x[j];
  }
  return out;
}

double OnlineLogistic::probability(const Features& x) const {
  const double variance = std::max(0.0, dot(x, spread(x)));
  return sigmoid(dot(mean_, x) / std::sqrt(1 + std::numbers::pi / 8 * variance));
}

void OnlineLogistic::learn(const Features& x, bool event, double weight) {
  const double p = sigmoid(dot(mean_, x));
  const double curvature = std::max(1e-6, p * (1 - p)) * weight;
  const Features before = spread(x);
  const double scale = curvature / (1 + curvature * dot(x, before));
  for (size_t i = 0; i < kFeatures; ++i) {
    for (size_t j = 0; j < kFeatures; ++j) covariance_[i * kFeatures + j] -= before[i] * before[j] * scale;
  }
  const Features after = spread(x);
  for (size_t i = 0; i < kFeatures; ++i) mean_[i] += after[i] * ((event ? 1.0 : 0.0) - p) * weight;
}

}  // namespace hf::forecast
