#include "agent/web/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cmath>

#include "hal/platform/log.hpp"

namespace hf::web {

namespace {

bool control(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

template <class T>
std::optional<T> number_from(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const boost::json::array kNoArray;

}  // namespace

Result<boost::json::value> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 8;
  boost::json::error_code error;
  try {
    auto value = boost::json::parse(text, error, {}, options);
    if (!error) return value;
    return fail(ErrorKind::invalid_input, "not JSON: " + error.message());
  } catch (const std::exception&) {  // a string or number beyond the library's own limits
    return fail(ErrorKind::invalid_input, "not JSON that can be read");
  }
}

FieldReader::FieldReader(const boost::json::value& value, std::string path, std::optional<BadField>& bad)
    : object_(value.if_object()), path_(std::move(path)), bad_(bad) {
  if (!object_ && !bad_) bad_ = BadField{path_, "must be an object"};
}

std::string FieldReader::path_of(std::string_view name) const { return path_.empty() ? std::string(name) : path_ + "." + std::string(name); }

void FieldReader::refuse(std::string_view name, std::string message) {
  if (!bad_) bad_ = BadField{path_of(name), std::move(message)};
}

bool FieldReader::has(std::string_view name) {
  asked_.push_back(name);
  return object_ && object_->contains(name);
}

const boost::json::value* FieldReader::get(std::string_view name) {
  if (!has(name)) {
    refuse(name, "is missing");
    return nullptr;
  }
  return bad_ ? nullptr : object_->if_contains(name);
}

void FieldReader::text(std::string_view name, std::string& out, TextSize size) {
  secret(name, out, size);
  if (control(out)) refuse(name, "holds control characters");
}

void FieldReader::secret(std::string_view name, std::string& out, TextSize size) {
  const auto* value = get(name);
  if (!value) return;
  const auto* string = value->if_string();
  if (!string) return refuse(name, "must be text");
  if (string->size() < size.min || string->size() > size.max) return refuse(name, fmt::format("must be {} to {} bytes long", size.min, size.max));
  out.assign(string->data(), string->size());
}

void FieldReader::boolean(std::string_view name, bool& out) {
  const auto* value = get(name);
  if (!value) return;
  const auto* flag = value->if_bool();
  if (!flag) return refuse(name, "must be true or false");
  out = *flag;
}

void FieldReader::seconds(std::string_view name, Duration& out, double min, double max) {
  const auto* value = get(name);
  if (!value) return;
  boost::json::error_code error;
  const double number = value->to_number<double>(error);
  if (error || !std::isfinite(number) || number < min || number > max) return refuse(name, fmt::format("must be a number of seconds from {} to {}", min, max));
  out = from_seconds(number);
}

void FieldReader::integer(std::string_view name, int64_t& out, int64_t min, int64_t max) {
  const auto* value = get(name);
  if (!value) return;
  boost::json::error_code error;
  const auto number = value->to_number<int64_t>(error);
  if (error || number < min || number > max) return refuse(name, fmt::format("must be a whole number from {} to {}", min, max));
  out = number;
}

const boost::json::array& FieldReader::array(std::string_view name, size_t max) {
  const auto* value = get(name);
  if (!value) return kNoArray;
  const auto* array = value->if_array();
  if (array && array->size() <= max) return *array;
  refuse(name, array ? fmt::format("holds more than {} entries", max) : "must be a list");
  return kNoArray;
}

void FieldReader::texts(std::string_view name, std::vector<std::string>& out, size_t max, TextSize each) {
  size_t index = 0;
  for (const auto& entry : array(name, max)) {
    const auto* string = entry.if_string();
    const std::string where = fmt::format("{}[{}]", name, index++);
    if (!string || string->size() < each.min || string->size() > each.max || control(*string))
      return refuse(where, fmt::format("must be text of {} to {} bytes without control characters", each.min, each.max));
    out.emplace_back(string->data(), string->size());
  }
}

void FieldReader::done() {
  if (!object_ || bad_) return;
  for (const auto& field : *object_)
    if (std::find(asked_.begin(), asked_.end(), std::string_view(field.key())) == asked_.end())
      return refuse(escape_for_log(std::string_view(field.key()).substr(0, 64)), "is not a field of this request");
}

void QueryReader::refuse(std::string_view name, std::string message) {
  if (!bad_) bad_ = BadField{std::string(name), std::move(message)};
}

std::optional<double> QueryReader::number(std::string_view name) {
  const auto text = exchange_.query(name);
  if (!text) return std::nullopt;
  const auto value = number_from<double>(*text);
  if (!value || !std::isfinite(*value)) refuse(name, "must be a number");
  return value;
}

std::optional<uint64_t> QueryReader::integer(std::string_view name, uint64_t min, uint64_t max) {
  const auto text = exchange_.query(name);
  if (!text) return std::nullopt;
  const auto value = number_from<uint64_t>(*text);
  if (!value || *value < min || *value > max) refuse(name, fmt::format("must be a whole number from {} to {}", min, max));
  return value;
}

std::optional<std::string> QueryReader::text(std::string_view name, TextSize size) {
  const auto text = exchange_.query(name);
  if (!text) return std::nullopt;
  if (text->size() < size.min || text->size() > size.max || control(*text)) refuse(name, fmt::format("must be {} to {} bytes of text", size.min, size.max));
  return std::string(*text);
}

std::optional<Time> QueryReader::time(std::string_view name) {
  const auto value = number(name);
  if (!value) return std::nullopt;
  if (!(*value >= 0 && *value <= 253'402'300'799.0)) {
    refuse(name, "must be unix seconds");
    return std::nullopt;
  }
  return from_unix_seconds(*value);
}

size_t QueryReader::limit() { return static_cast<size_t>(integer("limit", 1, 500).value_or(100)); }

}  // namespace hf::web
