#include "hal/pbx/call_event.hpp"

#include <array>
#include <charconv>

namespace hf::pbx {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<CallEventBody>> kNames = {
    "source_up",       "source_down",    "pbx_life",        "configuration_changed", "resync_started",    "resync_ended",
    "channel_started", "channel_state",  "channel_step",    "music_started",         "music_stopped",     "bridge_entered",
    "bridge_left",     "hold_started",   "hold_ended",      "transferred",           "hangup_requested",  "channel_ended",
    "dial_ended",      "queue_joined",   "queue_left",      "queue_abandoned",       "queue_exited",      "queue_seen",
    "caller_seen",     "channel_seen",   "queue_available", "member_state",          "member_removed",    "member_offered",
    "member_missed",   "member_connected", "member_done",  "call_recorded", "survey_answered", "voice_heard"};

bool plain(char c) { return static_cast<unsigned char>(c) > 0x20 && c != '%' && c != '=' && c != 0x7f; }

void append_escaped(std::string& out, std::string_view s) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain(c)) out += c;
    else out += '%', out += kHex[byte >> 4], out += kHex[byte & 15];
  }
}

void append_time(std::string& out, Time t) {
  const int64_t us = t.time_since_epoch().count();
  std::string fraction = std::to_string(1'000'000 + us % 1'000'000);
  out += std::to_string(us / 1'000'000) + '.' + fraction.substr(1);
}

template <class T>
bool number(std::string_view s, T& out) {
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), out);
  return error == std::errc{} && end == s.data() + s.size();
}

