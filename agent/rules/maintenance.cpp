#include "agent/rules/maintenance.hpp"

#include <algorithm>

namespace hf::rules {

bool covers(const Maintenance& window, Time t, const std::optional<TimeZone>& zone) {
  if (window.weekdays == 0) return t >= window.from && t < window.to;
  if (!zone) return false;
  const auto wall = zone->wall_time(t);
  const auto on = [&](unsigned day) { return (window.weekdays >> (day % 7) & 1) != 0; };
  const bool begun = wall.minute >= window.from_minute, before_end = wall.minute < window.to_minute;
  if (window.from_minute < window.to_minute) return on(wall.weekday) && begun && before_end;
  return (on(wall.weekday) && begun) || (on(wall.weekday + 6u) && before_end);  // past midnight
}

bool in_maintenance(const Rule& rule, Time t, const std::optional<TimeZone>& zone) {
  return std::any_of(rule.maintenance.begin(), rule.maintenance.end(), [&](const Maintenance& window) { return covers(window, t, zone); });
}

}  // namespace hf::rules
