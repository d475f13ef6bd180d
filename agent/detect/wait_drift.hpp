// Signal "wait_drift": waits that stay longer than load and staff explain, day after day. In: the sums of each working
// day. Out: nats, and whether it stands. Pure; owned by QueueLoad.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "agent/detect/load_parameters.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

// One local day of a queue so far. Waits and talks in seconds.
struct DaySums {
  double arrivals = 0, answered = 0, answered_wait = 0, talks = 0, talk_time = 0;
  double minutes = 0, staff_minutes = 0;
  void add(const DaySums& more);
  bool tainted = false;  // an incident of some hours stood: the day judges nothing and teaches nothing
  template <class A>
  void fields(A& a) {
    a("arrivals", arrivals), a("answered", answered), a("answered_wait", answered_wait), a("talks", talks),
        a("talk_time", talk_time), a("minutes", minutes), a("staff_minutes", staff_minutes), a("tainted", tainted);
  }
};

// y = ln(mean wait of the answered / mean talk) is predicted by ln(load), load = arrivals * mean talk / time of members at
// work, and ln(members at work), by Bayesian linear regression with forgetting. In every queue model (Erlang-A, G/G/n) a
// wait at given load and floor is a multiple of the talk, so talks are its unit and no third regressor; large floors make
// callers wait less at the same load. On real days ln(wait) has a standard deviation of 0.52; load leaves 0.19 of it, both
// together, in talks, 0.16. A CUSUM (Page 1954) of the log-likelihood ratio of y shifted by ln 1.3 against y as predicted, both by
// the predictive Student's t of the regression, since its spread is known from so many days only. All days are learnt alike,
// drift_pending working days late, unless it stands: who leaves out odd days learns only the short waits.
class WaitDrift {
 public:
  static constexpr double kFewestAnswered = 50;

  // The day so far is as good as over: judged, once. Days with too few calls or tainted are passed over.
  void judge(const DaySums& day, const LoadParameters& p);
  // The day is over: learnt in time.
  void close(const DaySums& day, const LoadParameters& p);

  bool stands() const { return stands_; }
  double nats() const { return sum_ + day_nats_; }
  double excess() const { return excess_; }  // mean of ln(wait / predicted) over the days that count
  uint32_t days() const { return days_; }
  // Working days' arrivals, usual: a day with less than half of them is no working day.
  double usual_arrivals() const { return usual_arrivals_; }

  template <class A>
  void fields(A& a) {
    a("precision", precision_), a("moment", moment_), a("squares", squares_), a("weight", weight_),
        a("learnt", learnt_), a("pending", pending_), a("sum", sum_), a("day_nats", day_nats_), a("down", down_),
        a("excess", excess_), a("days", days_), a("usual_arrivals", usual_arrivals_), a("stands", stands_),
        a("stood", stood_);
  }

 private:
  using Row = std::array<double, 3>;  // 1, ln(load), ln(members at work), the latter two centred
  struct Point {
    Row x{};
    double y = 0, residual = 0, deviation = 0.3;
    template <class A>
    void fields(A& a) {
      a("x", x), a("y", y), a("residual", residual), a("deviation", deviation);
    }
  };
  static std::optional<Point> point(const DaySums& day);
  bool working(const DaySums& day) const;
  void predict(Point& p) const;
  double step(const Point& point, const LoadParameters& p) const;  // nats of one day
  void learn(const Point& point, const LoadParameters& p);
  void settle(const LoadParameters& p);
  Row solve(const Row& right) const;  // precision_^-1 * right

  // Precision matrix and moment of intercept and slopes; the prior: -1.2, 2.5 and -0.5, worth 1, 4 and 4 days.
  std::array<Row, 3> precision_{Row{1, 0, 0}, Row{0, 4, 0}, Row{0, 0, 4}};
  Row moment_{-1.2, 10, -2};
  double squares_ = 0.16, weight_ = 4;
  uint32_t learnt_ = 0;
  std::deque<Point> pending_;  // days not learnt yet: a drift may have begun in them
  double sum_ = 0, day_nats_ = 0, down_ = 0, excess_ = 0;
  uint32_t days_ = 0;
  double usual_arrivals_ = 0;
  bool stands_ = false;
  uint32_t stood_ = 0;  // working days
};

}  // namespace hf::detect
