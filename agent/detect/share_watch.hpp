// Does a share rise? A sequential test over single cases, yes or no (CUSUM: Page 1954). In: cases in order. Out: the
// turn, when it comes to stand or is over. Pure; three counters and two sums of state.
#pragma once

#include <cstdint>
#include <optional>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

// Usual share p0 = (c + hits) / (c / share + cases), learnt from every case while nothing points to a change (S below
// kDoubt), c = 2 prior hits at `share`. Tested against p1 = max(3 p0, p0 + 0.2):
//   S = max(0, S + ln(p1 / p0)) for a hit, S = max(0, S + ln((1 - p1) / (1 - p0))) otherwise; it stands at S >=
//   kStands.
// By Lorden's bound (1971) an ordinary stream comes there once in e^13.2 = 540,000 cases at most. It is over when the
// same sum turned round reaches kOver. Below kLearn cases it only learns.
class ShareWatch {
 public:
  static constexpr double kStands = 13.2, kOver = 7, kDoubt = 3;
  static constexpr uint32_t kLearn = 200, kRemember = 4000;
  enum class Turn : uint8_t { none, stands, over };

  // `weight`: what a case tells, 1 if cases are independent of each other.
  Turn step(bool hit, double share, Time at, double weight = 1);
  // p1 of the test, for a usual share p0.
  static double risen(double p0);
  double nats() const { return nats_; }
  bool stands() const { return standing_; }
  bool learning() const { return cases_ < kLearn; }
  bool doubts() const { return nats_ >= kDoubt; }
  uint32_t cases() const { return cases_; }
  double usual(double share) const;
  // Of the cases since the sum last left 0; of the last 50 at least.
  std::optional<double> recent() const;
  uint32_t run_hits() const { return run_hits_; }
  uint32_t run_cases() const { return run_cases_; }
  Time since() const { return since_; }

  template <class A>
  void fields(A& a) {
    a("hits", hits_), a("cases", cases_), a("nats", nats_), a("back", back_), a("run_hits", run_hits_),
        a("run_cases", run_cases_), a("since", since_), a("standing", standing_), a("recent", recent_);
  }

 private:
  void learn(bool hit);

  uint32_t hits_ = 0, cases_ = 0;
  double nats_ = 0, back_ = 0;
  uint32_t run_hits_ = 0, run_cases_ = 0;  // since the sum last left 0
  Time since_{};
  bool standing_ = false;
  double recent_ = 0;  // mean of about the last 50 cases
};

}  // namespace hf::detect