bool read_time(std::string_view s, Time& out) {
  const size_t dot = s.find('.');
  int64_t whole = 0, micro = 0;
  if (dot == s.npos || s.size() - dot != 7 || !number(s.substr(0, dot), whole) || !number(s.substr(dot + 1), micro)) return false;
  if (whole < 0 || whole > 253'402'300'799 || micro < 0) return false;  // up to the year 9999
  out = Time(Duration(whole * 1'000'000 + micro));
  return true;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool unescape(std::string_view s, std::string& out) {
  out.clear();
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      out += s[i];
      continue;
    }
    if (i + 2 >= s.size()) return false;
    const int high = hex_digit(s[i + 1]), low = hex_digit(s[i + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

// Writes every field that is not at its default.
struct TextWriter {
  std::string& out;

  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (value == T{}) return;
    out += ' ', out.append(name), out += '=';
    put(value);
  }
  void put(const std::string& s) { append_escaped(out, s); }
  void put(Time t) { append_time(out, t); }
  void put(Duration d) { out += std::to_string(d.count()); }
  template <class T>
  void put(const std::optional<T>& o) { put(*o); }
  template <Scalar T>
  void put(T v) {
    if constexpr (std::is_enum_v<T>) out += std::to_string(static_cast<int>(v));
    else out += std::to_string(+v);
  }
};

// Reads one named field of a body; `found` tells that the name exists, `good` that the value fits. One that does not exist is a newer
// program's: what this one knows is read without it.
struct TextReader {
  std::string_view name, text;
  bool found = false, good = false;

  template <class T>
  void operator()(std::string_view field, T& value) {
    if (field != name) return;
    found = true;
    good = get(value);
  }
  bool get(std::string& s) const { return unescape(text, s); }
  bool get(Time& t) const { return read_time(text, t); }
  bool get(Duration& d) const {
    int64_t n = 0;
    if (!number(text, n)) return false;
    d = Duration(n);
    return true;
  }
  template <class T>
  bool get(std::optional<T>& o) const { return get(o.emplace()); }
  bool get(bool& b) const {
    b = text == "1";
    return text == "1" || text == "0";
  }
  template <Scalar T>
  bool get(T& v) const {
    if constexpr (std::is_enum_v<T>) {
      uint8_t n = 0;
      if (!number(text, n) || n > kMaxEnum<T>) return false;
      v = static_cast<T>(n);
      return true;
    } else {
      return number(text, v);
    }
  }

  template <class T>
  static constexpr uint8_t kMaxEnum = 0;
};

template <> constexpr uint8_t TextReader::kMaxEnum<PbxState> = static_cast<uint8_t>(PbxState::stopping);
template <> constexpr uint8_t TextReader::kMaxEnum<ResyncScope> = static_cast<uint8_t>(ResyncScope::channels);
template <> constexpr uint8_t TextReader::kMaxEnum<ChannelState> = static_cast<uint8_t>(ChannelState::busy);
template <> constexpr uint8_t TextReader::kMaxEnum<StepKind> = static_cast<uint8_t>(StepKind::other);
template <> constexpr uint8_t TextReader::kMaxEnum<TransferKind> = static_cast<uint8_t>(TransferKind::attended);
template <> constexpr uint8_t TextReader::kMaxEnum<HangupSide> = static_cast<uint8_t>(HangupSide::pbx);
template <> constexpr uint8_t TextReader::kMaxEnum<DialOutcome> = static_cast<uint8_t>(DialOutcome::failed);
template <> constexpr uint8_t TextReader::kMaxEnum<QueueExit> = static_cast<uint8_t>(QueueExit::withdrawn);
template <> constexpr uint8_t TextReader::kMaxEnum<DeviceState> = static_cast<uint8_t>(DeviceState::on_hold);
template <> constexpr uint8_t TextReader::kMaxEnum<SurveyQuestion> = static_cast<uint8_t>(SurveyQuestion::ces);
template <> constexpr uint8_t TextReader::kMaxEnum<TalkEnd> = static_cast<uint8_t>(TalkEnd::transfer);

template <size_t... I>
bool emplace_kind(CallEventBody& body, size_t index, std::index_sequence<I...>) {
  return ((index == I ? (body.emplace<I>(), true) : false) || ...);
}

std::string_view next_word(std::string_view& rest) {
  const size_t blank = rest.find(' ');
  const std::string_view word = rest.substr(0, blank);
  rest = blank == rest.npos ? std::string_view{} : rest.substr(blank + 1);
  return word;
}

Status read_field(CallEvent& event, std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == word.npos) return fail(ErrorKind::invalid_input, "call event: field without '=': " + std::string(word.substr(0, 40)));
  TextReader reader{word.substr(0, equals), word.substr(equals + 1)};
  reader("pbx_at", event.pbx_at), reader("pbx", event.pbx);
  if (!reader.found) std::visit([&](auto& b) { b.fields(reader); }, event.body);
  if (reader.found && !reader.good) return fail(ErrorKind::invalid_input, "call event: field " + std::string(reader.name.substr(0, 40)) + " has a bad value");
  return {};
}

}  // namespace

std::string_view kind_name(const CallEventBody& body) { return kNames[body.index()]; }

std::string to_text(const CallEvent& event) {
  std::string out;
  append_time(out, event.at);
  out += ' ', out.append(kind_name(event.body));
  TextWriter writer{out};
  writer("pbx_at", event.pbx_at), writer("pbx", event.pbx);
  std::visit([&](const auto& b) { const_cast<std::remove_cvref_t<decltype(b)>&>(b).fields(writer); }, event.body);  // NOLINT: writes only to `out`
  return out;
}

Result<CallEvent> from_text(std::string_view line) {
  CallEvent event;
  if (!read_time(next_word(line), event.at)) return fail(ErrorKind::invalid_input, "call event: no time at the start");
  const std::string_view kind = next_word(line);
  size_t index = 0;
  while (index < kNames.size() && kNames[index] != kind) ++index;
  if (!emplace_kind(event.body, index, std::make_index_sequence<kNames.size()>{}))
    return fail(ErrorKind::invalid_input, "call event: unknown kind " + std::string(kind.substr(0, 40)));
  while (!line.empty())
    if (auto read = read_field(event, next_word(line)); !read) return fail(std::move(read.error()));
  return event;
}

}  // namespace hf::pbx
