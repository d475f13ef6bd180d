#include "agent/access/users.hpp"

#include <algorithm>

#include "agent/access/token.hpp"

namespace hf::access {

namespace {

User user_from(const sqlite::Statement& row) {
  User user;
  user.name = row.text(0);
  user.role = role_from(row.text(1)).value_or(Role::none);  // an unknown role may do nothing
  user.disabled = row.integer(2) != 0;
  user.password_hash = row.text(3);
  user.created = Time(Duration(row.integer(4)));
  if (const auto at = row.optional_integer(5)) user.last_login = Time(Duration(*at));
  return user;
}

std::optional<int64_t> micros(const std::optional<Time>& t) {
  if (!t) return std::nullopt;
  return t->time_since_epoch().count();
}

std::string_view view(const TokenHash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace

bool valid_user_name(std::string_view name) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 32 && alphanumeric(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

const char* Users::schema() {
  return "CREATE TABLE users(name TEXT PRIMARY KEY, role TEXT NOT NULL, disabled INTEGER NOT NULL, password TEXT NOT NULL, created INTEGER NOT NULL,"
         " last_login INTEGER) STRICT, WITHOUT ROWID;"
         "CREATE TABLE setup_code(one INTEGER PRIMARY KEY CHECK(one = 1), hash BLOB NOT NULL, expires INTEGER NOT NULL) STRICT;";
}

Result<std::vector<User>> Users::all() {
  auto statement = database_.prepare("SELECT name, role, disabled, password, created, last_login FROM users ORDER BY name");
  if (!statement) return fail(std::move(statement.error()));
  std::vector<User> users;
  auto read = statement->each([&](const sqlite::Statement& row) { users.push_back(user_from(row)); });
  if (!read) return fail(std::move(read.error()));
  return users;
}

Result<std::optional<User>> Users::find(std::string_view name) {
  auto statement = database_.prepare("SELECT name, role, disabled, password, created, last_login FROM users WHERE name = ?");
  if (!statement) return fail(std::move(statement.error()));
  std::optional<User> user;
  auto read = statement->each([&](const sqlite::Statement& row) { user = user_from(row); }, name);
  if (!read) return fail(std::move(read.error()));
  return user;
}

Result<size_t> Users::count() {
  auto n = database_.integer("SELECT count(*) FROM users");
  if (!n) return fail(std::move(n.error()));
  return static_cast<size_t>(n->value_or(0));
}

Result<size_t> Users::enabled_admins() {
  auto n = database_.integer("SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0");
  if (!n) return fail(std::move(n.error()));
  return static_cast<size_t>(n->value_or(0));
}

Status Users::add(const User& user) {
  return database_.run("INSERT INTO users(name, role, disabled, password, created, last_login) VALUES(?,?,?,?,?,?)", user.name, to_string(user.role),
                       user.disabled ? 1 : 0, user.password_hash, user.created.time_since_epoch().count(), micros(user.last_login));
}

Status Users::update(const User& user) {
  return database_.run("UPDATE users SET role = ?, disabled = ?, password = ?, last_login = ? WHERE name = ?", to_string(user.role), user.disabled ? 1 : 0,
                       user.password_hash, micros(user.last_login), user.name);
}

Status Users::remove(std::string_view name) { return database_.run("DELETE FROM users WHERE name = ?", name); }

Status Users::keep_setup_code(std::string_view code, Time expires) {
  const TokenHash hash = hash_token(normal_setup_code(code));
  return database_.run("INSERT OR REPLACE INTO setup_code(one, hash, expires) VALUES(1, ?, ?)", sqlite::Blob{view(hash)}, expires.time_since_epoch().count());
}

Result<bool> Users::is_setup_code(std::string_view typed, Time now) {
  auto statement = database_.prepare("SELECT hash, expires FROM setup_code WHERE one = 1");
  if (!statement) return fail(std::move(statement.error()));
  const TokenHash hash = hash_token(normal_setup_code(typed));
  bool right = false;
  auto read = statement->each([&](const sqlite::Statement& row) {
    right = equal_secret(row.blob(0), view(hash)) && now.time_since_epoch().count() < row.integer(1);
  });
  if (!read) return fail(std::move(read.error()));
  return right;
}

Status Users::drop_setup_code() { return database_.execute("DELETE FROM setup_code"); }

}  // namespace hf::access
