#include "agent/detect/queue_load.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kPending = 3;                            // half hours: longer than any signal takes to tell
constexpr size_t kHeldBack = 48;                          // while an incident stands
constexpr Duration kLevelLag = std::chrono::minutes(45);  // younger talks do not move the level they are judged by
constexpr size_t kBacklogMinutes = 20;
constexpr uint16_t kBadMinutes = 30;  // of a day whose waits then say something else
constexpr double kMostOfADay = 0.9, kBusyHalfHour = 5;
constexpr Duration kLongestTalk = std::chrono::hours(2);
constexpr uint16_t kQuietMinutes = 30;
constexpr double kQuietBacklog = 0.5;
// ln(expected / at work) that is worth a nat: with a standard deviation of 0.2, d(x^2 / 2 sd^2) = 1 at x = 0.55.
constexpr double kLnANat = 0.07;
constexpr double kHalfACaller = 0.5;  // a morning without waits is no measure

}  // namespace

double QueueLoad::talk_level(const LoadParameters& p) const {
  return level_sum_ / (level_count_ + p.talk_level_weight);
}

void QueueLoad::talk_ended(uint64_t call, Time at, const Calendar& calendar) {
  const auto length = talks_.length(call, at);
  if (!length) return;
  Baseline::Talk usual = baseline_.talk(calendar.at(at - *length));
  const double y = std::log(std::max(seconds(TalkTimes::kShortest), seconds(*length)));
  const double winsorised = std::clamp(y, usual.mean - 3 * usual.deviation, usual.mean + 3 * usual.deviation);
  half_sums_.talks += 1, half_sums_.talk_time += seconds(std::min(*length, kLongestTalk));
  ++half_hour_.talks;
  half_hour_.talk_log += winsorised, half_hour_.talk_log2 += winsorised * winsorised;
  recent_talks_.push_back({at, std::clamp(y - usual.mean, -2 * usual.deviation, 2 * usual.deviation)});
  if (recent_talks_.size() > TalkTimes::kTalks) recent_talks_.pop_front();
  usual.mean += level_now_;
  (void)talks_.ended(call, at, usual);
}

void QueueLoad::agent_done(uint64_t agent, Time at, const Calendar& calendar) {
  if (const auto call = talks_.talk_of(agent)) talk_ended(*call, at, calendar);
}

void QueueLoad::observation_lost() {
  minutes_.clear();
  talks_.forget_open();
  arrivals_ = 0;
  half_hour_ = {};
}

void QueueLoad::new_day(int32_t day) {
  day_ = day;
  drift_.close(sums_);
  sums_ = {};
  bad_minutes_ = 0;
  minutes_.new_day();
  level_sum_ = level_count_ = 0;
  recent_talks_.clear();
}

void QueueLoad::minute(Time end, const FloorMinute& floor, const Calendar& calendar, const LoadParameters& p) {
  const LocalMoment at = calendar.at(end - std::chrono::minutes(1));
  while (!recent_talks_.empty() && end - recent_talks_.front().at > kLevelLag) {
    level_sum_ += recent_talks_.front().residual, level_count_ += 1;
    recent_talks_.pop_front();
  }
  level_now_ = talk_level(p);
  if (half_hour_.minutes > 0 && (half_hour_.at.slot() != at.slot() || half_hour_.at.day != at.day))
    roll(floor.other || standing_ != LoadCause::none);
  if (at.day != day_) new_day(at.day);
  count(end, at, floor, p);
  look(end, at, floor, p);
  stand(end, floor, p);
  if (floor.other || standing_ != LoadCause::none) ++bad_minutes_;
}

// Half hours wait until no signal can still find that an incident began in them; while one stands all of them wait,
// and what it touched is dropped.
void QueueLoad::roll(bool frozen) {
  // The day's sums leave out the half hours of a few calls; it is judged once nine tenths of its callers came.
  if (half_sums_.arrivals >= kBusyHalfHour && half_sums_.staff_minutes >= half_hour_.minutes) sums_.add(half_sums_);
  half_sums_ = {};
  sums_.tainted = bad_minutes_ > kBadMinutes;
  if (sums_.arrivals >= kMostOfADay * drift_.usual_arrivals()) drift_.judge(sums_);
  half_hour_.tainted = frozen;
  if (frozen)
    for (HalfHour& h : pending_) h.tainted = true;
  pending_.push_back(half_hour_);
  half_hour_ = {};
  while (pending_.size() > kPending) {
    if (!pending_.front().tainted) baseline_.take(pending_.front());
    pending_.pop_front();
  }
}

