#include "agent/access/access.hpp"

#include <sodium.h>

#include <array>
#include <utility>

#include "agent/access/refusals.hpp"
#include "hal/platform/schema.hpp"
#include "hal/platform/secret.hpp"

namespace hf::access {

namespace {

constexpr std::string_view kSetupAccount = " set-up";  // no user can be called so
constexpr std::chrono::hours kSetupLife{24};

// Accounts that cannot exist share one delay, so that junk names do not fill the throttle.
std::string_view account_of(std::string_view user) { return valid_user_name(user) ? user : std::string_view(" none"); }

}  // namespace

Access::Access(sqlite::Database database, Parts parts)
    : database_(std::move(database)), parts_(parts), users_(database_), audit_(database_, parts_.clock), sessions_(parts_.clock, parts_.random), throttle_(parts_.clock) {}

Result<std::unique_ptr<Access>> Access::open(const std::filesystem::path& file, Parts parts) {
  if (sodium_init() < 0) return fail(ErrorKind::internal, "libsodium cannot start");
  const std::string first = std::string(Users::schema()) + Audit::schema();
  const std::array<sqlite::SchemaStep, 1> steps = {{{first.c_str()}}};
  auto database = sqlite::open_kept(file, {.secure_delete = true}, steps);
  if (!database) return fail(std::move(database.error()).context("users and audit log"));
  return std::unique_ptr<Access>(new Access(std::move(*database), parts));
}

Result<bool> Access::setup_needed() {
  auto present = users_.count();
  if (!present) return fail(std::move(present.error()));
  return *present == 0;
}

Status Access::forget_users() {
  if (auto dropped = sqlite::drop_copies(database_.file()); !dropped) return dropped;
  return database_.transaction([&]() -> Status {
    auto all = users_.all();
    if (!all) return fail(std::move(all.error()));
    for (const User& user : *all)
      if (auto removed = users_.remove(user.name); !removed) return removed;
    return audit_.add_inside({"box", "", "users.forget", "all", AuditResult::done, std::to_string(all->size()) + " users", ""});
  });
}

Result<std::optional<std::string>> Access::setup_code(std::string_view from_label) {
  auto needed = setup_needed();
  if (!needed) return fail(std::move(needed.error()));
  if (!*needed) return std::nullopt;
  const bool labelled = is_setup_code_form(from_label);
  std::string code = labelled ? std::string(from_label) : random_setup_code(parts_.random);
  if (auto kept = users_.keep_setup_code(code, parts_.clock.now() + kSetupLife); !kept) return fail(std::move(kept.error()));
  return code;
}

// Runs `slow` on the hashing threads; the job it returns runs at home.
void Access::on_hashing(std::function<Job()> slow, const std::function<void(Refusal)>& refuse) {
  Executor& home = parts_.home;
  if (!parts_.hashing.post([&home, slow = std::move(slow)] { home.resume(slow()); })) refuse({Why::busy, "too many logins at once", "", std::chrono::seconds(2)});
}

void Access::hash(std::string password, const Done<std::string>& done) {
  on_hashing(
      [password = std::move(password), done, cost = parts_.cost]() mutable -> Job {
        auto made = hash_password(password, cost);
        wipe(password);
        return [done, made = std::move(made)] { done(made ? Outcome<std::string>(*made) : refuse(made.error())); };
      },
      [done](Refusal refusal) { done(std::unexpected(std::move(refusal))); });
}

// With an empty hash (no such user) it takes as long and says no.
void Access::verify(std::string hash, std::string password, const Done<bool>& done) {
  on_hashing(
      [hash = std::move(hash), password = std::move(password), done, cost = parts_.cost]() mutable -> Job {
        const bool right = hash.empty() ? hash_password(password, cost).has_value() && false : verify_password(hash, password);
        wipe(password);
        return [done, right] { done(right); };
      },
      [done](Refusal refusal) { done(std::unexpected(std::move(refusal))); });
}

std::optional<Refusal> Access::throttled(const Caller& caller, std::string_view account) {
  const auto wait = throttle_.wait_for(caller.address, account);
  if (wait > std::chrono::seconds(0)) return Refusal{Why::throttled, "too many failed attempts", "", wait};
  // Counted before it is judged, so that many attempts at once are not all judged; success clears it.
  throttle_.failed(caller.address, account);
  return std::nullopt;
}

void Access::login(const Caller& caller, const std::string& user, std::string password, const Done<Opened>& done) {
  const std::string account(account_of(user));
  if (auto refusal = throttled(caller, account)) return done(std::unexpected(std::move(*refusal)));
  auto found = users_.find(account);
  if (!found) return done(refuse(found.error()));
  const bool usable = *found && !(*found)->disabled && (*found)->role != Role::none;
  const std::string hash = usable ? (*found)->password_hash : std::string();
  const std::string target = *found ? account : "unknown user";
  verify(hash, std::move(password), [this, caller, account, target, hash, done](Outcome<bool> right) {
    if (!right) return done(std::unexpected(right.error()));
    if (*right) return done(finish_login(caller, account, hash));
    if (auto told = audit_.add({"", caller.address, "login", target, AuditResult::refused, "", ""}); !told) return done(refuse(told.error()));
    done(refuse_login());
  });
}

Outcome<Opened> Access::finish_login(const Caller& caller, const std::string& name, const std::string& verified_hash) {
  User user;
  const auto status = database_.transaction([&]() -> Status {
    auto found = users_.find(name);
    if (!found) return fail(std::move(found.error()));
    // Between the hash and now it may have been disabled, deleted or given another password.
    if (!*found || (*found)->disabled || (*found)->password_hash != verified_hash) return fail(ErrorKind::denied, "changed meanwhile");
    user = **found;
    user.last_login = parts_.clock.now();
    if (auto kept = users_.update(user); !kept) return kept;
    return audit_.add_inside({name, caller.address, "login", name, AuditResult::done, "", ""});
  });
  if (!status && status.error().kind == ErrorKind::denied) return refuse_login();
  if (!status) return refuse(status.error());
  throttle_.succeeded(caller.address, name);
  return sessions_.open(user.name, user.role);
}

void Access::setup(const Caller& caller, const std::string& code, const std::string& user, std::string password, const Done<Opened>& done) {
  auto needed = setup_needed();
  if (!needed) return done(refuse(needed.error()));
  if (!*needed) return done(refuse(Why::conflict, "set-up is over: log in"));
  if (!valid_user_name(user)) return done(refuse_user_name("user"));
  if (auto good = check_password(password, user); !good) return done(refuse(Why::invalid, good.error().what, "password"));
  if (auto refusal = throttled(caller, kSetupAccount)) return done(std::unexpected(std::move(*refusal)));
  auto right = users_.is_setup_code(code, parts_.clock.now());
  if (!right) return done(refuse(right.error()));
  if (!*right) {
    if (auto told = audit_.add({"", caller.address, "setup", "", AuditResult::refused, "", ""}); !told) return done(refuse(told.error()));
    return done(refuse(Why::login, "the set-up code is wrong or no longer valid", "code"));
  }
  hash(std::move(password), [this, caller, code, user, done](Outcome<std::string> made) {
    if (!made) return done(std::unexpected(made.error()));
    done(finish_setup(caller, code, {user, Role::admin, false, *made, parts_.clock.now(), parts_.clock.now()}));
  });
}

Outcome<Opened> Access::finish_setup(const Caller& caller, const std::string& code, const User& user) {
  const auto status = database_.transaction([&]() -> Status {
    auto present = users_.count();
    auto right = users_.is_setup_code(code, parts_.clock.now());
    if (!present) return fail(std::move(present.error()));
    if (!right) return fail(std::move(right.error()));
    if (*present > 0 || !*right) return fail(ErrorKind::denied, "somebody was faster");  // two at once with the same code: one wins
    if (auto added = users_.add(user); !added) return added;
    if (auto dropped = users_.drop_setup_code(); !dropped) return dropped;
    return audit_.add_inside({user.name, caller.address, "setup", user.name, AuditResult::done, "", describe(user)});
  });
  if (!status && status.error().kind == ErrorKind::denied) return refuse(Why::conflict, "set-up is over: log in");
  if (!status) return refuse(status.error());
  throttle_.succeeded(caller.address, kSetupAccount);
  return sessions_.open(user.name, user.role);
}

void Access::logout(const Caller& caller, const TokenHash& session) {
  sessions_.close(session);
  // The session is gone either way; a log that cannot be written shows in the next action, which then fails.
  (void)audit_.add({caller.user, caller.address, "logout", caller.user, AuditResult::done, "", ""});
}

}  // namespace hf::access
