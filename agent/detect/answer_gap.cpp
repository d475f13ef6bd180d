#include "agent/detect/answer_gap.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr double kLongestStep =
    600;  // seconds between two answers that count at most: a night does not thin out the day

}  // namespace

// The share of this hour's callers who are answered: the hour of the week, and below four callers the hour of the day
// with it.
double AnswerGap::chance(size_t hour) const {
  const Share& day = hours_[hour % 24];
  const Share& week = slots_[hour];
  const double before = (day.answered + 1) / (day.all + 2);
  return (week.answered + 4 * before) / (week.all + 4);
}

void AnswerGap::learn_slot(size_t hour, bool answered, bool learn, const Parameters& p) {
  if (!learn) return;
  const auto keep = static_cast<float>(1 - 1 / p.hour_callers);
  for (Share* share : {&slots_[hour], &hours_[hour % 24]}) {
    share->all = share->all * keep + 1, share->answered *= keep;
    if (answered) share->answered += 1;
  }
}

void AnswerGap::answered(Time at, size_t hour, Duration wait, double staff, const Parameters& p, bool learn) {
  const double nats = gap_nats(gap_);
  if (nats >= p.gap_nats) {
    ended_ = nats, ended_came_ = came_, after_ = {wait, Duration{}};
  } else if (ended_ > 0) {
    if (after_[1] == Duration{})
      after_[1] = wait;
    else
      ended_ = 0;
  }
  if (learn) {
    const double step = last_ ? std::min(seconds(at - *last_), kLongestStep) : 0;
    const double keep = 1 - 1 / p.answers_remembered;
    answers_ = answers_ * keep + 1, exposure_ = exposure_ * keep + step,
    staff_ = staff_ > 0 ? staff_ * keep + staff * (1 - keep) : staff;
    waits_.add(wait);
  }
  learn_slot(hour, true, learn, p);
  last_ = ticked_ = at, gap_ = gap_here_ = 0, came_ = 0, expected_ = 0;
}

void AnswerGap::tick(Time now, size_t hour, size_t waiting, double staff) {
  const double step = std::min(seconds(now - ticked_), 5.0);
  ticked_ = now;
  if (waiting == 0 || !last_) return;
  // Half the rate is taken to follow the log-ins: of those who are logged in not all answer, and those who are left
  // answer more.
  const double here = staff_ > 0 ? std::min(staff / staff_, 1.0) : 1.0;
  gap_ += step * (1 + here) / 2, gap_here_ += step * here;
  if (came_ < waiting)
    expected_ += static_cast<double>(waiting - came_) * chance(hour), came_ = static_cast<uint32_t>(waiting);
}

double AnswerGap::gap_nats(double gap) const {
  if (answers_ < 5 || exposure_ <= 0) return 0;
  const double m = std::min(gap * answers_ / exposure_, expected_);
  return answers_ * std::log1p(m / answers_);
}

double AnswerGap::weigh_for_those_here() const { return gap_nats(gap_here_); }

double AnswerGap::weigh(const Parameters& p) const {
  double nats = gap_nats(gap_);
  if (ended_ > 0 && after_[1] > Duration{})
    nats = std::max(nats, ended_ + waits_.nats(std::min(after_[0], after_[1]), p.prior_callers));
  return nats;
}

void AnswerGap::forget() { last_.reset(), gap_ = gap_here_ = 0, came_ = 0, expected_ = 0, ended_ = 0; }

}  // namespace hf::detect
