// Reads JSON objects and queries against a list of allowed fields. In: what a client sent. Out: plain values, or the first bad field by name.
// Pure. After the first fault every further read is a no-op.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/web/exchange.hpp"
#include "hal/platform/time.hpp"

namespace hf::web {

// Strict JSON: one value, valid UTF-8, at most 8 levels.
Result<boost::json::value> parse_json(std::string_view text);

struct TextSize {
  size_t min = 0, max = 0;  // bytes
};

class FieldReader {
 public:
  // `path` stands before every field's name: "lines[2]". `bad` is shared by all readers of one request.
  FieldReader(const boost::json::value& value, std::string path, std::optional<BadField>& bad);
  FieldReader(const boost::json::object& object, std::optional<BadField>& bad) : object_(&object), bad_(bad) {}

  // Each must be there once and fit. Text holds no control characters.
  void text(std::string_view name, std::string& out, TextSize size);
  void secret(std::string_view name, std::string& out, TextSize size);  // text, any characters
  void boolean(std::string_view name, bool& out);
  void seconds(std::string_view name, Duration& out, double min, double max);
  void integer(std::string_view name, int64_t& out, int64_t min, int64_t max);
  const boost::json::array& array(std::string_view name, size_t max);
  void texts(std::string_view name, std::vector<std::string>& out, size_t max, TextSize each);
  [[nodiscard]] bool has(std::string_view name);  // for fields that may be absent; counts as asked for

  void refuse(std::string_view name, std::string message);
  std::string path_of(std::string_view name) const;
  // Call last: any field that was not asked for is refused by name.
  void done();

 private:
  const boost::json::value* get(std::string_view name);

  const boost::json::object* object_ = nullptr;
  std::string path_;
  std::optional<BadField>& bad_;
  std::vector<std::string_view> asked_;
};

// Parameters of the query, all optional.
class QueryReader {
 public:
  QueryReader(const Exchange& exchange, std::optional<BadField>& bad) : exchange_(exchange), bad_(bad) {}
  std::optional<double> number(std::string_view name);
  std::optional<uint64_t> integer(std::string_view name, uint64_t min, uint64_t max);
  std::optional<std::string> text(std::string_view name, TextSize size);
  std::optional<Time> time(std::string_view name);  // unix seconds, 1970 to 9999
  size_t limit();                                   // "limit", 1 to 500, 100 unless told
  void refuse(std::string_view name, std::string message);

 private:
  const Exchange& exchange_;
  std::optional<BadField>& bad_;
};

}  // namespace hf::web
