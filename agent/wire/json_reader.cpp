#include "agent/wire/json_reader.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <charconv>

namespace hf::wire {
namespace {

constexpr size_t kMaxDepth = 8;
const boost::json::array kNoArray;
const boost::json::object kNoObject;

int64_t milliseconds(auto d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d).count(); }

template <class T>
bool take_number(std::string_view& text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

}  // namespace

std::optional<int64_t> integer_in(const boost::json::value& value, int64_t least, int64_t most) {
  const auto* i = value.if_int64();
  if (i == nullptr || *i < least || *i > most)
    return std::nullopt;  // doubles and what needs 64 unsigned bits are none of ours
  return *i;
}

std::optional<uint64_t> hex_in(std::string_view digits, size_t least_digits, size_t most_digits) {
  if (digits.size() < least_digits || digits.size() > most_digits) return std::nullopt;
  if (digits.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

void JsonReader::fault(std::string_view name, std::string_view why) {
  if (!error_) error_ = fmt::format("\"{}\" {}", name, why);
}

Status JsonReader::status() const {
  if (error_) return fail(ErrorKind::invalid_input, *error_);
  return {};
}

void JsonReader::adopt(const JsonReader& inner, std::string_view where) {
  if (inner.error_ && !error_) error_ = fmt::format("{}: {}", where, *inner.error_);
}

const boost::json::value* JsonReader::member(std::string_view name) {
  const auto* found = object_->if_contains(name);
  if (found == nullptr) fault(name, "is missing");
  return found;
}

bool JsonReader::is_null(std::string_view name) {
  const auto* value = member(name);
  return value != nullptr && value->is_null();
}

int64_t JsonReader::integer(std::string_view name, int64_t least, int64_t most) {
  const auto* value = member(name);
  if (value == nullptr) return 0;
  const auto number = integer_in(*value, least, most);
  if (!number) fault(name, fmt::format("is not an integer from {} to {}", least, most));
  return number.value_or(0);
}

Duration JsonReader::span(std::string_view name) {
  return std::chrono::milliseconds(integer(name, 0, milliseconds(kMaxSpan)));
}

Time JsonReader::time(std::string_view name) {
  return Time(std::chrono::milliseconds(
      integer(name, milliseconds(kFirstTime.time_since_epoch()), milliseconds(kLastTime.time_since_epoch()))));
}

std::optional<Duration> JsonReader::span_or_null(std::string_view name) {
  if (is_null(name)) return std::nullopt;
  return span(name);
}

std::optional<Id> JsonReader::id_or_null(std::string_view name) {
  if (is_null(name)) return std::nullopt;
  return id(name);
}

std::optional<Time> JsonReader::time_or_null(std::string_view name) {
  if (is_null(name)) return std::nullopt;
  return time(name);
}

std::string_view JsonReader::text(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return {};
  if (!value->is_string()) fault(name, "is not a string");
  return value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

uint64_t JsonReader::hex(std::string_view name, size_t least_digits, size_t most_digits) {
  const auto value = hex_in(text(name), least_digits, most_digits);
  if (!value) fault(name, fmt::format("is not {} to {} hex digits", least_digits, most_digits));
  return value.value_or(0);
}

const boost::json::array& JsonReader::list(std::string_view name, size_t most) {
  const auto* value = member(name);
  if (value == nullptr) return kNoArray;
  if (!value->is_array() || value->get_array().size() > most) {
    fault(name, fmt::format("is not a list of at most {}", most));
    return kNoArray;
  }
  return value->get_array();
}

const boost::json::object& JsonReader::object(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return kNoObject;
  if (!value->is_object()) fault(name, "is not an object");
  return value->is_object() ? value->get_object() : kNoObject;
}

Result<boost::json::object> parse_object(std::string_view text, size_t most) {
  if (text.size() > most) return fail(ErrorKind::invalid_input, fmt::format("JSON of more than {} bytes", most));
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::error_code error;
  auto value = boost::json::parse(text, error, {}, options);
  if (error) return fail(ErrorKind::invalid_input, fmt::format("not JSON: {}", error.message()));
  if (!value.is_object()) return fail(ErrorKind::invalid_input, "not a JSON object");
  return std::move(value.get_object());
}

Result<Version> version_of(std::string_view text) {
  constexpr std::string_view kFront = "{\"v\":[";
  Version version;
  bool good = text.starts_with(kFront);
  if (good) text.remove_prefix(kFront.size());
  good = good && take_number(text, version.major) && text.starts_with(',');
  if (good) text.remove_prefix(1);
  good = good && take_number(text, version.minor) && text.starts_with(']');
  if (!good) return fail(ErrorKind::invalid_input, "no version at the front");
  if (version.major != kVersion.major)
    return fail(ErrorKind::unsupported, fmt::format("wire version {}.{}: this program reads version {}", version.major,
                                                    version.minor, kVersion.major));
  return version;
}

}  // namespace hf::wire
