// A logistic regression that learns case by case and knows how sure it is of itself. In: features and what came of
// them. Out: a probability. Pure; fixed size; plain doubles in a fixed order, so that a replay gives the same bytes.
#pragma once

#include <array>
#include <cstddef>

#include "hal/platform/archive.hpp"

namespace hf::forecast {

inline constexpr size_t kFeatures = 8;
using Features = std::array<double, kFeatures>;  // the first is 1

class OnlineLogistic {
 public:
  OnlineLogistic() = default;
  // Gaussian prior: a mean and a variance for each weight.
  OnlineLogistic(const Features& mean, const Features& variance);

  // P(event | x) with the weights' uncertainty integrated out: sigmoid(m / sqrt(1 + pi v / 8)), m and v being mean and
  // variance of w'x (MacKay, Neural Computation 4:720-736, 1992, eq. 10).
  double probability(const Features& x) const;
  // One case, counted with `weight` in (0, 1]. A step of the extended Kalman filter for a logistic observation: the
  // curvature of the log likelihood at the mean is added to the precision (rank one, Sherman-Morrison), then one Newton
  // step. O(kFeatures^2), no loop until convergence.
  void learn(const Features& x, bool event, double weight);
  const Features& weights() const { return mean_; }

  template <class A>
  void fields(A& a) {
    a("mean", mean_), a("covariance", covariance_);
  }

 private:
  Features spread(const Features& x) const;  // covariance * x

  Features mean_{};
  std::array<double, kFeatures * kFeatures> covariance_{};
};

double sigmoid(double z);
double logit(double p);  // p is kept within [0.001, 0.999]

}  // namespace hf::forecast
