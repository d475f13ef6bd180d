#include "hal/pbx/smdr/smdr_line.hpp"

#include <algorithm>
#include <vector>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '"' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Groups of digits, whatever stands between them; nothing when a group has more than nine.
struct Numbers {
  std::array<int64_t, 8> values{};
  size_t count = 0;
};
std::optional<Numbers> numbers_in(std::string_view text) {
  Numbers all;
  for (size_t i = 0; i < text.size();) {
    if (!digit(text[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < text.size() && digit(text[end])) ++end;
    if (end - i > 9 || all.count == all.values.size()) return {};
    all.values[all.count++] = to_number<int64_t>(text.substr(i, end - i)).value_or(0);
    i = end;
  }
  return all;
}

struct Day {
  int64_t year = 0, month = 0, day = 0;
};

std::optional<Day> day_of(const Numbers& n, DateOrder order) {
  if (n.count < 3) return {};
  const auto& v = n.values;
  Day d = order == DateOrder::ymd ? Day{v[0], v[1], v[2]} : order == DateOrder::dmy ? Day{v[2], v[1], v[0]} : Day{v[2], v[0], v[1]};
  if (d.year < 100) d.year += 2000;
  const bool good = d.year >= 1970 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31;
  return good ? std::optional(d) : std::nullopt;
}

// Seconds after midnight from `from` on: h m, or h m s; "AM" and "PM" count.
std::optional<int64_t> second_of(const Numbers& n, size_t from, std::string_view text, bool& whole) {
  if (n.count < from + 2) return {};
  whole = n.count > from + 2;
  int64_t hour = n.values[from];
  const bool pm = text.find("PM") != text.npos || text.find("pm") != text.npos, am = text.find("AM") != text.npos || text.find("am") != text.npos;
  if ((am || pm) && hour == 12) hour = 0;
  if (pm) hour += 12;
  const int64_t minute = n.values[from + 1], second = whole ? n.values[from + 2] : 0;
  if (hour > 23 || minute > 59 || second > 59) return {};
  return hour * 3600 + minute * 60 + second;
}

class Reader {
 public:
  Reader(std::string_view line, const SmdrTemplate& how, const TimeZone& zone) : how_(how), zone_(zone), line_(line) {
    if (how.separator.empty()) return;
    for (size_t from = 0; columns_.size() < kMaxColumns;) {
      const size_t end = line.find(how.separator.front(), from);
      columns_.push_back(line.substr(from, end == line.npos ? line.npos : end - from));
      if (end == line.npos) break;
      from = end + 1;
    }
  }

  // Nothing when the template has no such column; the empty text when the line has none.
  std::optional<std::string_view> text(SmdrField field) const {
    const SmdrColumn& c = how_.column(field);
    if (c.at == 0) return {};
    if (!how_.separator.empty()) return c.at <= columns_.size() ? trimmed(columns_[c.at - 1]) : std::string_view{};
    return c.at <= line_.size() ? trimmed(line_.substr(c.at - 1, c.width)) : std::string_view{};
  }
  std::string value(SmdrField field) const { return clean_text(text(field).value_or(std::string_view{})); }

  bool time(SmdrField both, SmdrField date, SmdrField clock, std::optional<Time>& out, bool& whole) {
    if (const auto t = text(both)) return t->empty() || moment(*t, 3, *t, both, out, whole);
    const auto day = text(date), hour = text(clock);
    if (!day || !hour || hour->empty()) return true;
    return moment(*day, 0, *hour, clock, out, whole);
  }
  // An empty column is a duration that is not told.
  bool duration(SmdrField field, std::optional<Duration>& out, bool& clipped) {
    const auto t = text(field);
    if (!t || t->empty()) return true;
    out = to_smdr_duration(*t);
    if (!out) return bad(field, *t);
    clipped = clipped || at_its_limit(*t);
    return true;
  }
  const std::string& problem() const { return problem_; }

 private:
  static constexpr size_t kMaxColumns = 100;

  bool bad(SmdrField field, std::string_view text) {
    problem_ = std::string(kSmdrFieldNames[static_cast<size_t>(field)]) + ": \"" + clean_text(text.substr(0, 40)) + "\"";
    return false;
  }
  bool moment(std::string_view date, size_t from, std::string_view clock, SmdrField field, std::optional<Time>& out, bool& whole) {
    const auto d = numbers_in(date), c = numbers_in(clock);
    const auto day = d ? day_of(*d, how_.date_order) : std::nullopt;
    const auto second = c ? second_of(*c, from, clock, whole) : std::nullopt;
    if (!day || !second) return bad(field, clock);
    out = zone_.instant(static_cast<int>(day->year), static_cast<unsigned>(day->month), static_cast<unsigned>(day->day), std::chrono::seconds(*second));
    return out ? true : bad(field, date);
  }

  const SmdrTemplate& how_;
  const TimeZone& zone_;
  const std::string_view line_;
  std::vector<std::string_view> columns_;
  std::string problem_;
};

bool read_times(Reader& in, SmdrRecord& out) {
  using F = SmdrField;
  std::optional<Time> answered;
  bool whole = true, ignored = true;
  std::optional<Duration> park;
  const bool read = in.time(F::start, F::start_date, F::start_time, out.start, ignored) && in.time(F::end, F::end_date, F::end_time, out.end, whole) &&
                    in.time(F::answered_at, F::answered_at, F::answered_at, answered, ignored) && in.duration(F::ring, out.ring, out.clipped) &&
                    in.duration(F::queue_wait, out.queue_wait, out.clipped) && in.duration(F::talk, out.talk, out.clipped) &&
                    in.duration(F::total, out.total, out.clipped) && in.duration(F::hold, out.hold, out.clipped) && in.duration(F::park, park, out.clipped);
  out.whole_seconds = whole;
  if (park) out.hold = out.hold.value_or(Duration{}) + *park;
  if (answered && out.start && !out.ring) out.ring = std::max(Duration{}, *answered - *out.start);
  if (answered && out.end && !out.talk) out.talk = std::max(Duration{}, *out.end - *answered);
  if (!out.total && out.start && out.end) out.total = std::max(Duration{}, *out.end - *out.start);
  if (!out.talk && out.total && out.ring) out.talk = std::max(Duration{}, *out.total - *out.ring);
  return read;
}

}  // namespace

std::optional<Duration> to_smdr_duration(std::string_view text) {
  if (std::ranges::any_of(text, [](char c) { return !digit(c) && c != ':' && c != '\'' && c != '.' && c != ' '; })) return {};
  const auto n = numbers_in(text);
  if (!n || n->count == 0 || n->count > 3) return {};
  int64_t seconds = 0;
  for (size_t i = 0; i < n->count; ++i) seconds = seconds * 60 + n->values[i];
  return seconds <= 366 * 86'400 ? std::optional<Duration>(std::chrono::seconds(seconds)) : std::nullopt;
}

bool begins_with_one_of(std::string_view text, std::string_view alternatives) {
  while (!alternatives.empty()) {
    const size_t bar = alternatives.find('|');
    const std::string_view one = alternatives.substr(0, bar);
    if (!one.empty() && text.starts_with(one)) return true;
    alternatives = bar == alternatives.npos ? std::string_view{} : alternatives.substr(bar + 1);
  }
  return false;
}

bool at_its_limit(std::string_view text) {
  std::vector<std::string_view> groups;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && digit(text[end])) ++end;
    if (end > i) groups.push_back(text.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  if (groups.empty() || (groups.size() == 1 && groups[0].size() < 3)) return false;  // "99" seconds are an ordinary wait
  const auto nines = [](std::string_view g) { return std::ranges::all_of(g, [](char c) { return c == '9'; }); };
  return (nines(groups[0]) || groups[0] == "59" || groups[0] == "23") && std::all_of(groups.begin() + 1, groups.end(), [](std::string_view g) { return g == "59"; });
}

SmdrVerdict read_smdr(std::string_view line, const SmdrTemplate& how, const TimeZone& zone, const SipKey& site_key, SmdrRecord& out, std::string& problem) {
  using F = SmdrField;
  const std::string_view begins = trimmed(line);
  if (begins.empty() || begins_with_one_of(begins, how.skip)) return SmdrVerdict::passed_over;
  Reader in(line, how, zone);
  const std::string_view direction = in.text(F::direction).value_or(std::string_view{});
  if (!read_times(in, out) || (!out.start && !out.end)) {
    problem = in.problem().empty() ? "no time" : in.problem();
    return SmdrVerdict::malformed;
  }
  if (!how.inbound.empty() && !begins_with_one_of(direction, how.inbound)) return SmdrVerdict::passed_over;
  if (how.has(F::internal) && begins_with_one_of(in.text(F::internal).value_or(""), how.is_internal)) return SmdrVerdict::passed_over;
  out.call = in.value(F::call), out.line = in.value(F::dialled), out.queue = in.value(F::queue), out.device = in.value(F::device), out.name = in.value(F::name);
  std::string_view caller = in.text(F::caller).value_or(std::string_view{});
  if (const size_t mark = how.caller_after.empty() ? caller.npos : caller.find(how.caller_after); mark != caller.npos) caller.remove_prefix(mark + how.caller_after.size());
  out.caller = caller_key(site_key, caller);
  out.answered = out.talk.value_or(Duration{}) > Duration{};
  out.more = how.has(F::continues) && begins_with_one_of(in.text(F::continues).value_or(""), how.more);
  return SmdrVerdict::record;
}

}  // namespace hf::pbx
