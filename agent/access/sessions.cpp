#include "agent/access/sessions.hpp"

#include <algorithm>

namespace hf::access {

Opened Sessions::open(std::string_view user, Role role) {
  sweep();
  while (count(user) >= kPerUser) {
    auto oldest = sessions_.end();
    for (auto at = sessions_.begin(); at != sessions_.end(); ++at)
      if (at->second.user == user && (oldest == sessions_.end() || at->second.last_seen < oldest->second.last_seen)) oldest = at;
    sessions_.erase(oldest);
  }
  Opened opened{random_token(random_), {}};
  const SteadyTime now = clock_.steady();
  opened.session = {std::string(user), role, random_token(random_), hash_token(opened.token), now, now, clock_.now() + kAbsolute};
  sessions_[opened.session.id] = opened.session;
  return opened;
}

const Session* Sessions::use(std::string_view token) {
  const auto at = sessions_.find(hash_token(token));
  if (at == sessions_.end()) return nullptr;
  if (expired(at->second)) {
    sessions_.erase(at);
    return nullptr;
  }
  at->second.last_seen = clock_.steady();
  return &at->second;
}

bool Sessions::alive(const TokenHash& id) const {
  const auto at = sessions_.find(id);
  return at != sessions_.end() && !expired(at->second);
}

void Sessions::touch(const TokenHash& id) {
  const auto at = sessions_.find(id);
  if (at != sessions_.end() && !expired(at->second)) at->second.last_seen = clock_.steady();
}

void Sessions::close(const TokenHash& id) { sessions_.erase(id); }

void Sessions::close_user(std::string_view user) {
  std::erase_if(sessions_, [user](const auto& s) { return s.second.user == user; });
}

size_t Sessions::count(std::string_view user) const {
  return static_cast<size_t>(std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& s) { return s.second.user == user && !expired(s.second); }));
}

bool Sessions::expired(const Session& session) const {
  const SteadyTime now = clock_.steady();
  return now - session.last_seen >= kIdle || now - session.started >= kAbsolute;
}

void Sessions::sweep() {
  std::erase_if(sessions_, [this](const auto& s) { return expired(s.second); });
}

}  // namespace hf::access
