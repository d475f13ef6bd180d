#include "agent/web/exchange.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "hal/platform/log.hpp"

namespace hf::web {

namespace {

http::Response retry_later(http::Response response, std::chrono::seconds after) {
  response.headers.push_back({"Retry-After", std::to_string(after.count())});
  return response;
}

}  // namespace

std::optional<std::string_view> Exchange::query(std::string_view name) const {
  const auto at = request.query.find(std::string(name));
  if (at == request.query.end()) return std::nullopt;
  return at->second;
}

void Exchange::answer(http::Response response) const {
  add_security_headers(response);
  reply(std::move(response));
}

http::Response json_answer(unsigned status, const boost::json::value& value) {
  return {status, {{"Content-Type", "application/json"}}, boost::json::serialize(value), nullptr};
}

http::Response error_answer(unsigned status, std::string_view kind, std::string_view message, std::string_view field) {
  boost::json::value where;
  if (!field.empty()) where = field;
  return json_answer(status, {{"error", {{"kind", kind}, {"message", message}, {"field", std::move(where)}}}});
}

http::Response error_answer(const BadField& bad) { return error_answer(400, "invalid_input", bad.field + ": " + bad.message, bad.field); }

http::Response error_answer(const access::Refusal& refusal) {
  switch (refusal.why) {
    case access::Why::login: return error_answer(401, "login_refused", refusal.what, refusal.field);
    case access::Why::throttled: return retry_later(error_answer(429, "throttled", refusal.what), refusal.retry_after);
    case access::Why::busy: return retry_later(error_answer(503, "busy", refusal.what), refusal.retry_after);
    case access::Why::invalid: return error_answer(400, "invalid_input", refusal.what, refusal.field);
    case access::Why::not_found: return error_answer(404, "not_found", refusal.what);
    case access::Why::conflict: return error_answer(409, "conflict", refusal.what);
    case access::Why::internal: break;
  }
  return error_answer(Error{ErrorKind::internal, refusal.what});
}

http::Response error_answer(const Error& error, std::string_view field) {
  if (error.kind == ErrorKind::not_found) return error_answer(404, "not_found", "no such thing");
  if (error.kind == ErrorKind::denied) return error_answer(409, "conflict", error.what);
  if (error.kind == ErrorKind::invalid_input) return error_answer(400, "invalid_input", error.what, field);
  if (error.kind == ErrorKind::busy) return retry_later(error_answer(503, "busy", error.what), std::chrono::seconds(1));
  log_error("web", "{}", error.what);
  return error_answer(500, "internal", "something broke on the box; its log tells what");
}

http::Response empty_answer() { return {204, {}, {}, nullptr}; }

}  // namespace hf::web
