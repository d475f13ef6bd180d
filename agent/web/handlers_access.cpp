#include "agent/web/csrf.hpp"
#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/to_json.hpp"
#include "generated/openapi.hpp"

namespace hf::web {

namespace {

constexpr TextSize kUser{1, 64}, kPassword{0, access::kMaxPassword};

// Logged in: the session's token goes into the cookie and nowhere else.
http::Response opened_answer(unsigned status, const access::Opened& opened) {
  auto response = json_answer(status, to_json(opened.session));
  response.headers.push_back({"Set-Cookie", session_cookie(opened.token)});
  return response;
}

access::Done<access::Opened> answer_with_session(std::shared_ptr<Exchange> exchange, unsigned status) {
  return [exchange = std::move(exchange), status](access::Outcome<access::Opened> outcome) {
    exchange->answer(outcome ? opened_answer(status, *outcome) : error_answer(outcome.error()));
  };
}

}  // namespace

http::Response openapi(Context&, const Exchange&) {
  return {200, {{"Content-Type", "application/yaml"}}, std::string(generated::openapi), nullptr};
}

http::Response state(Context& context, const Exchange& exchange) {
  const auto needed = context.access.setup_needed();
  if (!needed) return error_answer(needed.error());
  std::optional<std::string> version;
  if (exchange.session) version = context.version;  // not before login: ETSI EN 303 645, 5.6-2
  return json_answer(200, {{"setup_needed", *needed},
                           {"logged_in", exchange.session.has_value()},
                           {"language", exchange.language == Language::ru ? "ru" : "en"},
                           {"version", json(version)}});
}

void setup(Context& context, const std::shared_ptr<Exchange>& exchange) {
  std::optional<BadField> bad;
  std::string code, user, password;
  FieldReader in(exchange->body, bad);
  in.secret("code", code, {1, 64});
  in.secret("user", user, kUser);
  in.secret("password", password, kPassword);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  context.access.setup(exchange->caller(), std::move(code), std::move(user), std::move(password), answer_with_session(exchange, 201));
}

void login(Context& context, const std::shared_ptr<Exchange>& exchange) {
  std::optional<BadField> bad;
  std::string user, password;
  FieldReader in(exchange->body, bad);
  in.secret("user", user, {0, 64});
  in.secret("password", password, kPassword);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  context.access.login(exchange->caller(), std::move(user), std::move(password), answer_with_session(exchange, 200));
}

http::Response logout(Context& context, const Exchange& exchange) {
  context.access.logout(exchange.caller(), exchange.session->id);
  auto response = empty_answer();
  response.headers.push_back({"Set-Cookie", ended_cookie()});
  return response;
}

http::Response session(Context&, const Exchange& exchange) { return json_answer(200, to_json(*exchange.session)); }

void change_password(Context& context, const std::shared_ptr<Exchange>& exchange) {
  std::optional<BadField> bad;
  std::string current, next;
  FieldReader in(exchange->body, bad);
  in.secret("current", current, kPassword);
  in.secret("new", next, kPassword);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  context.access.change_password(exchange->caller(), std::move(current), std::move(next), answer_with_session(exchange, 200));
}

}  // namespace hf::web
