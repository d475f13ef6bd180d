// Does a maintenance window cover a moment? Weekly windows follow the site's wall clock, daylight saving included. Pure.
#pragma once

#include "agent/rules/rule.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::rules {

// Weekly windows do not apply where the zone is unknown.
[[nodiscard]] bool covers(const Maintenance& window, Time t, const std::optional<TimeZone>& zone);
[[nodiscard]] bool in_maintenance(const Rule& rule, Time t, const std::optional<TimeZone>& zone);

}  // namespace hf::rules
