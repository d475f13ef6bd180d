// The last hours of a queue, minute by minute, and what they say: a surge or a drought of arrivals, members missing,
// callers piling up. In: one record a minute. Out: nats and backlogs. Pure; owned by QueueLoad.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

struct MinuteSeen {
  Time at{};  // its end
  uint32_t arrivals = 0;
  std::optional<double> expected;  // arrivals, by the half hour of the week; without the day's level
  double waiting = 0;              // callers waiting at its end
  double usual_waiting = 0;
  std::optional<double> staff;  // members at work
  std::optional<double> usual_staff;
  template <class A>
  void fields(A& a) {
    a("at", at), a("arrivals", arrivals), a("expected", expected), a("waiting", waiting),
        a("usual_waiting", usual_waiting);
    a("staff", staff), a("usual_staff", usual_staff);
  }
};

// ln of the ratio of two negative binomials: `seen` arrivals where `expected` were, if the rate was multiplied by
// `factor` against if it was not, the rate itself being known to a Gamma(shape, shape): the overdispersion.
// = n ln r - (n + a) ln((a + e r) / (a + e)).
double rate_nats(double seen, double expected, double factor, double shape);

struct RateEvidence {
  double nats = 0, seen = 0, expected = 0;  // of the window where nats is largest
  Time since{};
};

class QueueMinutes {
 public:
  static constexpr size_t kMinutes = 180;

  void take(const MinuteSeen& minute);
  // What comes next does not follow what was: a gap in the observation. The day's own level stays known.
  void clear();
  bool empty() const { return minutes_.empty(); }
  size_t size() const { return minutes_.size(); }
  uint32_t arrivals() const;

  // The largest of rate_nats over the last 10 to 90 minutes and the factors, against the day's own level before them:
  // (a + seen) / (a + expected) since the day began, a = `level`. Zero before there are 10 minutes.
  RateEvidence rate(std::initializer_list<double> factors, double shape, double level) const;
  // Callers waiting for each member at work: the mean over the last `minutes` of waiting, through the members now (2 at
  // least: one member's queue says nothing of a floor). Unset while fewer minutes are known.
  std::optional<double> backlog(size_t minutes, double members) const;
  double mean_waiting(size_t minutes) const;
  double mean_usual_waiting(size_t minutes) const;
  // Members at work: mean of the last `minutes` that know it.
  std::optional<double> staff(size_t minutes) const;
  // ln(expected / at work), members at work over the last 5 minutes, expected the least that these two allow:
  // the half hour of the week, times e^`slack`; what was at work 10 to 90 minutes before (the largest mean of 20
  // minutes), changed as the half hours of the week change from then to now. Unset without members or half hours.
  struct Shortage {
    double ln = 0, expected = 0, at_work = 0;
    Time since{};
  };
  std::optional<Shortage> shortage(double slack) const;
  // Callers waiting on average since the day began, up to 25 minutes ago.
  // `prior`: minutes without a wait with which a day begins.
  double waiting_today(double prior) const;

  template <class A>
  void fields(A& a) {
    a("minutes", minutes_), a("day_seen", day_seen_), a("day_expected", day_expected_), a("day_waiting", day_waiting_),
        a("day_minutes", day_minutes_);
  }

  // The day begins anew: its level is not known yet.
  void new_day() { day_seen_ = day_expected_ = day_waiting_ = day_minutes_ = 0; }

 private:
  double staff_mean(size_t ago, size_t minutes, std::optional<double> MinuteSeen::* what) const;

  std::deque<MinuteSeen> minutes_;
  double day_seen_ = 0, day_expected_ = 0;    // minutes of this day, those in minutes_ included
  double day_waiting_ = 0, day_minutes_ = 0;  // of those 25 minutes old and more, in which callers came or waited
};

}  // namespace hf::detect
