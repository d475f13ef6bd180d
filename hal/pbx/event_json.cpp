#include "hal/pbx/event_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <vector>

#include "hal/pbx/pbx_text.hpp"
#include "hal/platform/nearest.hpp"

namespace hf::pbx {

namespace {

namespace json = boost::json;

constexpr size_t kMaxId = 64;
constexpr double kLongest = 366.0 * 86'400;  // seconds: no duration of a call is longer

template <class E>
constexpr std::array<std::string_view, 0> kWords{};
template <> constexpr std::array<std::string_view, 3> kWords<PbxState>{"running", "starting", "stopping"};
template <> constexpr std::array<std::string_view, 2> kWords<ResyncScope>{"queues", "channels"};
template <> constexpr std::array<std::string_view, 4> kWords<ChannelState>{"down", "ringing", "up", "busy"};
template <> constexpr std::array<std::string_view, 9> kWords<StepKind>{"announcement", "music", "wait", "queue", "input", "voicemail", "dial", "conference", "other"};
template <> constexpr std::array<std::string_view, 2> kWords<TransferKind>{"blind", "attended"};
template <> constexpr std::array<std::string_view, 2> kWords<HangupSide>{"far_end", "pbx"};
template <> constexpr std::array<std::string_view, 6> kWords<DialOutcome>{"answered", "no_answer", "busy", "congestion", "cancelled", "failed"};
template <> constexpr std::array<std::string_view, 9> kWords<QueueExit>{"timeout", "key", "full", "join_empty", "leave_empty", "join_unavailable", "leave_unavailable", "continues", "withdrawn"};
template <> constexpr std::array<std::string_view, 9> kWords<DeviceState>{"unknown", "not_in_use", "in_use", "busy", "invalid", "unavailable", "ringing", "ring_in_use", "on_hold"};
template <> constexpr std::array<std::string_view, 4> kWords<SurveyQuestion>{"untold", "csat", "nps", "ces"};
template <> constexpr std::array<std::string_view, 4> kWords<TalkEnd>{"unknown", "caller", "agent", "transfer"};

// Unix seconds of the years 1970 to 9999, as all times of the API are.
std::optional<Time> to_instant(const json::value& v) {
  if (!v.is_number()) return {};
  const double seconds = v.to_number<double>();
  return seconds >= 0 && seconds < 253'402'300'800 ? std::optional(Time(Duration(std::llround(seconds * 1e6)))) : std::nullopt;
}

// Fills the fields of one body from an object; remembers which keys were used.
class Reader {
 public:
  Reader(const json::object& object, const SipKey& site_key) : object_(object), site_key_(site_key) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    const std::string key = name_of<T>(name);
    known_.push_back(key);
    const json::value* told = object_.if_contains(key);
    if (told == nullptr || told->is_null() || !problem_.empty()) return;
    if (const auto wanted = read(*told, name, value); !wanted.empty()) problem_ = key + " must be " + std::string(wanted);
  }

  const std::string& problem() const { return problem_; }
  std::vector<std::string>& known() { return known_; }

