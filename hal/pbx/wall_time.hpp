// Times as files write them, for people. In: text, and the zone that is meant where none is told. Out: an instant.
#pragma once

#include <optional>
#include <string_view>

#include "hal/platform/time_zone.hpp"

namespace hf::pbx {

// Unix seconds ("1772445600.5"), or "2026-03-02 10:15", "2026-03-02T10:15:30.25Z", "2026-03-02T10:15:30+03:00". Nothing for what is no time of
// the years 1970 to 9999.
std::optional<Time> wall_time(std::string_view text, const TimeZone& zone);

}  // namespace hf::pbx
