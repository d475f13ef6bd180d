#include "hal/pbx/simulated/sim_random.hpp"

#include <cmath>
#include <numbers>

namespace hf::pbx {

namespace {

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;

// splitmix64 (Steele, Lea, Flood 2014)
uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

SimRandom::SimRandom(uint64_t seed, uint64_t stream) : state_(mix(seed + kGolden) ^ mix(mix(stream) + kGolden)) {}

uint64_t SimRandom::bits() { return mix(state_ += kGolden); }

double SimRandom::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
double SimRandom::uniform(double low, double high) { return low + (high - low) * uniform(); }
bool SimRandom::chance(double probability) { return uniform() < probability; }
double SimRandom::exponential(double mean) { return -mean * std::log1p(-uniform()); }

double SimRandom::log_normal(double median, double sigma) {
  const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));  // Box and Muller; the second value is not kept
  return median * std::exp(sigma * radius * std::cos(2.0 * std::numbers::pi * uniform()));
}

double SimRandom::weibull(double scale, double shape) { return scale * std::pow(-std::log1p(-uniform()), 1.0 / shape); }

}  // namespace hf::pbx
