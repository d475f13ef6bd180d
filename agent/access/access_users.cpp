#include <utility>

#include "agent/access/access.hpp"
#include "agent/access/refusals.hpp"

namespace hf::access {

namespace {

// The errors that a transaction uses to stop for a reason of the user's, as refusals.
template <class T>
Outcome<T> outcome(const Status& status, T value) {
  if (status) return value;
  if (status.error().kind == ErrorKind::not_found) return refuse(Why::not_found, status.error().what);
  if (status.error().kind == ErrorKind::denied) return refuse(Why::conflict, status.error().what);
  return refuse(status.error());
}

}  // namespace

void Access::change_password(const Caller& caller, std::string current, std::string next, const Done<Opened>& done) {
  if (auto good = check_password(next, caller.user); !good) return done(refuse(Why::invalid, good.error().what, "new"));
  if (auto refusal = throttled(caller, caller.user)) return done(std::unexpected(std::move(*refusal)));
  auto found = users_.find(caller.user);
  if (!found) return done(refuse(found.error()));
  const std::string kept = *found && !(*found)->disabled ? (*found)->password_hash : std::string();
  verify(kept, std::move(current), [this, caller, kept, next = std::move(next), done](Outcome<bool> right) mutable {
    if (!right) return done(std::unexpected(right.error()));
    if (!*right) {
      if (auto told = audit_.add({caller.user, caller.address, "password.change", caller.user, AuditResult::refused, "", ""}); !told)
        return done(refuse(told.error()));
      return done(refuse(Why::invalid, "the current password is wrong", "current"));
    }
    hash(std::move(next), [this, caller, kept, done](Outcome<std::string> made) {
      if (!made) return done(std::unexpected(made.error()));
      done(finish_password(caller, kept, *made));
    });
  });
}

Outcome<Opened> Access::finish_password(const Caller& caller, const std::string& verified_hash, std::string new_hash) {
  User user;
  const auto status = database_.transaction([&]() -> Status {
    auto found = users_.find(caller.user);
    if (!found) return fail(std::move(found.error()));
    if (!*found || (*found)->disabled || (*found)->password_hash != verified_hash) return fail(ErrorKind::denied, "the user was changed meanwhile");
    user = **found;
    user.password_hash = std::move(new_hash);
    if (auto kept = users_.update(user); !kept) return kept;
    return audit_.add_inside({user.name, caller.address, "password.change", user.name, AuditResult::done, "", ""});
  });
  if (!status) return outcome(status, Opened{});
  throttle_.succeeded(caller.address, user.name);
  sessions_.close_user(user.name);
  return sessions_.open(user.name, user.role);
}

void Access::confirm_password(const Caller& caller, std::string password, const std::string& action, const Done<void>& done) {
  if (auto refusal = throttled(caller, caller.user)) return done(std::unexpected(std::move(*refusal)));
  auto found = users_.find(caller.user);
  if (!found) return done(refuse(found.error()));
  const std::string kept = *found && !(*found)->disabled ? (*found)->password_hash : std::string();
  verify(kept, std::move(password), [this, caller, action, kept, done](Outcome<bool> right) {
    if (!right) return done(std::unexpected(right.error()));
    const auto now = users_.find(caller.user);
    if (!now) return done(refuse(now.error()));
    // Between the hash and now it may have been disabled, deleted or given another password.
    if (*right && *now && !(*now)->disabled && (*now)->password_hash == kept) return throttle_.succeeded(caller.address, caller.user), done({});
    if (auto told = audit_.add({caller.user, caller.address, action, "wrong password", AuditResult::refused, "", ""}); !told) return done(refuse(told.error()));
    done(refuse(Why::invalid, "the password is wrong", "password"));
  });
}

void Access::add_user(const Caller& caller, const std::string& name, Role role, std::string password, const Done<User>& done) {
  if (!valid_user_name(name)) return done(refuse_user_name("name"));
  if (role == Role::none) return done(refuse(Why::invalid, "role: viewer or admin", "role"));
  if (auto good = check_password(password, name); !good) return done(refuse(Why::invalid, good.error().what, "password"));
  hash(std::move(password), [this, caller, name, role, done](Outcome<std::string> made) {
    if (!made) return done(std::unexpected(made.error()));
    done(finish_add(caller, {name, role, false, *made, parts_.clock.now(), std::nullopt}));
  });
}

Outcome<User> Access::finish_add(const Caller& caller, const User& user) {
  const auto status = database_.transaction([&]() -> Status {
    auto found = users_.find(user.name);
    auto present = users_.count();
    if (!found) return fail(std::move(found.error()));
    if (!present) return fail(std::move(present.error()));
    if (*found) return fail(ErrorKind::denied, "user " + user.name + " exists already");
    if (*present >= kMaxUsers) return fail(ErrorKind::denied, "no more than 200 users");
    if (auto added = users_.add(user); !added) return added;
    return audit_.add_inside({caller.user, caller.address, "user.add", user.name, AuditResult::done, "", describe(user)});
  });
  return outcome(status, user);
}

void Access::change_user(const Caller& caller, const std::string& name, UserChange change, const Done<User>& done) {
  if (change.role == Role::none) return done(refuse(Why::invalid, "role: viewer or admin", "role"));
  if (!change.password) return done(finish_change(caller, name, change, ""));
  if (auto good = check_password(*change.password, name); !good) return done(refuse(Why::invalid, good.error().what, "password"));
  std::string password = std::exchange(change.password, std::nullopt).value();
  hash(std::move(password), [this, caller, name, change, done](Outcome<std::string> made) {
    if (!made) return done(std::unexpected(made.error()));
    done(finish_change(caller, name, change, *made));
  });
}

Outcome<User> Access::finish_change(const Caller& caller, const std::string& name, const UserChange& change, const std::string& new_hash) {
  User user;
  const auto status = database_.transaction([&]() -> Status {
    auto found = users_.find(name);
    if (!found) return fail(std::move(found.error()));
    if (!*found) return fail(ErrorKind::not_found, "no such user");
    user = **found;
    const std::string before = describe(user);
    if (change.role) user.role = *change.role;
    if (change.disabled) user.disabled = *change.disabled;
    if (!new_hash.empty()) user.password_hash = new_hash;
    if (auto kept = users_.update(user); !kept) return kept;
    auto admins = users_.enabled_admins();
    if (!admins) return fail(std::move(admins.error()));
    if (*admins == 0) return fail(ErrorKind::denied, "the last admin must stay one: name another first");
    const std::string action = new_hash.empty() ? "user.change" : "user.change_password";
    return audit_.add_inside({caller.user, caller.address, action, name, AuditResult::done, before, describe(user)});
  });
  if (status) sessions_.close_user(name);
  return outcome(status, user);
}

Outcome<void> Access::remove_user(const Caller& caller, std::string_view name) {
  const auto status = database_.transaction([&]() -> Status {
    auto found = users_.find(name);
    if (!found) return fail(std::move(found.error()));
    if (!*found) return fail(ErrorKind::not_found, "no such user");
    if (auto removed = users_.remove(name); !removed) return removed;
    auto admins = users_.enabled_admins();
    if (!admins) return fail(std::move(admins.error()));
    if (*admins == 0) return fail(ErrorKind::denied, "the last admin must stay: name another first");
    return audit_.add_inside({caller.user, caller.address, "user.delete", std::string(name), AuditResult::done, describe(**found), ""});
  });
  if (auto gone = outcome(status, User{}); !gone) return std::unexpected(gone.error());
  sessions_.close_user(name);
  return {};
}

}  // namespace hf::access
