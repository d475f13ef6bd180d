// Answers that stop although callers wait, where nobody tells who is free (a queue_log). In: joins, answers, leaves,
// time, and how many are logged in if the source tells. Out: nats against "answers come as they came before". Owned by
// QueueHolds, one a queue.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "agent/detect/calendar.hpp"
#include "agent/detect/parameters.hpp"
#include "agent/detect/tail.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

class AnswerGap {
 public:
  static constexpr size_t kHoursOfTheWeek = 8 * 24;  // seven weekdays, and holidays
  static size_t hour_of(const LocalMoment& local) { return local.row * 24U + local.minute / 60U; }
  // `hour`: of the week by the site's clock, hour_of() below.
  void joined(size_t hour) { ++came_, expected_ += chance(hour); }
  // `wait`: of the caller who was answered; `staff`: people logged in, 1 where the source does not tell.
  void answered(Time at, size_t hour, Duration wait, double staff, const Parameters& p, bool learn);
  void left(size_t hour, bool learn, const Parameters& p = {}) { learn_slot(hour, false, learn, p); }
  // `waiting`: callers who wait now. Time counts while somebody waits and somebody is logged in.
  void tick(Time now, size_t hour, size_t waiting, double staff);
  // nats = a ln(1 + m / a): the answers' rate is known from `a` answers (Gamma), none came where m were expected
  // (Poisson). The answers that end a gap are worth -ln P(wait at least so long) once more, the second such answer
  // counts.
  double weigh(const Parameters& p) const;
  // Between two answers.
  Duration usual() const { return answers_ > 0 ? from_seconds(exposure_ / answers_) : Duration{}; }
  // Twice the usual time has passed since the last one.
  bool overdue(Time at) const { return last_ && at - *last_ >= 2 * usual(); }
  // The same against "answers come as often for each of those who are logged in as they came before": what a shortage
  // of members, however great, does not explain.
  double weigh_for_those_here() const;
  // The gap that has not ended.
  double weigh_open() const { return gap_nats(gap_); }
  // Callers who came or waited without an answer in the gap; in the one that the last answers ended.
  uint32_t callers() const { return ended_ > 0 ? std::max(came_, ended_came_) : came_; }
  std::optional<Time> last_answer() const { return last_; }
  // Not among the longest twentieth of waits.
  bool ordinary(Duration wait, const Parameters& p) const { return waits_.nats(wait, p.prior_callers) < 3; }
  void forget();

  template <class A>
  void fields(A& a) {
    a("answers", answers_), a("exposure", exposure_), a("last", last_), a("ticked", ticked_), a("staff", staff_),
        a("gap", gap_), a("gap_here", gap_here_), a("came", came_), a("expected", expected_);
    a("ended", ended_), a("ended_came", ended_came_), a("after", after_), a("waits", waits_), a("slots", slots_), a("hours", hours_);
  }

 private:
  struct Share {
    float answered = 0, all = 0;
    template <class A>
    void fields(A& a) {
      a("answered", answered), a("all", all);
    }
  };
  double chance(size_t hour) const;
  void learn_slot(size_t hour, bool answered, bool learn, const Parameters& p);
  double gap_nats(double gap) const;

  double answers_ = 0, exposure_ = 0;  // fading sums: answers, and the seconds that they took
  double staff_ = 0;                   // people logged in at the answers, fading mean
  std::optional<Time> last_;           // answer
  Time ticked_{};
  double gap_ = 0;       // seconds beside callers since the last answer, at the usual number of people logged in
  double gap_here_ = 0;  // the same, as many answers taken to come as people are logged in
  uint32_t came_ = 0;    // callers since the last answer
  double expected_ = 0;  // how many of them are usually answered at this hour of the week
  uint32_t ended_came_ = 0;  // callers of the gap that the last answers ended
  double ended_ = 0;     // nats of the gap that the last answers ended
  std::array<Duration, 2> after_{};  // waits of the first two answers after it
  Tail waits_;
  std::array<Share, kHoursOfTheWeek> slots_{};
  std::array<Share, 24> hours_{};
};

}  // namespace hf::detect
