// Reads members of a JSON object against ranges. In: an object. Out: values; the first fault is kept and names the
// member, later reads return safe zeros, so that a decoder is a plain list of members.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/wire/messages.hpp"
#include "hal/platform/result.hpp"

namespace hf::wire {

class JsonReader {
 public:
  explicit JsonReader(const boost::json::object& object) : object_(&object) {}

  int64_t integer(std::string_view name, int64_t least, int64_t most);
  uint32_t count(std::string_view name) { return static_cast<uint32_t>(integer(name, 0, UINT32_MAX)); }
  uint16_t small(std::string_view name) { return static_cast<uint16_t>(integer(name, 0, UINT16_MAX)); }
  Duration span(std::string_view name);
  Time time(std::string_view name);
  std::optional<Duration> span_or_null(std::string_view name);
  std::optional<Time> time_or_null(std::string_view name);
  std::string_view text(std::string_view name);
  Id id(std::string_view name) { return Id{hex(name, 16, 16)}; }
  std::optional<Id> id_or_null(std::string_view name);
  uint64_t hex(std::string_view name, size_t least_digits, size_t most_digits);
  // The array, or an empty one; too long is a fault.
  const boost::json::array& list(std::string_view name, size_t most);
  const boost::json::object& object(std::string_view name);

  void fault(std::string_view name, std::string_view why);
  bool ok() const { return !error_; }
  Status status() const;
  // Takes the fault of a reader of an inner object.
  void adopt(const JsonReader& inner, std::string_view where);

 private:
  const boost::json::value* member(std::string_view name);
  bool is_null(std::string_view name);

  const boost::json::object* object_;
  std::optional<std::string> error_;
};

// Elements of arrays.
std::optional<int64_t> integer_in(const boost::json::value& value, int64_t least, int64_t most);
std::optional<uint64_t> hex_in(std::string_view digits, size_t least_digits, size_t most_digits);

// Text to one JSON object: at most `most` bytes, depth 8, nothing behind it. Fails with invalid_input.
Result<boost::json::object> parse_object(std::string_view text, size_t most);

// `{"v":[MAJOR,MINOR]` at the very front. Fails with invalid_input when it is not there, unsupported for another major.
Result<Version> version_of(std::string_view text);

}  // namespace hf::wire
