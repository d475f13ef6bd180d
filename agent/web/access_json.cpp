#include "agent/web/fields.hpp"
#include "agent/web/to_json.hpp"
#include "hal/platform/hex.hpp"

namespace hf::web {

namespace {

// The log holds JSON text; text that was cut is shown as it stands.
boost::json::value logged(const std::string& text) {
  if (text.empty()) return nullptr;
  auto parsed = parse_json(text);
  return parsed ? std::move(*parsed) : boost::json::value(text);
}

}  // namespace

boost::json::object to_json(const access::Session& s) {
  return {{"user", s.user},
          {"role", access::to_string(s.role)},
          {"csrf_token", s.csrf_token},
          {"idle_s", json(Duration(access::Sessions::kIdle))},
          {"ends", json(s.ends)}};
}

boost::json::object to_json(const access::User& u, size_t sessions) {
  return {{"name", u.name}, {"role", access::to_string(u.role)}, {"disabled", u.disabled}, {"created", json(u.created)}, {"last_login", json(u.last_login)},
          {"sessions", sessions}};
}

boost::json::object to_json(const access::AuditRow& r) {
  return {{"id", r.id},
          {"at", json(r.at)},
          {"actor", r.actor},
          {"address", r.address},
          {"action", r.action},
          {"target", r.target},
          {"result", r.result},
          {"before", logged(r.before)},
          {"after", logged(r.after)},
          {"hash", to_hex(r.hash)}};
}

boost::json::object to_json(const access::AuditVerdict& v) {
  std::optional<std::string> head;
  if (v.head) head = to_hex(*v.head);
  return {{"intact", v.intact}, {"rows", v.rows}, {"head", json(head)}, {"broken_at", json(v.broken_at)}};
}

}  // namespace hf::web
