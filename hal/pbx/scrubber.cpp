#include "hal/pbx/scrubber.hpp"

#include <algorithm>
#include <array>

#include "hal/net/digest.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kShortestName = 4, kNames = 10'000;
constexpr auto kFreeText = std::to_array<std::string_view>({"appdata", "applicationdata", "data", "application_data", "variable_current_application_data", "args"});
constexpr size_t kShortest = 6, kEpochDigits = 10;
constexpr Duration kTheseDays = std::chrono::hours(48), kOfAnId = std::chrono::hours(24 * 400);

bool digit(char c) { return c >= '0' && c <= '9'; }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

std::string lowered(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c == '-' ? '_' : c; });
  return low;
}

// Keys whose values are ids, times or lengths. Without these a stream could not be read again.
bool kept_key(std::string_view low) {
  static constexpr auto kEnds = std::to_array<std::string_view>({"uniqueid", "linkedid", "unique_id", "uuid", "timestamp", "_time", "_epoch", "_length", "actionid", "sequence", "uptime_msec"});
  static constexpr auto kWhole = std::to_array<std::string_view>({"lastcall", "lastpause", "logintime", "eventtv", "challenge", "event_date_timestamp"});
  return std::ranges::any_of(kEnds, [low](std::string_view end) { return low.ends_with(end); }) || std::ranges::find(kWhole, low) != kWhole.end();
}

bool name_key(std::string_view low) {
  static constexpr auto kEnds = std::to_array<std::string_view>({"callerid", "calleridname", "connectedlinename", "membername", "caller_id_name", "id_name", "cid_name", "callee_id_name"});
  return low == "name" || std::ranges::any_of(kEnds, [low](std::string_view end) { return low.ends_with(end); });
}

// 8-4-4-4-12: where it ends, else 0.
size_t uuid_end(std::string_view text, size_t from) {
  size_t at = from;
  for (const size_t part : {8, 4, 4, 4, 12}) {
    for (size_t i = 0; i < part; ++i, ++at)
      if (at >= text.size() || !hex(text[at])) return 0;
    if (part != 12 && (at >= text.size() || text[at++] != '-')) return 0;
  }
  return at;
}

bool near(std::string_view digits, Time now, Duration within) {
  const auto seconds = to_number<int64_t>(digits);
  if (!seconds || digits.size() != kEpochDigits) return false;
  const Duration away = Time(std::chrono::seconds(*seconds)) - now;
  return away < within && away > -within;
}

}  // namespace

std::string Scrubber::line(std::string_view line, Time now) {
  std::string text(line);
  if (form_ == WireForm::queue_log) return scrub_queue_log(text, now), text;
  if (form_ == WireForm::sip) return scrub_sip(text, now), text;
  if (form_ == WireForm::esl && text.find('{') != text.npos && text.find("\":") != text.npos) return scrub_json(text, now), text;
  const size_t colon = form_ == WireForm::lines ? text.npos : text.find(": ");
  if (colon == text.npos || colon > 100) return scrub_digits(text, 0, text.size(), now), text;
  scrub_pair(text, 0, colon, colon + 2, text.size(), now);
  return text;
}

void Scrubber::scrub_pair(std::string& text, size_t key_from, size_t key_to, size_t value_from, size_t value_to, Time now) {
  const std::string low = lowered(std::string_view(text).substr(key_from, key_to - key_from));
  if (kept_key(low)) return;
  const std::string_view value = std::string_view(text).substr(value_from, value_to - value_from);
  // Any variable of the dialplan may hold a name; the one that is read, QUEUESTATUS, has values in capitals.
  const bool variable = low == "value" && std::ranges::any_of(value, [](char c) { return c >= 'a' && letter(c); });
  if ((name_key(low) || variable) && !value.starts_with('<')) {
    learn(value);
    scrub_name(text, value_from, value_to);
  } else if (std::ranges::find(kFreeText, low) != kFreeText.end()) {
    scrub_known_names(text, value_from, value_to);
  }
  scrub_digits(text, value_from, value_to, now);
}

// "key":"value" wherever it stands; what is no pair is looked at for digits.
void Scrubber::scrub_json(std::string& text, Time now) {
  size_t done = 0;
  for (size_t mark = text.find("\":"); mark != text.npos; mark = text.find("\":", done)) {
    const size_t key = mark == 0 ? text.npos : text.rfind('"', mark - 1);
    size_t from = mark + 2;
    while (from < text.size() && (text[from] == ' ' || text[from] == '"')) ++from;
    size_t to = from;
    while (to < text.size() && text[to] != '"' && text[to] != '\n') to += text[to] == '\\' ? 2 : 1;
    to = std::min(to, text.size());
    if (key != text.npos && key >= done && from < to) {
      scrub_digits(text, done, key, now);
      scrub_pair(text, key + 1, mark, from, to, now);
    }
    done = std::max(to, mark + 2);
  }
  scrub_digits(text, done, text.size(), now);
}

