#include "agent/detect/baseline.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr double kTalkMemory = 2000;  // talks; about two days of a busy queue, a week of a small one
constexpr double kMemberMemory = 600, kMemberPrior = 30;  // talks
constexpr double kPriorTalks = 30, kPriorMean = 5.19, kPriorDeviation = 1.0, kDrawnBy = 40;
constexpr double kLeastSpread = 0.09;  // robots with a fixed duration: still 30 % of freedom
// A value beyond these factors of the mean moves it no further than the factor: one odd day is not a habit.
constexpr double kMost = 2.5, kLeast = 0.4, kTrusted = 2;

}  // namespace

void Usually::take(double value, double keep) {
  const double old = static_cast<double>(weight) * keep;
  const double m = static_cast<double>(mean);
  const double v = weight >= kTrusted && m > 0 ? std::clamp(value, kLeast * m, kMost * m) : value;
  weight = static_cast<float>(old + 1);
  mean = static_cast<float>(m + (v - m) / (old + 1));
}

void Baseline::learn(Slot& slot, const HalfHour& seen, double keep) {
  slot.arrivals.take(static_cast<double>(seen.arrivals) / seen.minutes, keep);
  slot.waiting.take(seen.waiting / seen.minutes, keep);
  if (seen.staff_minutes > 0) slot.staff.take(seen.staff / seen.staff_minutes, keep);
}

void Baseline::take(const HalfHour& seen) {
  if (seen.minutes == 0) return;
  learn(slots_[seen.at.slot()], seen, kKeep);
  learn(pooled_[seen.at.half_hour()], seen, kKeepPooled);
  if (seen.talks == 0) return;
  const double n = seen.talks, m = talk(seen.at).mean;
  spread_.take(n, seen.talk_log2 - 2 * m * seen.talk_log + n * m * m, std::max(0.0, 1 - n / kTalkMemory));
  talks_.take(n, seen.talk_log, std::max(0.0, 1 - n / kTalkMemory));
  talks_by_hour_[seen.at.half_hour()].take(n, seen.talk_log, kKeepPooled);
  learn(seen.by_member);
}

void Baseline::learn(const std::map<uint64_t, MemberTalks>& by_member) {
  for (const auto& [member, seen] : by_member) {
    if (members_.size() >= kMembers && !members_.contains(member))
      members_.erase(std::ranges::min_element(members_, {}, [](const auto& m) { return m.second.weight; }));
    members_[member].take(seen.talks, seen.beyond, std::max(0.0, 1 - seen.talks / kMemberMemory));
  }
}

double Baseline::member_talk(uint64_t member) const {
  const auto known = members_.find(member);
  if (known == members_.end()) return 0;
  return known->second.weight * known->second.mean / (known->second.weight + kMemberPrior);
}

void Baseline::Talks::take(double n, double sum, double keep) {
  const double old = weight * keep;
  mean = (old * mean + sum) / (old + n);
  weight = old + n;
}

// Shrinks the week's own slot towards the half hour of the day: (k * pooled + n * own) / (k + n).
std::optional<double> Baseline::mix(const LocalMoment& at, Usually Slot::*what) const {
  const Usually& own = slots_[at.slot()].*what;
  const Usually& all = pooled_[at.half_hour()].*what;
  if (all.weight <= 0) return std::nullopt;
  const double n = own.weight;
  return (kPoolWeight * static_cast<double>(all.mean) + n * static_cast<double>(own.mean)) / (kPoolWeight + n);
}

std::optional<double> Baseline::arrivals_per_minute(const LocalMoment& at) const { return mix(at, &Slot::arrivals); }
std::optional<double> Baseline::staff(const LocalMoment& at) const { return mix(at, &Slot::staff); }
std::optional<double> Baseline::waiting(const LocalMoment& at) const { return mix(at, &Slot::waiting); }

double Baseline::arrivals(Time from, Duration span, const Calendar& calendar) const {
  constexpr Duration kStep = std::chrono::minutes(1);
  double sum = 0;
  for (Time t = from, end = from + span; t < end;) {
    const Time next = std::min(end, Time(t.time_since_epoch() / kStep * kStep) + kStep);
    const double minutes = seconds(next - t) / 60;
    sum += arrivals_per_minute(calendar.at(t)).value_or(0) * minutes;
    t = next;
  }
  return sum;
}

Baseline::Talk Baseline::talk(const LocalMoment& at) const {
  const double all = (talks_.weight * talks_.mean + kPriorTalks * kPriorMean) / (talks_.weight + kPriorTalks);
  const Talks& here = talks_by_hour_[at.half_hour()];
  const double mean = (here.weight * here.mean + kDrawnBy * all) / (here.weight + kDrawnBy);
  const double square = (spread_.weight * spread_.mean + kPriorTalks * kPriorDeviation * kPriorDeviation) /
                        (spread_.weight + kPriorTalks);
  return {mean, std::sqrt(std::max(kLeastSpread, square))};
}

Duration Baseline::typical_handling(const LocalMoment& at) const { return from_seconds(std::exp(talk(at).mean)); }

Duration Baseline::mean_handling(const LocalMoment& at) const {
  const Talk t = talk(at);
  return from_seconds(std::exp(t.mean + t.deviation * t.deviation / 2));
}

}  // namespace hf::detect
