// The gate: users, sessions, throttle and audit log as one. In: what people type and what browsers show. Out: sessions, or why not.
// Everything is called on one thread (`home`); password hashes run on `hashing` and come back to `home`, so each `done` is called there,
// exactly once, possibly before the call returns. Passwords given by value are wiped. Both executors are stopped before an Access goes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/access/audit.hpp"
#include "agent/access/password.hpp"
#include "agent/access/sessions.hpp"
#include "agent/access/throttle.hpp"
#include "agent/access/users.hpp"
#include "hal/platform/executor.hpp"

namespace hf::access {

enum class Why : uint8_t {
  internal,   // ours: disk, memory
  login,      // wrong user, wrong password, disabled user, wrong or dead set-up code: told apart nowhere but in the audit log
  throttled,  // try again after `retry_after`
  busy,       // too many hashes wait
  invalid,    // `field` is wrong
  not_found,
  conflict,   // exists already, last admin, set-up is over
};

struct Refusal {
  Why why = Why::internal;
  std::string what;
  std::string field;
  std::chrono::seconds retry_after{0};
};

template <class T>
using Outcome = std::expected<T, Refusal>;
template <class T>
using Done = std::function<void(Outcome<T>)>;

struct Caller {
  std::string address;
  std::string user;  // empty = nobody logged in
};

struct UserChange {
  std::optional<Role> role = {};
  std::optional<bool> disabled = {};
  std::optional<std::string> password = {};
};

struct Parts {
  const Clock& clock;
  Random& random;
  Executor& home;
  Executor& hashing;  // Workers(2, 16): the cap on parallel hashes
  HashCost cost = HashCost::interactive();
};

class Access {
 public:
  // Opens or creates the database (users, set-up code, audit log). `corrupt` and `unsupported` name the file.
  static Result<std::unique_ptr<Access>> open(const std::filesystem::path& file, Parts parts);

  // While there is no user: makes a new set-up code (any older one dies) for the app to print; lives 24 hours. Unset once there is a user.
  // `from_label`: the code that stands on the box's label, taken in its place if it is one of ours by its form; else it is not looked at.
  Result<std::optional<std::string>> setup_code(std::string_view from_label = {});
  // For whoever stands before the box and has lost the password: no user is left, set-up begins anew. Before anybody can have logged in.
  Status forget_users();
  Result<bool> setup_needed();

  void setup(const Caller& caller, const std::string& code, const std::string& user, std::string password, const Done<Opened>& done);
  void login(const Caller& caller, const std::string& user, std::string password, const Done<Opened>& done);
  void logout(const Caller& caller, const TokenHash& session);
  // Ends all sessions of the user and opens a new one.
  void change_password(const Caller& caller, std::string current, std::string next, const Done<Opened>& done);
  // Before what cannot be undone: is it the logged-in user who asks? A wrong password is invalid, throttled as at login, and stands in the audit log as `action` refused.
  void confirm_password(const Caller& caller, std::string password, const std::string& action, const Done<void>& done);

  Result<std::vector<User>> users() { return users_.all(); }
  void add_user(const Caller& caller, const std::string& name, Role role, std::string password, const Done<User>& done);
  // Any change ends the user's sessions. The last enabled admin stays one.
  void change_user(const Caller& caller, const std::string& name, UserChange change, const Done<User>& done);
  Outcome<void> remove_user(const Caller& caller, std::string_view name);

  Sessions& sessions() { return sessions_; }
  Audit& audit() { return audit_; }
  const Throttle& throttle() const { return throttle_; }

 private:
  Access(sqlite::Database database, Parts parts);
  void hash(std::string password, const Done<std::string>& done);
  void verify(std::string hash, std::string password, const Done<bool>& done);
  void on_hashing(std::function<Job()> slow, const std::function<void(Refusal)>& refuse);
  std::optional<Refusal> throttled(const Caller& caller, std::string_view account);
  Outcome<Opened> finish_login(const Caller& caller, const std::string& name, const std::string& verified_hash);
  Outcome<Opened> finish_setup(const Caller& caller, const std::string& code, const User& user);
  Outcome<Opened> finish_password(const Caller& caller, const std::string& verified_hash, std::string new_hash);
  Outcome<User> finish_change(const Caller& caller, const std::string& name, const UserChange& change, const std::string& new_hash);
  Outcome<User> finish_add(const Caller& caller, const User& user);

  sqlite::Database database_;
  Parts parts_;
  Users users_;
  Audit audit_;
  Sessions sessions_;
  Throttle throttle_;
};

}  // namespace hf::access