 private:
  template <class T>
  static std::string name_of(std::string_view name) {
    if constexpr (std::is_same_v<T, Duration> || std::is_same_v<T, std::optional<Duration>>) return std::string(name) + "_s";
    return name == "caller" ? "caller_number" : std::string(name);
  }
  std::string_view read(const json::value& v, std::string_view, std::string& out) {
    if (!v.is_string() || v.get_string().size() > kMaxText) return "a text of at most 1000 bytes";
    out = clean_text(v.get_string());
    return {};
  }
  std::string_view read(const json::value& v, std::string_view, bool& out) {
    if (!v.is_bool()) return "true or false";
    out = v.get_bool();
    return {};
  }
  std::string_view read(const json::value& v, std::string_view, Duration& out) {
    if (!v.is_number()) return "seconds";
    const double seconds = v.to_number<double>();
    if (!(seconds >= 0 && seconds <= kLongest)) return "seconds, from 0 to a year";
    out = Duration(std::llround(seconds * 1e6));
    return {};
  }
  std::string_view read(const json::value& v, std::string_view, Time& out) {
    const auto time = to_instant(v);
    if (!time) return "a time in unix seconds";
    out = *time;
    return {};
  }
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  std::string_view read(const json::value& v, std::string_view name, T& out) {
    if (name == "caller") {
      if (!v.is_string() || v.get_string().size() > kMaxText) return "the caller's number as a text";
      if constexpr (sizeof(T) == sizeof(CallerKey)) out = caller_key(site_key_, v.get_string());
      return {};
    }
    boost::system::error_code bad;
    const T number = v.is_number() ? v.to_number<T>(bad) : T{};
    if (!v.is_number() || bad) return "a whole number that is not negative";
    out = number;
    return {};
  }
  template <class T>
    requires std::is_enum_v<T>
  std::string_view read(const json::value& v, std::string_view, T& out) {
    for (size_t i = 0; v.is_string() && i < kWords<T>.size(); ++i)
      if (v.get_string() == kWords<T>[i]) return out = static_cast<T>(i), std::string_view{};
    return one_of(kWords<T>);
  }
  template <class T>
  std::string_view read(const json::value& v, std::string_view name, std::optional<T>& out) {
    return read(v, name, out.emplace());
  }
  template <size_t N>
  std::string_view one_of(const std::array<std::string_view, N>& words) {
    wanted_ = "one of";
    for (const std::string_view word : words) wanted_.append(" ").append(word);
    return wanted_;
  }

  const json::object& object_;
  const SipKey& site_key_;
  std::vector<std::string> known_;
  std::string problem_, wanted_;
};

template <size_t... I>
std::optional<CallEventBody> empty_body(std::string_view kind, std::index_sequence<I...>) {
  std::optional<CallEventBody> made;
  (void)((kind_name(CallEventBody(std::in_place_index<I>)) == kind ? (made.emplace(std::in_place_index<I>), true) : false) || ...);
  return made;
}

template <size_t... I>
std::vector<std::string> all_kinds(std::index_sequence<I...>) {
  return {std::string(kind_name(CallEventBody(std::in_place_index<I>)))...};
}

std::string hint(std::string_view name, const std::vector<std::string>& known) {
  const auto meant = nearest(name, {known.begin(), known.end()});
  return meant.empty() ? std::string{} : "; did you mean \"" + std::string(meant) + "\"?";
}

std::string shown(std::string_view text) { return '"' + clean_text(text.substr(0, 60)) + '"'; }

using Kinds = std::make_index_sequence<std::variant_size_v<CallEventBody>>;

Status read_body(const json::object& object, const SipKey& site_key, CallEventBody& body) {
  Reader reader(object, site_key);
  std::visit([&](auto& b) { b.fields(reader); }, body);
  if (!reader.problem().empty()) return fail(ErrorKind::invalid_input, reader.problem());
  auto& known = reader.known();
  known.insert(known.end(), {"id", "at", "kind"});
  for (const auto& [key, value] : object)
    if (std::ranges::find(known, std::string_view(key)) == known.end())
      return fail(ErrorKind::invalid_input, shown(key) + " is no field of " + std::string(kind_name(body)) + hint(key, known));
  return {};
}

}  // namespace

Result<PostedEvent> from_json(std::string_view line, const SipKey& site_key) {
  boost::system::error_code bad;
  const json::value value = json::parse(line, bad);
  const json::object* object = bad ? nullptr : value.if_object();
  if (object == nullptr) return fail(ErrorKind::invalid_input, "no JSON object");
  const auto text = [&](std::string_view name) {
    const json::value* v = object->if_contains(name);
    return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view{};
  };
  PostedEvent event;
  event.id = clean_text(text("id"));
  if (event.id.empty() || event.id.size() > kMaxId) return fail(ErrorKind::invalid_input, "id must be a text of 1 to 64 bytes");
  if (const json::value* at = object->if_contains("at")) {
    event.at = to_instant(*at);
    if (!event.at) return fail(ErrorKind::invalid_input, "at must be a time in unix seconds");
  }
  auto body = empty_body(text("kind"), Kinds{});
  if (!body) return fail(ErrorKind::invalid_input, "kind " + shown(text("kind")) + " is not known" + hint(text("kind"), all_kinds(Kinds{})));
  event.body = std::move(*body);
  if (auto read = read_body(*object, site_key, event.body); !read) return fail(std::move(read.error()));
  return event;
}

}  // namespace hf::pbx
