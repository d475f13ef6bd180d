// Who is logged in. In: users that proved themselves, and tokens that browsers show. Out: sessions. Memory only: they die with the process.
// Owned by Access, on its thread. Bounded: five sessions a user, the least recently used one ends first.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "agent/access/role.hpp"
#include "agent/access/token.hpp"
#include "hal/platform/clock.hpp"

namespace hf::access {

struct Session {
  std::string user;
  Role role = Role::none;
  std::string csrf_token;
  TokenHash id{};          // hash of the cookie's token; the token itself is not kept
  SteadyTime started{}, last_seen{};
  Time ends{};             // wall time of the absolute end, for people
};

struct Opened {
  std::string token;  // for the cookie
  Session session;
};

class Sessions {
 public:
  static constexpr std::chrono::minutes kIdle{15};
  static constexpr std::chrono::hours kAbsolute{8};
  static constexpr size_t kPerUser = 5;

  Sessions(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  Opened open(std::string_view user, Role role);
  // The live session of a token, marked as just used; null when there is none. Valid until the next call.
  const Session* use(std::string_view token);
  // Is it still alive? Neither marks it as used.
  [[nodiscard]] bool alive(const TokenHash& id) const;
  void touch(const TokenHash& id);

  void close(const TokenHash& id);
  void close_user(std::string_view user);
  size_t count(std::string_view user) const;

 private:
  bool expired(const Session& session) const;
  void sweep();

  const Clock& clock_;
  Random& random_;
  std::map<TokenHash, Session> sessions_;
};

}  // namespace hf::access
