// The refusals of Access in one wording each. Used by its own files only.
#pragma once

#include <string>
#include <utility>

#include "agent/access/access.hpp"

namespace hf::access {

inline std::unexpected<Refusal> refuse(Why why, std::string what, std::string field = {}) {
  return std::unexpected(Refusal{why, std::move(what), std::move(field), {}});
}
inline std::unexpected<Refusal> refuse(const Error& error) { return refuse(Why::internal, error.what); }
inline std::unexpected<Refusal> refuse_login() { return refuse(Why::login, "user name or password is wrong"); }
inline std::unexpected<Refusal> refuse_user_name(std::string field) {
  return refuse(Why::invalid, "user name: 1 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit", std::move(field));
}

// For the audit log. Names and roles need no escaping.
inline std::string describe(const User& user) {
  return R"({"role":")" + std::string(to_string(user.role)) + R"(","disabled":)" + (user.disabled ? "true" : "false") + "}";
}

}  // namespace hf::access
