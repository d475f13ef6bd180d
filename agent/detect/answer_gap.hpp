// Answers that stop although callers wait, where nobody tells who is free (a queue_log). In: joins, answers, leaves,
// time, and how many are logged in if the source tells. Out: nats against "answers come as they came before". Owned by
// QueueHolds, one a queue.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "agent/detect/parameters.hpp"
#include "agent/detect/tail.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

class AnswerGap {
 public:
  void joined(Time at) { ++came_, expected_ += chance(at); }
  // `wait`: of the caller who was answered; `staff`: people logged in, 1 where the source does not tell.
  void answered(Time at, Duration wait, double staff, const Parameters& p, bool learn);
  void left(Time at, bool learn) { learn_slot(at, false, learn); }
  // `waiting`: callers who wait now. Time counts while somebody waits and somebody is logged in.
  void tick(Time now, size_t waiting, double staff);
  // nats = a ln(1 + m / a): the answers' rate is known from `a` answers (Gamma), none came where m were expected
  // (Poisson). The answers that end a gap are worth -ln P(wait at least so long) once more, the second such answer
  // counts.
  double weigh(const Parameters& p) const;
  // Callers who came or waited without an answer in the gap.
  uint32_t callers() const { return came_; }
  std::optional<Time> last_answer() const { return last_; }
  // Not among the longest twentieth of waits.
  bool ordinary(Duration wait, const Parameters& p) const { return waits_.nats(wait, p.prior_callers) < 3; }
  void forget();

  template <class A>
  void fields(A& a) {
    a("answers", answers_), a("exposure", exposure_), a("last", last_), a("ticked", ticked_), a("staff", staff_),
        a("gap", gap_), a("came", came_), a("expected", expected_);
    a("ended", ended_), a("after", after_), a("waits", waits_), a("slots", slots_), a("hours", hours_);
  }

 private:
  struct Share {
    float answered = 0, all = 0;
    template <class A>
    void fields(A& a) {
      a("answered", answered), a("all", all);
    }
  };
  double chance(Time at) const;
  void learn_slot(Time at, bool answered, bool learn);
  double gap_nats() const;

  double answers_ = 0, exposure_ = 0;  // fading sums: answers, and the seconds that they took
  double staff_ = 0;                   // people logged in at the answers, fading mean
  std::optional<Time> last_;           // answer
  Time ticked_{};
  double gap_ = 0;       // seconds beside callers since the last answer, at the usual number of people logged in
  uint32_t came_ = 0;    // callers since the last answer
  double expected_ = 0;  // how many of them are usually answered at this hour of the week
  double ended_ = 0;     // nats of the gap that the last answers ended
  std::array<Duration, 2> after_{};  // waits of the first two answers after it
  Tail waits_;
  std::array<Share, 168> slots_{};
  std::array<Share, 24> hours_{};
};

}  // namespace hf::detect
