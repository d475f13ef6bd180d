#include "tests/contract/openapi/schema.hpp"

#include <regex.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <set>

namespace hf::contract {

namespace json = boost::json;

namespace {

json::value scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return json::string(text);  // quoted
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~") return nullptr;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return json::string(text);
}

json::value to_json(const YAML::Node& node) {
  if (node.IsSequence()) {
    json::array out;
    for (const auto& one : node) out.push_back(to_json(one));
    return out;
  }
  if (node.IsMap()) {
    json::object out;
    for (const auto& one : node) {
      if (out.contains(one.first.Scalar())) throw std::runtime_error("key stands there twice: " + one.first.Scalar());
      out[one.first.Scalar()] = to_json(one.second);
    }
    return out;
  }
  return node.IsNull() ? json::value(nullptr) : scalar(node);
}

bool is_type(std::string_view type, const json::value& v) {
  if (type == "object") return v.is_object();
  if (type == "array") return v.is_array();
  if (type == "string") return v.is_string();
  if (type == "boolean") return v.is_bool();
  if (type == "null") return v.is_null();
  if (type == "number") return v.is_number();
  if (type == "integer") return v.is_number() && std::floor(v.to_number<double>()) == v.to_number<double>();
  return false;
}

bool fits_pattern(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool fits = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return fits;
}

const std::set<std::string, std::less<>> kKeywords = {"type",     "properties", "required", "additionalProperties", "items",   "enum",    "pattern",       "minimum",    "maximum",
                                                      "minItems", "maxItems",   "minLength", "maxLength",           "description", "minProperties", "oneOf"};

}  // namespace

json::value read_yaml(const std::string& path) { return to_json(YAML::LoadFile(path)); }

const json::value& Schema::resolve(const json::value& schema) const {
  const json::value* at = &schema;
  while (at->is_object() && at->as_object().contains("$ref")) at = &document_.at_pointer(std::string_view(at->as_object().at("$ref").as_string()).substr(1));
  return *at;
}

std::vector<std::string> Schema::faults(const json::value& schema, const json::value& value) {
  faults_.clear();
  check(resolve(schema).as_object(), value, "$");
  return std::move(faults_);
}

void Schema::check(const json::object& schema, const json::value& value, const std::string& at) {
  for (const auto& keyword : schema)
    if (!kKeywords.contains(std::string_view(keyword.key()))) fault(at, "the checker does not know the keyword " + std::string(keyword.key()));
  if (const auto* type = schema.if_contains("type")) check_type(*type, value, at);
  if (const auto* allowed = schema.if_contains("enum")) {
    const auto& all = allowed->as_array();
    if (std::find(all.begin(), all.end(), value) == all.end()) fault(at, json::serialize(value) + " is none of " + json::serialize(all));
  }
  if (const auto* each = schema.if_contains("oneOf")) {
    const auto& all = each->as_array();
    const auto fitting = std::count_if(all.begin(), all.end(), [&](const json::value& one) { return Schema(document_).faults(one, value).empty(); });
    if (fitting != 1) fault(at, json::serialize(value).substr(0, 80) + " fits " + std::to_string(fitting) + " of " + json::serialize(*each));
  }
  if (value.is_object()) check_object(schema, value.as_object(), at);
  if (value.is_array()) check_array(schema, value.as_array(), at);
  if (value.is_string()) check_text(schema, std::string(value.as_string()), at);
  if (value.is_number()) check_number(schema, value.to_number<double>(), at);
}

void Schema::check_type(const json::value& type, const json::value& value, const std::string& at) {
  const json::array all = type.is_array() ? type.as_array() : json::array{type};
  const bool fits = std::any_of(all.begin(), all.end(), [&](const json::value& t) { return is_type(t.as_string(), value); });
  if (!fits) fault(at, json::serialize(value).substr(0, 80) + " is no " + json::serialize(type));
}

void Schema::check_object(const json::object& schema, const json::object& value, const std::string& at) {
  const json::object none;
  const auto* given = schema.if_contains("properties");
  const json::object& properties = given ? given->as_object() : none;
  if (const auto* required = schema.if_contains("required"))
    for (const auto& name : required->as_array())
      if (!value.contains(name.as_string())) fault(at, std::string(name.as_string()) + " is missing");
  const auto* others = schema.if_contains("additionalProperties");
  for (const auto& [name, child] : value) {
    const std::string where = at + "." + std::string(name);
    if (const auto* property = properties.if_contains(name)) check(resolve(*property).as_object(), child, where);
    else if (others && others->is_object()) check(resolve(*others).as_object(), child, where);
    else if (others && !others->as_bool()) fault(where, "is not in the schema");
  }
}

void Schema::check_array(const json::object& schema, const json::array& value, const std::string& at) {
  if (const auto* most = schema.if_contains("maxItems"); most && static_cast<double>(value.size()) > most->to_number<double>()) fault(at, "holds too many");
  const auto* items = schema.if_contains("items");
  if (!items) return fault(at, "the schema does not say of what");
  for (size_t i = 0; i < value.size(); ++i) check(resolve(*items).as_object(), value[i], at + "[" + std::to_string(i) + "]");
}

void Schema::check_text(const json::object& schema, const std::string& value, const std::string& at) {
  const auto length = static_cast<double>(value.size());
  if (const auto* least = schema.if_contains("minLength"); least && length < least->to_number<double>()) fault(at, "is too short");
  if (const auto* most = schema.if_contains("maxLength"); most && length > most->to_number<double>()) fault(at, "is too long");
  if (const auto* pattern = schema.if_contains("pattern"); pattern && !fits_pattern(std::string(pattern->as_string()), value)) fault(at, value + " does not fit the pattern");
}

void Schema::check_number(const json::object& schema, double value, const std::string& at) {
  if (const auto* least = schema.if_contains("minimum"); least && value < least->to_number<double>()) fault(at, "is below the minimum");
  if (const auto* most = schema.if_contains("maximum"); most && value > most->to_number<double>()) fault(at, "is above the maximum");
}

}  // namespace hf::contract
