// The site's calendar: what a moment is by the wall clock there. In: the site model's time zone, opening hours and
// holidays. Out: the local day, minute and row of the week. The zone's rules are the system's time zone table, read
// when the model is set; no other I/O. Owned by LoadWatch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/site_model.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::detect {

// A half hour of a week. Row 7 holds holidays with hours of their own: they resemble each other more than a Tuesday.
inline constexpr size_t kHalfHours = 48, kRows = 8;

struct LocalMoment {
  int32_t day = 0;      // local days since 1970-01-01
  uint16_t minute = 0;  // after midnight by the wall clock: the 23 and 25 hours of a DST day keep their places
  uint8_t row = 0;      // weekday, 0 = Monday; 7 = a holiday
  bool open = true;

  size_t half_hour() const { return minute / 30U; }
  size_t slot() const { return row * kHalfHours + half_hour(); }
};

class Calendar {
 public:
  // An unknown zone counts as UTC (the settings refuse it before it comes here).
  void set(const calls::SiteModel& model);
  LocalMoment at(Time t) const;

  template <class A>
  void fields(A& a) {
    a("zone", zone_name_), a("hours", hours_), a("holidays", holidays_);
    zone_.reset();
  }

 private:
  void look(int32_t day, LocalMoment& moment) const;

  std::string zone_name_ = "UTC";
  std::vector<calls::OpeningHours> hours_;
  std::map<int32_t, calls::OpeningHours> holidays_;  // by local day
  mutable std::optional<TimeZone> zone_;             // found at need: no state
};

}  // namespace hf::detect
