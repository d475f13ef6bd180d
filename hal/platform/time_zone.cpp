#include "hal/platform/time_zone.hpp"

#include <date/tz.h>

#include <exception>

namespace hf {

namespace {

const date::time_zone& zone_of(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

date::local_time<Duration> local(const void* zone, Time t) { return zone_of(zone).to_local(t); }

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  try {
    return TimeZone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return fail(ErrorKind::invalid_input,
                "no such time zone: " + std::string(name.substr(0, 60)) + " (an IANA name such as Europe/Berlin)");
  }
}

Time TimeZone::day_start(Time t) const {
  const auto midnight = std::chrono::floor<date::days>(local(zone_, t));
  return std::chrono::time_point_cast<Duration>(zone_of(zone_).to_sys(midnight, date::choose::earliest));
}

TimeZone::WallTime TimeZone::wall_time(Time t) const {
  const auto time = local(zone_, t);
  const auto day = std::chrono::floor<date::days>(time);
  const auto minute = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
  return {static_cast<uint16_t>(minute), static_cast<uint8_t>(date::weekday(day).iso_encoding() - 1)};
}

std::optional<Time> TimeZone::instant(int year, unsigned month, unsigned day, Duration after_midnight) const {
  const date::year_month_day date{date::year(year), date::month(month), date::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::time_point_cast<Duration>(zone_of(zone_).to_sys(date::local_days(date) + after_midnight, date::choose::earliest));
}

}  // namespace hf
