#include "hal/pbx/wall_time.hpp"

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kUnixDigits = 9;  // from 1973 on; less is a year or nothing

// Takes exactly `digits` digits off the front, then `sign` unless it is NUL.
std::optional<unsigned> take(std::string_view& text, size_t digits, char sign) {
  if (text.size() < digits) return {};
  const auto value = to_number<unsigned>(text.substr(0, digits));
  text.remove_prefix(digits);
  if (sign != '\0') {
    if (!text.starts_with(sign)) return {};
    text.remove_prefix(1);
  }
  return value;
}

// ":30", ":30.25" or nothing.
std::optional<Duration> take_seconds(std::string_view& text) {
  if (!text.starts_with(':')) return Duration{};
  text.remove_prefix(1);
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto seconds = to_seconds(text.substr(0, end));
  text.remove_prefix(end);
  return seconds && *seconds < std::chrono::seconds(61) ? seconds : std::nullopt;
}

// "Z", "+03:00", "+0300" or "-08". Nothing when the text is something else.
std::optional<Duration> offset_of(std::string_view text) {
  if (text == "Z") return Duration{};
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return {};
  const bool west = text[0] == '-';
  text.remove_prefix(1);
  const auto hours = take(text, 2, '\0');
  if (text.starts_with(':')) text.remove_prefix(1);
  const auto minutes = text.empty() ? std::optional(0u) : take(text, 2, '\0');
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return {};
  const Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<Time> wall_time(std::string_view text, const TimeZone& zone) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.size() >= kUnixDigits)
    if (const auto unix_time = to_time(text)) return unix_time;
  const auto year = take(text, 4, '-'), month = take(text, 2, '-'), day = take(text, 2, '\0');
  if (!year || !month || !day || *year < 1970 || text.empty() || (text[0] != ' ' && text[0] != 'T')) return {};
  text.remove_prefix(1);
  const auto hour = take(text, 2, ':'), minute = take(text, 2, '\0');
  const auto second = take_seconds(text);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59) return {};
  const Duration after = std::chrono::hours(*hour) + std::chrono::minutes(*minute) + *second;
  if (text.empty()) return zone.instant(static_cast<int>(*year), *month, *day, after);
  const auto offset = offset_of(text);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month), std::chrono::day(*day)};
  if (!offset || !date.ok()) return {};
  return Time(std::chrono::sys_days(date).time_since_epoch() + after - *offset);
}

}  // namespace hf::pbx
