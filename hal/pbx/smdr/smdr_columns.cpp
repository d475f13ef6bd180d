#include "hal/pbx/smdr/smdr_columns.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/smdr/smdr_line.hpp"

namespace hf::pbx {

namespace {

using Texts = std::vector<std::string_view>;

constexpr size_t kWidest = 500, kMaxColumns = 60;
constexpr double kMost = 0.8;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kAround = " \t\"\r";
  const size_t first = text.find_first_not_of(kAround);
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

size_t groups_of_digits(std::string_view text) {
  size_t groups = 0;
  for (size_t i = 0; i < text.size(); ++i) groups += digit(text[i]) && (i == 0 || !digit(text[i - 1])) ? 1 : 0;
  return groups;
}

template <class F>
bool most(const Texts& values, F test) {
  size_t told = 0, good = 0;
  for (const std::string_view v : values)
    if (!v.empty()) ++told, good += test(v) ? 1 : 0;
  return told > 0 && static_cast<double>(good) >= kMost * static_cast<double>(told);
}

bool is_record(std::string_view line) { return groups_of_digits(line) >= 4; }

// The sign that stands equally often in most lines.
std::string separator_of(const Texts& lines) {
  std::string found;
  size_t best = 1;
  for (const char c : {',', ';', '|', '\t'}) {
    std::vector<size_t> counts;
    counts.reserve(lines.size());
    for (const std::string_view line : lines) counts.push_back(static_cast<size_t>(std::ranges::count(line, c)));
    std::ranges::sort(counts);
    const size_t middle = counts[counts.size() / 2];
    if (middle <= best || static_cast<double>(std::ranges::count(counts, middle)) < kMost * static_cast<double>(counts.size())) continue;
    best = middle, found = c;
  }
  return found;
}

std::vector<SmdrColumn> separated(std::string_view line, char separator) {
  std::vector<SmdrColumn> places;
  const auto n = std::min<size_t>(kMaxColumns, static_cast<size_t>(std::ranges::count(line, separator)) + 1);
  places.reserve(n);
  for (uint32_t i = 1; i <= n; ++i) places.push_back({i, 0});
  return places;
}

// A column begins where signs stand behind a place that is blank in every line.
std::vector<SmdrColumn> fixed(const Texts& lines) {
  size_t width = 0;
  for (const std::string_view line : lines) width = std::max(width, std::min(line.size(), kWidest));
  const auto blank = [&](size_t at) { return std::ranges::all_of(lines, [at](std::string_view l) { return at >= l.size() || l[at] == ' '; }); };
  std::vector<SmdrColumn> places;
  for (size_t at = 0; at < width && places.size() < kMaxColumns; ++at) {
    if (blank(at)) continue;
    size_t end = at;
    while (end < width && !blank(end)) ++end;
    places.push_back({static_cast<uint32_t>(at + 1), static_cast<uint32_t>(end - at)});
    at = end;
  }
  return places;
}

std::string_view cell(std::string_view line, const SmdrColumn& place, const std::string& separator) {
  if (separator.empty()) return place.at <= line.size() ? trimmed(line.substr(place.at - 1, place.width)) : std::string_view{};
  for (uint32_t i = 1; i < place.at; ++i) {
    const size_t end = line.find(separator.front());
    if (end == line.npos) return {};
    line.remove_prefix(end + 1);
  }
  return trimmed(line.substr(0, line.find(separator.front())));
}

bool is_date(std::string_view v) { return groups_of_digits(v) == 3 && v.find(':') == v.npos && v.find('\'') == v.npos && v.find_first_of("/-.") != v.npos && v.size() <= 10; }
bool is_moment(std::string_view v) { return groups_of_digits(v) >= 5 && v.find(':') != v.npos && v.find_first_of("/-.") != v.npos; }
bool is_clock(std::string_view v) {
  const size_t groups = groups_of_digits(v);
  return v.size() <= 11 && (groups == 2 || groups == 3) && v.find(':') != v.npos && v.find_first_of("'/+") == v.npos;
}
bool is_number(std::string_view v) {
  const auto digits = std::ranges::count_if(v, digit);
  return digits >= 6 && std::ranges::none_of(v, [](char c) { return letter(c) || c == ':' || c == '\''; });
}
// "<I>01701234567": the mark tells the direction.
bool is_marked(std::string_view v) {
  const size_t end = v.find('>');
  return v.starts_with('<') && end != v.npos && end <= 4 && std::ranges::count_if(v, digit) >= 4;
}
bool all_digits(std::string_view v) { return !v.empty() && std::ranges::all_of(v, digit); }

// Records are printed in the order of time: a clock goes up from line to line, a duration does not.
bool rises(const Texts& values) {
  size_t steps = 0, up = 0;
  for (size_t i = 1; i < values.size(); ++i)
    if (!values[i].empty() && !values[i - 1].empty()) ++steps, up += values[i] >= values[i - 1] ? 1 : 0;
  return steps > 0 && static_cast<double>(up) >= kMost * static_cast<double>(steps);
}

size_t kinds_of(const Texts& values) { return std::set<std::string_view>(values.begin(), values.end()).size(); }

bool is_direction(const Texts& values) {
  static constexpr auto kWords = std::to_array<std::string_view>({"i", "o", "in", "out", "inbound", "outbound", "incoming", "outgoing", "inc", "outg", "<i>", "<d>", "rx", "tx"});
  return most(values, [](std::string_view v) {
    std::string low(v);
    std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return std::ranges::find(kWords, low) != kWords.end();
  });
}

ColumnLook look_of(const Texts& values) {
  using enum ColumnLook;
  if (std::ranges::all_of(values, &std::string_view::empty)) return empty;
  if (is_direction(values)) return direction;
  if (most(values, is_marked)) return marked_number;
  if (most(values, is_moment)) return moment;
  if (most(values, is_date)) return date;
  if (most(values, is_clock) && rises(values) && most(values, [](std::string_view v) { return groups_of_digits(v) >= 2; }) && kinds_of(values) > 1 &&
      !most(values, [](std::string_view v) { return v.starts_with("0:") || v.starts_with("00:0"); }))
    return clock;
  if (most(values, is_number)) return number;
  if (most(values, all_digits)) {
    const bool short_ones = most(values, [](std::string_view v) { return v.size() >= 2 && v.size() <= 5; });
    const bool padded = most(values, [&](std::string_view v) { return v.size() == values.front().size(); });
    if (rises(values) && kinds_of(values) * 2 > values.size()) return counter;
    return short_ones && (padded || kinds_of(values) * 3 <= values.size()) && kinds_of(values) < values.size() ? extension : duration;
  }
  if (most(values, [](std::string_view v) { return to_smdr_duration(v).has_value(); })) return duration;
  return words;
}

}  // namespace

PastedTable split_pasted(const std::vector<std::string_view>& lines) {
  PastedTable table;
  Texts records;
  std::string_view headings;
  for (const std::string_view line : lines) {
    if (is_record(line)) {
      records.push_back(line);
      continue;
    }
    if (headings.empty() && std::ranges::any_of(line, letter)) headings = line;
    const std::string begin(trimmed(line).substr(0, 12));
    if (!begin.empty() && begin.find('|') == begin.npos && table.skip.size() < 10 && std::ranges::find(table.skip, begin) == table.skip.end()) table.skip.push_back(begin);
  }
  table.records = records.size();
  if (records.empty()) return table;
  table.separator = separator_of(records);
  const auto places = table.separator.empty() ? fixed(records) : separated(records.front(), table.separator.front());
  table.columns.reserve(places.size());
  for (const SmdrColumn& place : places) {
    PastedColumn column{place, std::string(cell(headings, place, table.separator)), {}, {}};
    std::ranges::transform(column.head, column.head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    column.values.reserve(records.size());
    for (const std::string_view line : records) column.values.push_back(cell(line, place, table.separator));
    column.look = look_of(column.values);
    table.columns.push_back(std::move(column));
  }
  return table;
}

Dates date_order_of(const PastedColumn& column) {
  bool first_large = false, second_large = false, year_first = false;
  for (const std::string_view v : column.values) {
    std::array<unsigned, 2> parts{};
    std::string_view rest = v;
    for (size_t i = 0; i < parts.size(); ++i) {
      const size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
      if (i == 0 && end == 4) year_first = true;
      parts[i] = to_number<unsigned>(rest.substr(0, end)).value_or(0);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    first_large = first_large || parts[0] > 12, second_large = second_large || parts[1] > 12;
  }
  if (year_first) return {DateOrder::ymd, true};
  if (first_large) return {DateOrder::dmy, true};
  return {second_large ? DateOrder::mdy : DateOrder::dmy, second_large};
}

}  // namespace hf::pbx
