// What is usual for one queue: arrivals, staff and callers waiting by half hour of the week, and how long talks last.
// In: half hours as they were. Out: expectations with their uncertainty. Pure; owned by QueueLoad, which holds back
// what an incident touched.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "agent/detect/calendar.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

// Talks of one member that ended in a half hour: how many, and the sum of ln(length / what is usual then).
struct MemberTalks {
  uint32_t talks = 0;
  double beyond = 0;
  template <class A>
  void fields(A& a) {
    a("talks", talks), a("beyond", beyond);
  }
};

// One half hour as it was seen.
struct HalfHour {
  LocalMoment at;
  uint16_t minutes = 0;                // observed; 0 = nothing is known
  uint32_t arrivals = 0;               // joins of the queue
  double staff = 0;                    // sum over the minutes of members at work
  uint16_t staff_minutes = 0;          // in which that was known
  double waiting = 0;                  // sum over the minutes of callers waiting
  uint32_t talks = 0;                  // that ended
  bool tainted = false;                // an incident stood: not learnt
  double talk_log = 0, talk_log2 = 0;  // sums of ln(seconds), winsorised, without who talked; and of its square
  std::map<uint64_t, MemberTalks> by_member;
  template <class A>
  void fields(A& a) {
    a("day", at.day), a("minute", at.minute), a("row", at.row), a("open", at.open), a("minutes", minutes);
    a("arrivals", arrivals), a("staff", staff), a("staff_minutes", staff_minutes), a("waiting", waiting);
    a("talks", talks), a("talk_log", talk_log), a("talk_log2", talk_log2), a("tainted", tainted),
        a("by_member", by_member);
  }
};

// A mean that forgets, with the weight of evidence behind it, in half hours of the same kind.
struct Usually {
  float mean = 0, weight = 0;
  // Takes one more value: the old weight times `keep` stays.
  void take(double value, double keep);
  template <class A>
  void fields(A& a) {
    a("mean", mean), a("weight", weight);
  }
};

class Baseline {
 public:
  static constexpr size_t kMembers = 256;
  // How each slot of the week forgets: a value of `n` weeks ago counts keep^n. 0.85: half of it after four weeks.
  static constexpr double kKeep = 0.85;
  // The same for the pooled half hours of a day, which see five to seven values a week.
  static constexpr double kKeepPooled = 0.9;
  // The week's own slot counts as much as the pooled one when it was seen this often.
  static constexpr double kPoolWeight = 1.0;

  void take(const HalfHour& seen);

  // Arrivals per minute, usual for this half hour of the week; a weekday not seen before is taken from the other days.
  // Unset: this half hour was never seen on any day.
  std::optional<double> arrivals_per_minute(const LocalMoment& at) const;
  // Expected arrivals in [from, from + span), without the day's own level; half hours never seen count 0.
  double arrivals(Time from, Duration span, const Calendar& calendar) const;
  // Members at work, usual for this half hour of the week; unset as above.
  std::optional<double> staff(const LocalMoment& at) const;
  // Callers waiting at a time, usual for this half hour of the week.
  std::optional<double> waiting(const LocalMoment& at) const;
  // How often this very half hour of the week was seen, with forgetting: 0 = the answer above is pooled over all days.
  double seen(const LocalMoment& at) const { return slots_[at.slot()].arrivals.weight; }

  // ln(handling time / 1 s): mean and standard deviation of talks that begin in this half hour of the day. A prior of
  // 180 s, 1.0 counts as 30 talks; the half hour is drawn towards all talks by 40.
  struct Talk {
    double mean = 5.19, deviation = 1.0;
    template <class A>
    void fields(A& a) {
      a("mean", mean), a("deviation", deviation);
    }
  };
  Talk talk(const LocalMoment& at) const;
  // What this member's mean ln(length) differs from that by: members differ by a fifth, and who is at work changes from
  // hour to hour. 0 for one never heard; 30 talks are worth as much as that prior. The last 600 talks of each of 256
  // members.
  double member_talk(uint64_t member) const;
  double talks_seen() const { return talks_.weight; }
  Duration typical_handling(const LocalMoment& at) const;  // median of the log-normal
  Duration mean_handling(const LocalMoment& at) const;     // its mean, exp(m + s^2 / 2)

  template <class A>
  void fields(A& a) {
    a("slots", slots_), a("pooled", pooled_), a("talks", talks_), a("talks_by_hour", talks_by_hour_),
        a("spread", spread_), a("members", members_);
  }

 private:
  struct Slot {
    Usually arrivals, staff, waiting;
    template <class A>
    void fields(A& a) {
      a("arrivals", arrivals), a("staff", staff), a("waiting", waiting);
    }
  };
  void learn(const std::map<uint64_t, MemberTalks>& by_member);
  static void learn(Slot& slot, const HalfHour& seen, double keep);
  std::optional<double> mix(const LocalMoment& at, Usually Slot::*what) const;

  std::array<Slot, kRows * kHalfHours> slots_{};
  std::array<Slot, kHalfHours> pooled_{};
  struct Talks {
    double weight = 0, mean = 0;  // decayed number of talks, mean of their ln
    void take(double n, double sum, double keep);
    template <class A>
    void fields(A& a) {
      a("weight", weight), a("mean", mean);
    }
  };
  Talks talks_;
  std::array<Talks, kHalfHours> talks_by_hour_{};
  Talks spread_;  // mean of the squared distance from the half hour's mean
  std::map<uint64_t, Talks> members_;
};

}  // namespace hf::detect
