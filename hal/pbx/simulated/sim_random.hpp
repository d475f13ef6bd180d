// Chance for the simulator: the same seed and stream give the same numbers with every standard library, unlike std::*_distribution.
#pragma once

#include <cstdint>

namespace hf::pbx {

class SimRandom {
 public:
  // Streams of one seed are independent: a scenario that draws more in one of them changes nothing in the others.
  explicit SimRandom(uint64_t seed = 0, uint64_t stream = 0);

  uint64_t bits();
  double uniform();                       // [0, 1)
  double uniform(double low, double high);
  bool chance(double probability);
  double exponential(double mean);
  double log_normal(double median, double sigma);   // exp(N(ln median, sigma))
  double weibull(double scale, double shape);       // by inversion of 1 - exp(-(x/scale)^shape)

 private:
  uint64_t state_;
};

}  // namespace hf::pbx
