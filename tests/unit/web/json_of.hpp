#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/support/box.hpp"

namespace hf::web {

inline boost::json::object json_of(const http::Response& response) {
  boost::json::error_code error;
  auto value = boost::json::parse(response.body, error);
  EXPECT_FALSE(error) << response.status << " " << response.body;
  return value.is_object() ? value.as_object() : boost::json::object();
}
inline std::string kind_of(const http::Response& response) { return std::string(json_of(response).at("error").at("kind").as_string()); }
// The field an error names; empty for none.
inline std::string field_of(const http::Response& response) {
  const auto object = json_of(response);
  const auto& field = object.at("error").at("field");
  return field.is_string() ? std::string(field.as_string()) : std::string();
}

}  // namespace hf::web
