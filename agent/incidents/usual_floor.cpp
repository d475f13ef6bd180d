#include "agent/incidents/usual_floor.hpp"

#include <algorithm>

namespace hf::incidents {
namespace {

constexpr Duration kStep = std::chrono::minutes(10);
constexpr double kLevelCalls = 20, kSeenTwice = 1.5, kLeastStaff = 0.3, kFewestTalks = 200;

struct Usual {  // of a span, by the week
  double calls = 0, staff = 0;
  bool known = false, staff_known = false;
};

Usual usual_of(Time from, Time to, const detect::Baseline& week, const detect::Calendar& calendar) {
  Usual out;
  double minutes = 0;
  out.known = out.staff_known = from < to;
  for (Time t = from; t < to; t += kStep) {
    const detect::LocalMoment at = calendar.at(t);
    const double part = seconds(std::min(to - t, kStep)) / 60;
    const auto calls = week.arrivals_per_minute(at), staff = week.staff(at);
    if (!calls || week.seen(at) < kSeenTwice) return {};
    out.staff_known = out.staff_known && staff;
    out.calls += *calls * part, out.staff += staff.value_or(0) * part, minutes += part;
  }
  if (minutes > 0) out.staff /= minutes;
  return out;
}

}  // namespace

UsualFloor by_the_week(const UsualFloor& seen, const Spans& s, const detect::Baseline& week,
                       const detect::Calendar& calendar) {
  UsualFloor out = seen;
  if (!out.handling_s && week.talks_seen() >= kFewestTalks)
    out.handling_s = seconds(week.mean_handling(calendar.at(s.from)));
  const Usual now = usual_of(s.from, s.to, week, calendar);
  if (!now.known) return out;
  const Usual before = usual_of(s.before_from, s.before_to, week, calendar);
  double level = 1;
  if (before.known && seen.arrivals && s.to > s.from) {
    const double came = *seen.arrivals * seconds(s.before_to - s.before_from) / seconds(s.to - s.from);
    level = (kLevelCalls + came) / (kLevelCalls + before.calls);
  }
  out.arrivals = now.calls * level;
  if (!now.staff_known) return out;
  const double there = before.known && before.staff_known && seen.agents
                           ? std::clamp(*seen.agents / std::max(kLeastStaff, before.staff), 0.5, 2.0)
                           : 1.0;
  out.agents = now.staff * there;
  return out;
}

}  // namespace hf::incidents
