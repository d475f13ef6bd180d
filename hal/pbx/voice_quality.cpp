#include "hal/pbx/voice_quality.hpp"

#include <algorithm>
#include <cmath>

namespace hf::pbx {

namespace {

double mos_of(double r) {
  if (r <= 0) return 1;
  return r >= 100 ? 4.5 : 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
}

double rating(double loss, double delay_ms) {
  constexpr double kBpl = 25.1;
  const double percent = std::clamp(loss, 0.0, 1.0) * 100;
  const double equipment = 95 * percent / (percent + kBpl);
  double delay = 0;
  if (delay_ms > 100) {
    const double x = std::log2(delay_ms / 100);
    delay = 25 * (std::pow(1 + std::pow(x, 6), 1 / 6.0) - 3 * std::pow(1 + std::pow(x / 3, 6), 1 / 6.0) + 2);
  }
  return 93.2 - delay - equipment;
}

}  // namespace

double mos_lq(double loss) { return mos_of(rating(loss, 0)); }
double mos_cq(double loss, Duration delay) { return mos_of(rating(loss, seconds(delay) * 1e3)); }
uint16_t in_hundredths(double mos) { return static_cast<uint16_t>(std::lround(std::clamp(mos, 1.0, 5.0) * 100)); }

}  // namespace hf::pbx
