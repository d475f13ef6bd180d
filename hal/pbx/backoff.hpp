// How long to wait before the next try: doubling, capped, and spread so that many boxes do not knock in step.
#pragma once

#include <chrono>

#include "hal/platform/clock.hpp"

namespace hf::pbx {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most) : first_(first), most_(most), next_(first) {}

  // Between half of the present step and all of it; the step then doubles up to `most`. Never zero.
  std::chrono::milliseconds next(Random& random);
  void reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_, most_, next_;
};

}  // namespace hf::pbx
