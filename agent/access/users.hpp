// The users of the box and the one-time set-up code, in SQLite. Rows only: who may change what is Access's to decide. On Access's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/access/role.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/sqlite.hpp"

namespace hf::access {

struct User {
  std::string name;
  Role role = Role::none;
  bool disabled = false;
  std::string password_hash;
  Time created{};
  std::optional<Time> last_login;
};

constexpr size_t kMaxUsers = 200;

// a-z, 0-9, '.', '_', '-', beginning with a letter or digit, at most 32: safe in a path, a log and a page as it stands.
[[nodiscard]] bool valid_user_name(std::string_view name);

class Users {
 public:
  explicit Users(sqlite::Database& database) : database_(database) {}
  static const char* schema();

  Result<std::vector<User>> all();                                // by name
  Result<std::optional<User>> find(std::string_view name);        // exact name
  Result<size_t> count();
  Result<size_t> enabled_admins();
  Status add(const User& user);
  Status update(const User& user);                                // all but name and created
  Status remove(std::string_view name);

  // The set-up code: its hash, and until when it lives.
  Status keep_setup_code(std::string_view code, Time expires);
  // True when `typed` is the code and it still lives at `now`. Reads every time as long, whatever is wrong.
  Result<bool> is_setup_code(std::string_view typed, Time now);
  Status drop_setup_code();

 private:
  sqlite::Database& database_;
};

}  // namespace hf::access
