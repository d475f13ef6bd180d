#include "agent/detect/calendar.hpp"

#include <chrono>

namespace hf::detect {
namespace {

constexpr int64_t kDay = 1440;

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Monday = 0; 1970-01-01 was a Thursday.
int64_t weekday_of(int64_t day) { return ((day + 3) % 7 + 7) % 7; }

}  // namespace

void Calendar::set(const calls::SiteModel& model) {
  zone_name_ = model.time_zone;
  hours_ = model.opening_hours;
  holidays_.clear();
  for (const calls::Holiday& holiday : model.holidays) holidays_[holiday.day] = holiday.hours;
  zone_.reset();
}

LocalMoment Calendar::at(Time t) const {
  if (!zone_) {
    auto found = TimeZone::find(zone_name_);
    if (!found) found = TimeZone::find("UTC");
    if (found) zone_ = *found;
  }
  const int64_t minutes = floor_div(std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count(), 60);
  LocalMoment m;
  const int64_t utc_day = floor_div(minutes, kDay);
  if (!zone_) {  // a system without any time zone table
    m.day = static_cast<int32_t>(utc_day), m.minute = static_cast<uint16_t>(minutes - utc_day * kDay);
  } else {
    const auto wall = zone_->wall_time(t);
    // The local date is at most a day away from the date in UTC; the weekday tells which.
    int64_t day = utc_day - 1;
    while (day < utc_day + 1 && weekday_of(day) != wall.weekday) ++day;
    m.day = static_cast<int32_t>(day), m.minute = wall.minute;
  }
  m.row = static_cast<uint8_t>(weekday_of(m.day));
  look(m.day, m);
  return m;
}

void Calendar::look(int32_t day, LocalMoment& m) const {
  const auto inside = [&m](const calls::OpeningHours& h) { return m.minute >= h.from && m.minute < h.to; };
  if (const auto holiday = holidays_.find(day); holiday != holidays_.end()) {
    m.row = 7;
    m.open = inside(holiday->second);
  } else if (hours_.size() == 7) {
    m.open = inside(hours_[m.row]);
  }
}

}  // namespace hf::detect
