// When the box may start anew by itself: "02:00-04:00" of the site's day. Pure but for the system's time zone data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/updates/updates.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::updates {

// Minutes after midnight; a window may pass midnight. Both equal: the whole day.
struct DailyWindow {
  uint16_t from = 120, to = 240;
};
// nullopt: not of the form HH:MM-HH:MM.
std::optional<DailyWindow> read_window(std::string_view text);

// The window that `now` lies in, from now on, or else the next one. Days with a change of clocks are taken as they come: the wall's time counts.
Window next_window(const DailyWindow& window, const TimeZone& zone, Time now);

}  // namespace hf::updates
