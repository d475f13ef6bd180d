#include "agent/detect/queue_load.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kPending = 3;                            // half hours: longer than any signal takes to tell
constexpr size_t kHeldBack = 48;                          // while an incident stands
constexpr double kMostOfADay = 0.9;
constexpr Duration kLongestTalk = std::chrono::hours(2);
constexpr double kLeastBacklog = 0.01;
constexpr double kFewestWaiting = 0.5;  // callers, mean of suffering_minutes
constexpr double kSurge = 1.8;  // times the usual arrivals
constexpr double kRather = 1.5;  // times as well supported: the better name

}  // namespace

double QueueLoad::talk_level(const LoadParameters& p) const {
  return level_sum_ / (level_count_ + p.talk_level_weight);
}

void QueueLoad::talk_ended(uint64_t call, Time at, const Calendar& calendar) {
  const auto talk = talks_.under_way(call, at);
  if (!talk) return;
  Baseline::Talk usual = baseline_.talk(calendar.at(at - talk->length));
  const double own = std::log(std::max(seconds(TalkTimes::kShortest), seconds(talk->length))) - talk->beyond;
  const double y = std::clamp(own, usual.mean - 3 * usual.deviation, usual.mean + 3 * usual.deviation);
  half_sums_.talks += 1, half_sums_.talk_time += seconds(std::min(talk->length, kLongestTalk));
  ++half_hour_.talks;
  half_hour_.talk_log += y, half_hour_.talk_log2 += y * y;
  if (half_hour_.by_member.size() < Baseline::kMembers || half_hour_.by_member.contains(talk->agent)) {
    MemberTalks& member = half_hour_.by_member[talk->agent];
    ++member.talks, member.beyond += y + talk->beyond - usual.mean;
  }
  recent_talks_.push_back({at, std::clamp(own - usual.mean, -2 * usual.deviation, 2 * usual.deviation)});
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

void QueueLoad::new_day(int32_t day, const LoadParameters& p) {
  day_ = day;
  drift_.close(sums_, p);
  sums_ = {};
  bad_minutes_ = 0;
  minutes_.new_day();
  level_sum_ = level_count_ = 0;
  recent_talks_.clear();
}

void QueueLoad::minute(Time end, const FloorMinute& floor, const Calendar& calendar, const LoadParameters& p) {
  const LocalMoment at = calendar.at(end - std::chrono::minutes(1));
  while (!recent_talks_.empty() && end - recent_talks_.front().at > from_seconds(60 * p.level_lag_minutes)) {
    level_sum_ += recent_talks_.front().residual, level_count_ += 1;
    recent_talks_.pop_front();
  }
  level_now_ = talk_level(p);
  if (half_hour_.minutes > 0 && (half_hour_.at.slot() != at.slot() || half_hour_.at.day != at.day))
    roll(floor.other || standing_ != LoadCause::none, p);
  if (at.day != day_) new_day(at.day, p);
  count(end, at, floor, p);
  look(end, at, floor, p);
  stand(end, floor, p);
  if (floor.other || standing_ != LoadCause::none) ++bad_minutes_;
}

// Half hours wait until no signal can still find that an incident began in them; while one stands all of them wait,
// and what it touched is dropped.
void QueueLoad::roll(bool frozen, const LoadParameters& p) {
  // The day's sums leave out the half hours of a few calls; it is judged once nine tenths of its callers came.
  if (half_sums_.arrivals >= p.busy_half_hour && half_sums_.staff_minutes >= half_hour_.minutes) sums_.add(half_sums_);
  half_sums_ = {};
  sums_.tainted = bad_minutes_ > p.bad_minutes;
  if (sums_.arrivals >= kMostOfADay * drift_.usual_arrivals()) drift_.judge(sums_, p);
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
  half_sums_.minutes += 1, half_sums_.staff_minutes += floor.at_work.value_or(0);
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
  s.talks = talks_.evidence(now, usual, p);
  s.surge = minutes_.rate({kSurge}, p.rate_shape, p.level_weight);
  s.absent = minutes_.rate({1 / kSurge}, p.rate_shape, p.level_weight);
  const auto span = static_cast<size_t>(p.suffering_minutes);
  s.waiting = minutes_.mean_waiting(span);
  s.usual_waiting = minutes_.mean_usual_waiting(span);
  const auto recent = minutes_.staff(5);
  s.at_work = recent ? *recent : static_cast<double>(talks_.open());
  s.backlog = minutes_.backlog(span, s.at_work);
  // What the rota of a weekday is, no other weekday tells.
  if (baseline_.seen(at) >= 1) s.shortage = minutes_.shortage(p.missing_slack);
  if (floor.emptied && (!s.shortage || s.shortage->ln < p.missing_ln)) {
    const double left = std::max(1.0, floor.at_work.value_or(0));
    s.shortage = {std::log(floor.emptied->before / left), floor.emptied->before, left, floor.emptied->since};
  }
  s.waiting_today = minutes_.waiting_today(p.quiet_prior_minutes);
  s.suffering = suffering(p);
}

std::optional<double> QueueLoad::suffering(const LoadParameters& p) const {
  const LoadPicture& s = picture_;
  // Evidence of a cause, however strong, pages nobody while hardly anybody waits.
  if (!s.backlog || s.waiting < kFewestWaiting || s.waiting < p.least_beyond * s.usual_waiting) return std::nullopt;
  const double today = (s.waiting + 1) / (s.waiting_today + 1 + p.first_caller);
  return std::log(std::max(kLeastBacklog, *s.backlog)) + std::log(std::min(p.most_today, today));
}

std::array<QueueLoad::Weighed, 3> QueueLoad::weigh(const LoadParameters& p) const {
  const LoadPicture& s = picture_;
  const double missing = s.shortage ? s.shortage->ln : 0;
  // Members who go where callers stay away: the centre closes, or its entry failed, which is the drought's to tell.
  const double closing = p.surge_worth * s.absent.nats;
  return {
      {{LoadCause::handling_time, s.talks.nats / p.talk_nats, p.talk_worth * std::max(0.0, s.talks.nats - p.talk_from)},
       {LoadCause::missing_agents, missing / p.missing_ln,
        std::clamp(p.missing_worth * (missing - p.missing_from), 0.0, p.missing_most) - closing},
       {LoadCause::arrival_surge, s.surge.nats / p.surge_nats,
        std::clamp(p.surge_worth * s.surge.nats, 0.0, p.surge_most)}}};
}

std::vector<LoadCause> QueueLoad::shown(const LoadParameters& p) const {
  std::vector<LoadCause> out;
  if (picture_.suffering.value_or(-1) < 0) return out;
  for (const Weighed& w : weigh(p))
    if (w.shown >= 1 && unusual(w, p)) out.push_back(w.cause);
  return out;
}

// More callers wait than on ordinary days at this half hour. What the cause itself shows makes up for part of it, in the
// same unit as for suffering: a busy half hour with talks twice as long is no ordinary one.
bool QueueLoad::unusual(const Weighed& w, const LoadParameters& p) const {
  return picture_.waiting >= p.beyond_usual * std::exp(-std::max(0.0, w.worth)) * picture_.usual_waiting;
}

// The best supported of the causes that are enough together with the suffering. A cause's own evidence is capped in
// the sum, since ordinary waits come with ordinary surges; who is named is decided by all of it: a page that is due gets
// the name of a cause that shows half as much again, though its cap alone would not have paged.
LoadCause QueueLoad::best(const LoadParameters& p) const {
  const double enough = p.enough + p.units_a_nat * picture_.share_nats;
  Weighed most;
  for (const Weighed& w : weigh(p))
    if (picture_.suffering && *picture_.suffering + w.worth >= enough && unusual(w, p) &&
        w.shown > std::max(p.least_shown, most.shown))
      most = w;
  if (most.cause == LoadCause::none) return most.cause;
  const auto causes = weigh(p);
  const Weighed& clearest = *std::ranges::max_element(causes, {}, &Weighed::shown);
  return clearest.shown > kRather * most.shown ? clearest.cause : most.cause;
}

void QueueLoad::stand(Time now, const FloorMinute& floor, const LoadParameters& p) {
  if (standing_ != LoadCause::none) {
    quiet_ = picture_.backlog.value_or(0) < p.quiet_backlog ? static_cast<uint16_t>(quiet_ + 1) : uint16_t{0};
    if (quiet_ >= p.quiet_minutes) standing_ = LoadCause::none;
    return;
  }
  if (floor.other) return;
  standing_ = floor.emptied ? LoadCause::missing_agents : best(p);
  if (standing_ != LoadCause::none) standing_since_ = now, quiet_ = 0;
}

}  // namespace hf::detect
