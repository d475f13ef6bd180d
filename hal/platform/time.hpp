// Time as values. Wall time is UTC in microseconds; durations carry their unit in the type.
#pragma once

#include <chrono>
#include <cstdint>

namespace hf {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

// Unix seconds with fractions, as the command line tool and the pages show them.
constexpr double unix_seconds(Time t) { return static_cast<double>(t.time_since_epoch().count()) / 1e6; }
constexpr double seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }
constexpr Duration from_seconds(double s) { return Duration(static_cast<int64_t>(s * 1e6 + (s < 0 ? -0.5 : 0.5))); }
constexpr Time from_unix_seconds(double s) { return Time(from_seconds(s)); }

}  // namespace hf