// time|call|queue|agent|event|data...: the first two join and place the line.
void Scrubber::scrub_queue_log(std::string& text, Time now) {
  std::array<size_t, 4> bars{};
  size_t from = 0;
  for (size_t& bar : bars) {
    bar = text.find('|', from);
    if (bar == text.npos) return scrub_digits(text, 0, text.size(), now);
    from = bar + 1;
  }
  const std::string_view agent = std::string_view(text).substr(bars[2] + 1, bars[3] - bars[2] - 1);
  if (agent != "NONE" && agent.find('/') == agent.npos) learn(agent), scrub_name(text, bars[2] + 1, bars[3]);
  scrub_digits(text, bars[1] + 1, text.size(), to_time(std::string_view(text).substr(0, bars[0])).value_or(now));  // an old log has old ids
}

// A header's display name and free text, the user part of each address, the owner and title of an SDP; then digits. Numbers that order or
// frame messages stay.
void Scrubber::scrub_sip(std::string& text, Time now) const {
  static constexpr auto kKept = std::to_array<std::string_view>({"cseq", "rseq", "rack", "content_length", "l", "expires", "session_expires", "x", "min_se", "max_forwards"});
  static constexpr auto kFree = std::to_array<std::string_view>({"subject", "s", "organization", "call_info", "alert_info"});
  const size_t colon = text.find(':'), blank = text.find_first_of(" \t=");
  const bool header = colon != text.npos && blank > colon;
  const std::string low = header ? lowered(std::string_view(text).substr(0, colon)) : std::string{};
  if (std::ranges::find(kKept, low) != kKept.end()) return;
  const size_t open = text.find('<');
  if (std::ranges::find(kFree, low) != kFree.end()) scrub_name(text, colon + 1, text.size());
  else if (header && open != text.npos && open > colon) scrub_name(text, colon + 1, open);
  if (text.starts_with("o=") || text.starts_with("s=")) scrub_name(text, 2, std::min(text.find(' '), text.size()));
  for (const std::string_view scheme : {"sip:", "sips:"})
    for (size_t at = text.find(scheme); at != text.npos; at = text.find(scheme, at + 1)) {
      const size_t from = at + scheme.size(), to = text.find_first_of("@>; \r\n", from);
      if (to != text.npos && text[to] == '@' && text.compare(from, to - from, "anonymous") != 0) scrub_name(text, from, to);
    }
  scrub_digits(text, header ? colon + 1 : 0, text.size(), now);
}

void Scrubber::scrub_digits(std::string& text, size_t from, size_t to, Time now) const {
  for (size_t i = from; i < to;) {
    if (text[i] == '%' && i + 2 < to && hex(text[i + 1]) && hex(text[i + 2])) {  // an escaped sign
      i += 3;
      continue;
    }
    if (const size_t end = hex(text[i]) ? uuid_end(text, i) : 0; end > 0 && end <= to) {
      i = end;
      continue;
    }
    size_t end = i;
    while (end < to && digit(text[end])) ++end;
    if (end - i >= kShortest) {
      const std::string_view row = std::string_view(text).substr(i, end - i);
      const bool id = end + 1 < to && text[end] == '.' && digit(text[end + 1]) && near(row, now, kOfAnId);
      if (!id && !near(row, now, kTheseDays)) replace_digits(text, i, end);
    }
    i = std::max(i + 1, end);
  }
}

void Scrubber::replace_digits(std::string& text, size_t from, size_t to) const {
  const std::string before = text.substr(from, to - from);
  for (char round = 'a'; text.compare(from, to - from, before) == 0; ++round) {
    const auto hash = net::hmac_sha256(key_.reveal(), round + before);
    for (size_t i = from; i < to; ++i) text[i] = static_cast<char>('0' + hash[(i - from) % hash.size()] % 10);
  }
}

void Scrubber::learn(std::string_view name) {
  while (!name.empty() && (name.back() == '\r' || name.back() == '\n' || name.back() == ' ')) name.remove_suffix(1);
  if (name.size() >= kShortestName && names_.size() < kNames) names_.emplace(name);
}

void Scrubber::scrub_known_names(std::string& text, size_t from, size_t to) const {
  for (const std::string& name : names_)
    for (size_t at = text.find(name, from); at != text.npos && at + name.size() <= to; at = text.find(name, at + name.size())) scrub_name(text, at, at + name.size());
}

void Scrubber::scrub_name(std::string& text, size_t from, size_t to) const {
  while (to > from && (text[to - 1] == '\r' || text[to - 1] == '\n')) --to;  // the same name is the same, wherever it stands
  const auto hash = net::hmac_sha256(key_.reveal(), "name" + text.substr(from, to - from));
  for (size_t i = from; i < to; ++i) {
    if (text[i] == '%' && i + 2 < to && hex(text[i + 1]) && hex(text[i + 2])) {
      i += 2;
      continue;
    }
    if (letter(text[i])) text[i] = static_cast<char>('a' + hash[(i - from) % hash.size()] % 26);
  }
}

}  // namespace hf::pbx
