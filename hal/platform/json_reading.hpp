// What one of our own programs wrote as JSON, read by another: a member that is missing or of another kind reads as
// empty, 0 or false, for these files are statements of ours, not orders of somebody else's (those go through
// agent/wire's and agent/web's readers, which refuse).
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

namespace hf {

// A view into `o`.
inline std::string_view text_of(const boost::json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

inline double number_of(const boost::json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  return value && value->is_number() ? value->to_number<double>() : 0;
}

inline bool flag_of(const boost::json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

// A reference into `o`, or to an empty list.
inline const boost::json::array& list_of(const boost::json::object& o, std::string_view name) {
  static const boost::json::array kNone;
  const auto* value = o.if_contains(name);
  return value && value->is_array() ? value->get_array() : kNone;
}

}  // namespace hf
