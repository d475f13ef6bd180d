#include "agent/forecast/queue_forecast.hpp"

#include <algorithm>
#include <cmath>

namespace hf::forecast {
namespace {

using std::chrono::minutes;

constexpr Duration kLongestWithin = std::chrono::hours(1);
constexpr size_t kClimatology = 3;     // of the features
constexpr double kObservedShare = 0.95;  // of a window: below it the outcome is not known

// What any queue has in common, as far as it can be said before the first call: a window is missed when the last ones
// were, when this hour of the week is bad, when load presses on the staff and when callers wait. The variances leave
// each weight free to become 0 or three times as large within days (README.md).
constexpr Features kPriorMean{0.5, 0.3, 0.3, 0.5, 0.5, 0.5, 0.3, 0.3};
constexpr Features kPriorVariance{1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};

size_t place(Time start, size_t size) {
  return static_cast<size_t>(std::chrono::floor<minutes>(start).time_since_epoch().count()) % size;
}

uint16_t small(uint32_t n) { return static_cast<uint16_t>(std::min<uint32_t>(n, UINT16_MAX)); }

// Shrunk towards `usual` by two calls, so that one call is no catastrophe.
double late_share(double late, double decided, double usual) { return (late + 2 * usual) / (decided + 2); }

}  // namespace

QueueForecast::QueueForecast() {
  for (Horizon& horizon : horizons_) horizon.model = OnlineLogistic(kPriorMean, kPriorVariance);
}

void QueueForecast::on(const metrics::Minute& m) {
  if (m.start > newest_) {
    const Time from = std::max(newest_ + minutes(1), m.start - minutes(kKept - 1));
    for (Time skipped = from; skipped <= m.start; skipped += minutes(1)) minutes_[place(skipped, kKept)] = Kept{};
    newest_ = m.start;
    within_ = std::clamp(m.service_level, Duration(1), kLongestWithin);
  }
  if (m.start + minutes(kKept) <= newest_) return;  // revised too late for anything kept here
  any_call_ = any_call_ || m.offered > 0;
  Kept& k = minutes_[place(m.start, kKept)];
  k.offered = small(m.offered), k.within = small(m.answered_within), k.answered = small(m.answered);
  k.ended = small(m.answered + m.abandoned + m.timeout + m.exit_key + m.refused + m.lost);
  k.observed = small(m.observed_seconds);
  k.waiting_s = static_cast<float>(seconds(m.waiting));
  k.talk_s = static_cast<float>(seconds(m.talk));
  k.staffed_s = m.staffed ? static_cast<float>(seconds(*m.staffed)) : -1.0f;
}

// The minutes stand in a ring: the place of the first is worked out, the others follow.
QueueForecast::Sum QueueForecast::sum(Time to, minutes span, Time now) const {
  Sum s;
  const Time from = std::max(to - span, newest_ - minutes(kKept - 1)), end = std::min(to, newest_ + minutes(1));
  size_t at = place(from, kKept);
  for (Time start = from; start < end; start += minutes(1), at = at + 1 == kKept ? 0 : at + 1) {
    const Kept& k = minutes_[at];
    const bool decided = start + minutes(1) + within_ <= now;
    s.minutes += 1, s.offered += k.offered, s.within += k.within;
    s.late += std::max(0, (decided ? k.offered : k.ended) - k.within);
    s.answered += k.answered, s.observed_s += k.observed, s.waiting_s += static_cast<double>(k.waiting_s);
    s.talk_s += static_cast<double>(k.talk_s);
    if (k.staffed_s >= 0) s.staffed_s += static_cast<double>(k.staffed_s), s.staffed_minutes += 1;
  }
  return s;
}

void QueueForecast::step(Time now, const TimeZone& zone) {
  if (now <= stepped_ || now.time_since_epoch() % kStep != Duration(0)) return;
  stepped_ = now;
  const Sum last = sum(now, kStep, now);
  if (last.observed_s > 0) rate_.add(slot_of(zone, now - kStep), last.offered, last.observed_s);
  const std::optional<Features> seen = features(now, slot_of(zone, now));
  for (size_t i = 0; i < kHorizons.size(); ++i) {
    settle(horizons_[i], kHorizons[i], now);
    tell(horizons_[i], kHorizons[i], now, zone, seen);
  }
}

// One minute more than X, since a revision comes with the end of a later minute.
void QueueForecast::settle(Horizon& horizon, minutes span, Time now) {
  while (!horizon.open.empty() && horizon.open.front().made + span + within_ + minutes(1) <= now) {
    const Open open = horizon.open.front();
    horizon.open.pop_front();
    const Sum window = sum(open.made + span, span, now);
    const bool seen = window.observed_s >= kObservedShare * seconds(span);
    if (!seen || window.offered < 1) continue;
    const bool missed = window.within < window.offered * kTargetShare;
    if (open.made.time_since_epoch() % span == Duration(0)) horizon.card.add(open.told, missed);
    // Windows overlap: each five minutes' forecast counts for the part of the window that the one before did not see.
    const double weight = static_cast<double>(kStep.count()) / static_cast<double>(span.count());
    horizon.model.learn(open.x, missed, weight);
    horizon.missed.add(open.slot, missed, weight);
  }
}

void QueueForecast::tell(Horizon& horizon, minutes span, Time now, const TimeZone& zone,
                         const std::optional<Features>& seen) {
  horizon.made = now;
  horizon.chance.reset();
  if (!seen) return;
  Open open;
  open.made = now;
  open.slot = slot_of(zone, now + span / 2);
  open.told.climatology = horizon.missed.at(open.slot);
  open.x = *seen;
  open.x[kClimatology] = logit(std::clamp(open.told.climatology, 0.01, 0.99));
  open.told.model = horizon.model.probability(open.x);
  const Sum before = sum(now, span, now);
  const double decided = before.within + before.late;
  open.told.persistence = decided < 1 ? open.told.climatology : before.within < decided * kTargetShare ? 1.0 : 0.0;
  horizon.chance = open.told.model;
  horizon.open.push_back(open);
}

// Logits and logarithms, clipped where more of it says no more. Unset: the last quarter of an hour was not seen.
std::optional<Features> QueueForecast::features(Time now, const Slot& here) const {
  const double limit = 1 - kTargetShare;
  const Sum quarter = sum(now, minutes(15), now);
  if (quarter.observed_s < kObservedShare * seconds(minutes(15)) || !any_call_) return std::nullopt;
  const Sum hour = sum(now, minutes(60), now), half = sum(now, minutes(30), now);
  const Sum latest = sum(now, kStep, now), back = sum(now - minutes(15), minutes(120), now);
  const double late_hour = late_share(hour.late, hour.within + hour.late, limit);
  const double late_quarter = late_share(quarter.late, quarter.within + quarter.late, late_hour);
  const double handling_s =
      (back.talk_s + 5 * 180.0) / (back.answered + 5);  // five calls of three minutes to begin with
  const double offered_load = half.offered / seconds(minutes(30)) * handling_s;  // erlangs
  const bool known = latest.staffed_minutes > 0;
  const double staffed = known ? latest.staffed_s / (latest.staffed_minutes * 60) : std::max(1.0, offered_load);
  const double waiting = sum(now, minutes(2), now).waiting_s / seconds(minutes(2));
  const double expected = rate_.at(here).value_or(half.offered / seconds(minutes(30))) * seconds(minutes(30));
  const auto clipped = [](double v, double low, double high) { return std::clamp(v, low, high); };
  return Features{
      1,
      clipped(logit(late_quarter) - logit(limit), -1, 2),
      clipped(logit(late_hour) - logit(limit), -1, 2),
      0,  // kClimatology: each horizon has its own
      known ? clipped(std::log(std::max(offered_load, 0.05) / std::max(staffed, 0.5)), -2, 2) : 0.0,
      2 * std::log1p(waiting / std::max(staffed, 1.0)) - 0.5,
      clipped(std::log((expected + 3) / (half.offered + 3)), -2, 2),
      known ? std::log(std::max(staffed, 0.5) / 4) : 0.0};
}

std::array<Outlook, kHorizons.size()> QueueForecast::outlooks() const {
  std::array<Outlook, kHorizons.size()> out;
  for (size_t i = 0; i < kHorizons.size(); ++i)
    out[i] = {kHorizons[i], horizons_[i].chance, horizons_[i].made, horizons_[i].card};
  return out;
}

}  // namespace hf::forecast