void QueueLoad::count(Time end, const LocalMoment& at, const FloorMinute& floor, const LoadParameters&) {
  half_hour_.at = at;
  ++half_hour_.minutes;
  half_hour_.arrivals += arrivals_;
  half_sums_.arrivals += arrivals_;
  half_sums_.staff_minutes += floor.at_work.value_or(0);
  half_hour_.waiting += floor.waiting;
  if (floor.at_work) half_hour_.staff += *floor.at_work, ++half_hour_.staff_minutes;
  minutes_.take({end, arrivals_, baseline_.arrivals_per_minute(at), floor.waiting, baseline_.waiting(at).value_or(0),
                 floor.at_work, baseline_.staff(at)});
  arrivals_ = 0;
}

void QueueLoad::look(Time now, const LocalMoment& at, const FloorMinute& floor, const LoadParameters& p) {
  LoadPicture& s = picture_;
  s = {};
  s.share_nats = floor.share_nats;
  Baseline::Talk usual = baseline_.talk(at);
  usual.mean += level_now_;
  s.usual_talk_s = std::exp(usual.mean);
  s.talks = talks_.evidence(now, usual, p.talk_wander);
  s.surge = minutes_.rate({1.8, 2.2}, p.rate_shape, p.level_weight);
  s.waiting = minutes_.mean_waiting(kBacklogMinutes);
  s.usual_waiting = minutes_.mean_usual_waiting(kBacklogMinutes);
  const auto recent = minutes_.staff(5);
  s.at_work = recent.value_or(static_cast<double>(talks_.open()));
  s.backlog = minutes_.backlog(kBacklogMinutes, s.at_work);
  // What the rota of a weekday is, no other weekday tells.
  if (baseline_.seen(at) >= 1) s.shortage = minutes_.shortage(p.missing_slack);
  s.waiting_today = minutes_.waiting_today();
}

// Cause and wait must both be there: their sum would call every busy hour a surge, since ordinary waits come with
// ordinary surges.
std::array<QueueLoad::Weighed, 3> QueueLoad::weigh(const LoadParameters& p) const {
  const LoadPicture& s = picture_;
  const bool suffer = s.backlog && s.waiting >= p.beyond_usual * s.usual_waiting;
  const auto weight = [&](double shown, double enough, double backlog, double beyond_today) {
    return suffer && *s.backlog >= backlog && s.waiting >= beyond_today * (s.waiting_today + kHalfACaller)
               ? shown / enough
               : 0;
  };
  const double missing = s.shortage ? s.shortage->ln : 0;
  return {{{LoadCause::handling_time,
            weight(s.talks.nats, p.talk_nats + s.share_nats, p.talk_backlog, p.talk_beyond_today)},
           {LoadCause::missing_agents,
            weight(missing, p.missing_ln + kLnANat * s.share_nats, p.missing_backlog, p.missing_beyond_today)},
           {LoadCause::arrival_surge,
            weight(s.surge.nats, p.surge_nats + s.share_nats, p.surge_backlog, p.surge_beyond_today)}}};
}

std::vector<LoadCause> QueueLoad::shown(const LoadParameters& p) const {
  std::vector<LoadCause> out;
  for (const Weighed& w : weigh(p))
    if (w.weight >= 1) out.push_back(w.cause);
  return out;
}

// The best supported cause: the one whose evidence exceeds what it needs by the largest factor.
LoadCause QueueLoad::best(const LoadParameters& p) const {
  const auto all = weigh(p);
  const auto most =
      std::max_element(all.begin(), all.end(), [](const Weighed& a, const Weighed& b) { return a.weight < b.weight; });
  return most->weight >= 1 ? most->cause : LoadCause::none;
}

void QueueLoad::stand(Time now, const FloorMinute& floor, const LoadParameters& p) {
  if (standing_ != LoadCause::none) {
    quiet_ = picture_.backlog.value_or(0) < kQuietBacklog ? static_cast<uint16_t>(quiet_ + 1) : uint16_t{0};
    if (quiet_ >= kQuietMinutes) standing_ = LoadCause::none;
    return;
  }
  if (floor.other) return;
  standing_ = best(p);
  if (standing_ != LoadCause::none) standing_since_ = now, quiet_ = 0;
}

}  // namespace hf::detect
