#include "agent/detect/budget.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {

double share_nats(double own, double all) {
  const double part = std::max(1.0, own), whole = std::max(part, all);
  return std::min(8.0, std::log(whole / part));
}

}  // namespace hf::detect
