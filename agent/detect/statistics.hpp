// The arithmetic of the signals: pure functions over small samples. Durations in, durations or nats out; nothing here
// knows a call.
#pragma once

#include <cstdint>
#include <deque>
#include <type_traits>
#include <utility>
#include <vector>

#include "hal/platform/state_archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

// Quantile q in [0, 1] by linear interpolation between order statistics (Hyndman and Fan's type 7); 0 for an empty
// sample.
Duration quantile(std::vector<Duration> sample, double q);
Duration quantile_of_sorted(const std::vector<Duration>& sample, double q);  // in order of size
Duration median(std::vector<Duration> sample);

// How long a line's callers usually take from their arrival to the queue.
struct Usual {
  Duration median{};
  Duration upper{};  // a caller seldom (about 1 in 1,000) takes longer
  uint32_t samples = 0;
  bool steady =
      false;  // all but the odd one take the same time: an announcement and then the queue, no menu to get lost in
  template <class A>
  void fields(A& a) {
    a("median", median), a("upper", upper), a("samples", samples), a("steady", steady);
  }
};

inline constexpr uint32_t kFewestSamples = 3, kKnowSteadiness = 5;

// The newest durations of a kind, kept in order of size as well, so that a quantile costs no sorting. Saved as the values
// alone.
class Newest {
 public:
  Newest() = default;
  explicit Newest(std::deque<Duration> values);  // oldest first
  // The oldest goes when there are more than `most`.
  void add(Duration value, size_t most);
  size_t size() const { return values_.size(); }
  const std::deque<Duration>& values() const { return values_; }
  const std::vector<Duration>& sorted() const { return sorted_; }

  template <class A>
  void fields(A& a) {
    a("values", values_);
    if constexpr (kLoads<A>) *this = Newest(std::move(values_));
  }

 private:
  std::deque<Duration> values_;
  std::vector<Duration> sorted_;
};

// The newest dwells and the logarithms of max(dwell, 1 s), which are dear.
class Dwells {
 public:
  Dwells() = default;
  Dwells(const std::deque<Duration>& values);  // oldest first; not explicit: a list of dwells is one
  void add(Duration dwell, size_t most);
  size_t size() const { return newest_.size(); }
  const std::vector<Duration>& sorted() const { return newest_.sorted(); }
  const std::deque<double>& logs() const { return logs_; }  // oldest first

  template <class A>
  void fields(A& a) {
    newest_.fields(a);
    if constexpr (kLoads<A>) *this = Dwells(newest_.values());
  }

 private:
  Newest newest_;
  std::deque<double> logs_;
};

// Predictive bound of a log-normal with a weak prior, so that it holds from the first calls on: with x = ln(max(dwell,
// 1 s)), sigma^2 = (sigma0^2 + sum (x - m)^2) / n, sigma0 = 0.5, m = ln(median), upper = median * exp(3 sigma), at
// least 2 s above the median, and with 30 samples no more than 1.5 * maximum + 60 s. Below kFewestSamples the bound is
// `prior`. `notice` (an announcement that every caller must hear, from the site model) lifts the bound to notice + 5 s.
// Steady: at least 5 samples, nine tenths of them within 3 s.
Usual usual_dwell(const Dwells& sample, Duration prior, Duration notice);

// Evidence, in nats, that a caller is being held: -ln P(an ordinary caller is still on the way `excess` beyond the
// usual bound beside a free agent). 0 up to 40 s (a new legal notice takes that long), rising to ln(1/stray) at 60 s,
// then 1 nat a minute, 4 at most: a stray caller gives up at some time. `stray` = chance that an ordinary caller gets
// lost before the queue for a minute.
double held_nats(Duration excess, double stray);
inline constexpr Duration kNoticeLength = std::chrono::seconds(40);
inline constexpr Duration kHeldLength = std::chrono::seconds(60);

// One step of a likelihood ratio: a share `rho` of the callers is held. `nats` from held_nats.
double held_step(double rho, double nats);  // ln(1 - rho + rho * exp(nats))
double direct_step(double rho);             // ln(1 - rho): a caller who went straight on

// The densest window of width 2 * half_width: where, and how many values fall into it.
struct PointMass {
  Duration centre{};  // median of the values inside
  uint32_t inside = 0;
  uint32_t of = 0;
};
PointMass densest(std::vector<Duration> sample, Duration half_width);

// How likely a run of `run` callers who go straight on is, if the policy still stands: the mean of (1 - rho)^run over
// the posterior Beta(held + 0.5, straight + 0.5) of the share rho that it holds (Jeffreys' prior) = B(held + 0.5,
// straight + 0.5 + run) / B(held + 0.5, straight + 0.5).
double chance_of_run(uint32_t held, uint32_t straight, uint32_t run);

}  // namespace hf::detect
