// Local days of a place. In: an IANA name ("Europe/Berlin"). Out: where its days begin, daylight saving included.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf {

class TimeZone {
 public:
  // invalid_input: no such zone in the system's time zone data.
  static Result<TimeZone> find(std::string_view name);

  // The latest local midnight (or first moment of a day without one) at or before `t`.
  Time day_start(Time t) const;
  // Minutes after local midnight by the wall clock, 0-1439, and the weekday, 0 = Monday.
  struct WallTime {
    uint16_t minute = 0;
    uint8_t weekday = 0;
  };
  WallTime wall_time(Time t) const;
  // When the wall clock showed this time after midnight of that day: the first time of two, the end of the hole where there was none. Nothing for a
  // day that is in no calendar.
  std::optional<Time> instant(int year, unsigned month, unsigned day, Duration after_midnight) const;

 private:
  explicit TimeZone(const void* zone) : zone_(zone) {}
  const void* zone_;  // of the process's time zone database, which lives as long as the process
};

}  // namespace hf
