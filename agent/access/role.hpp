// What a user may do. Zero is nobody, so that a forgotten role grants nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hf::access {

enum class Role : uint8_t { none = 0, viewer = 1, admin = 2 };

constexpr std::string_view to_string(Role role) {
  switch (role) {
    case Role::none: return "none";
    case Role::viewer: return "viewer";
    case Role::admin: return "admin";
  }
  return "none";
}

// A user's role by its exact name; "none" is no role of a user.
constexpr std::optional<Role> role_from(std::string_view name) {
  if (name == "viewer") return Role::viewer;
  if (name == "admin") return Role::admin;
  return std::nullopt;
}

// May somebody of role `have` do what asks for at least `least`?
[[nodiscard]] constexpr bool allows(Role have, Role least) { return have >= least; }

}  // namespace hf::access
