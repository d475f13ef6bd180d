// A clock that the test moves.
#pragma once

#include "hal/platform/clock.hpp"

namespace hf::test {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2))) : now_(start) {}
  Time now() const override { return now_; }
  SteadyTime steady() const override { return SteadyTime(std::chrono::duration_cast<SteadyTime::duration>(passed_)); }
  void advance(Duration by) { now_ += by, passed_ += by; }
  void jump_wall(Duration by) { now_ += by; }  // somebody set the clock

 private:
  Time now_;
  Duration passed_ = std::chrono::hours(1);
};

}  // namespace hf::test
