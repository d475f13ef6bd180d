// Members who leave a queue together, in the middle of its work. In: how many are at work, whenever somebody comes or
// waits. Out: nats of the departure that stands. Owned by QueueHolds, one a queue. Limit: 64 counts of two minutes.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "agent/detect/parameters.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

class Departures {
 public:
  // At most one count of 5 s is kept. `learn`: this is ordinary work.
  void count(Time now, double members, bool learn, const Parameters& p = {});
  // -ln P(so large a departure stands), P = (max(prior / 200, 1/2) + counts in which one stood) / (prior + all counts);
  // p.departed_nats at most; 0 when members came back, or after ten minutes. prior: p.prior_callers.
  double nats(Time now, const Parameters& p = {}) const;

  // Four members or more (three of three is how a small floor closes), and of all who were there at least 63 in 100,
  // logged out within two minutes, nobody came for two more (a change of shifts is over by then), and it is not ten
  // minutes ago.
  struct Emptied {
    Time since{};
    double before = 0, gone = 0;  // members
  };
  std::optional<Emptied> emptied(Time now, const Parameters& p = {}) const;
  // When the departure that stands was seen; unset: none stands.
  std::optional<Time> since() const { return class_ > 0 ? std::optional(left_) : std::nullopt; }

  template <class A>
  void fields(A& a) {
    a("recent", recent_), a("counts", counts_), a("at_least", at_least_), a("left", left_), a("class", class_),
        a("own", own_), a("middle", middle_), a("before", before_), a("gone", gone_);
  }

 private:
  static constexpr std::array<double, 4> kLn{0.5, 1.0, 1.5, 2.0};  // of members before / after
  std::deque<std::pair<Time, double>> recent_;
  uint32_t counts_ = 0;
  std::array<uint32_t, kLn.size()> at_least_{};
  Time left_{};         // when the departure that stands was seen
  uint32_t class_ = 0;  // how many of kLn it reached; 0: none stands
  uint32_t own_ = 0;    // counts since this one began
  double middle_ = 0;   // with so many members at work it is over
  double before_ = 0, gone_ = 0;  // members before it; members who went
};

}  // namespace hf::detect
