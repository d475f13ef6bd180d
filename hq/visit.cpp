#include "hq/visit.hpp"

#include <boost/json/serialize.hpp>

#include "agent/http/own_page.hpp"
#include "hal/platform/log.hpp"

namespace hf::hq {

std::string Visit::query(const std::string& name) const {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

void Visit::answer(http::Response response) const {
  http::add_security_headers(response);
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

http::Response error_answer(const access::Refusal& refusal) {
  switch (refusal.why) {
    case access::Why::login:
      return error_answer(401, "login_refused", refusal.what, refusal.field);
    case access::Why::throttled: {
      auto answer = error_answer(429, "throttled", refusal.what);
      answer.headers.push_back({"Retry-After", std::to_string(refusal.retry_after.count())});
      return answer;
    }
    case access::Why::busy:
      return error_answer(503, "busy", refusal.what);
    case access::Why::invalid:
      return error_answer(400, "invalid_input", refusal.what, refusal.field);
    case access::Why::not_found:
      return error_answer(404, "not_found", refusal.what);
    case access::Why::conflict:
      return error_answer(409, "conflict", refusal.what);
    case access::Why::internal:
      break;
  }
  return error_answer(Error{ErrorKind::internal, refusal.what});
}

http::Response error_answer(const Error& error) {
  if (error.kind == ErrorKind::not_found) return error_answer(404, "not_found", "no such thing");
  if (error.kind == ErrorKind::invalid_input) return error_answer(400, "invalid_input", error.what);
  log_error("page", "{}", error.what);
  return error_answer(500, "internal", "something broke at HQ; its log tells what");
}

}  // namespace hf::hq
