#include "agent/updates/window.hpp"

#include <charconv>

namespace hf::updates {

namespace {

constexpr int kDay = 24 * 60;

std::optional<uint16_t> minutes_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  uint16_t hour = 0, minute = 0;
  const auto read = [](std::string_view digits, uint16_t& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc() && end == digits.data() + digits.size();
  };
  if (!read(text.substr(0, 2), hour) || !read(text.substr(3), minute) || hour > 23 || minute > 59) return std::nullopt;
  return static_cast<uint16_t>(hour * 60 + minute);
}

}  // namespace

std::optional<DailyWindow> read_window(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = minutes_of(text.substr(0, 5)), to = minutes_of(text.substr(6));
  if (!from || !to) return std::nullopt;
  return DailyWindow{*from, *to};
}

Window next_window(const DailyWindow& window, const TimeZone& zone, Time now) {
  const int length = window.from == window.to ? kDay : (window.to - window.from + kDay) % kDay;
  const int since = (zone.wall_time(now).minute - window.from + kDay) % kDay;  // of the begin that passed last
  const Time minute = std::chrono::floor<std::chrono::minutes>(now);
  if (since < length) return {now, minute + std::chrono::minutes(length - since)};
  // A change of clocks may lie between: looked at again from there.
  Time begin = minute + std::chrono::minutes(kDay - since);
  const int off = zone.wall_time(begin).minute - window.from;
  if (off != 0 && std::abs(off) <= 120) begin -= std::chrono::minutes(off);
  return {begin, begin + std::chrono::minutes(length)};
}

}  // namespace hf::updates
