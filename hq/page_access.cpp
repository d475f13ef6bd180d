#include "agent/http/own_page.hpp"
#include "generated/hq_openapi.hpp"
#include "hq/page.hpp"
#include "hq/page_json.hpp"

namespace hf::hq {
namespace {

// The text fields of a form, all of them and no other; the first fault is kept as the answer.
class Form {
 public:
  explicit Form(const boost::json::object& body) : body_(body) {}

  std::string text(std::string_view name, size_t most) {
    ++asked_;
    const auto* value = body_.if_contains(name);
    if (value == nullptr || !value->is_string() || value->get_string().size() > most) {
      if (!fault_) fault_ = error_answer(400, "invalid_input", std::string(name) + ": must be a text", name);
      return {};
    }
    return std::string(value->get_string());
  }
  std::optional<http::Response> fault() const {
    if (!fault_ && body_.size() > asked_)
      return error_answer(400, "invalid_input", "body: holds more than this address takes", "body");
    return fault_;
  }

 private:
  const boost::json::object& body_;
  size_t asked_ = 0;
  std::optional<http::Response> fault_;
};

access::Done<access::Opened> answer_with_session(VisitPtr visit, unsigned status) {
  return [visit = std::move(visit), status](access::Outcome<access::Opened> outcome) {
    if (!outcome) return visit->answer(error_answer(outcome.error()));
    auto response = json_answer(status, to_json(outcome->session));
    response.headers.push_back({"Set-Cookie", http::session_cookie(outcome->token)});
    visit->answer(std::move(response));
  };
}

}  // namespace

void Page::openapi(const VisitPtr& visit) {
  visit->answer({200, {{"Content-Type", "application/yaml"}}, std::string(generated::hq_openapi), nullptr});
}

void Page::state(const VisitPtr& visit) {
  const auto needed = parts_.access.setup_needed();
  if (!needed) return visit->answer(error_answer(needed.error()));
  boost::json::value version;
  if (visit->session) version = parts_.version;
  visit->answer(
      json_answer(200, {{"setup_needed", *needed}, {"logged_in", visit->session.has_value()}, {"version", version}}));
}

void Page::setup(const VisitPtr& visit) {
  Form form(visit->body);
  std::string code = form.text("code", 64), user = form.text("user", 64),
              password = form.text("password", access::kMaxPassword);
  if (auto fault = form.fault()) return visit->answer(std::move(*fault));
  parts_.access.setup(visit->caller(), std::move(code), std::move(user), std::move(password),
                      answer_with_session(visit, 201));
}

void Page::login(const VisitPtr& visit) {
  Form form(visit->body);
  std::string user = form.text("user", 64), password = form.text("password", access::kMaxPassword);
  if (auto fault = form.fault()) return visit->answer(std::move(*fault));
  parts_.access.login(visit->caller(), std::move(user), std::move(password), answer_with_session(visit, 200));
}

void Page::logout(const VisitPtr& visit) {
  parts_.access.logout(visit->caller(), visit->session->id);
  visit->answer({204, {{"Set-Cookie", http::ended_cookie()}}, {}, nullptr});
}

void Page::session(const VisitPtr& visit) { visit->answer(json_answer(200, to_json(*visit->session))); }

void Page::revoke(const VisitPtr& visit) {
  const auto revoked = parts_.store.revoke(visit->site);
  const auto result = revoked ? access::AuditResult::done : access::AuditResult::refused;
  auto noted = parts_.access.audit().add(
      {visit->session->user, visit->request.peer_address, "site.revoke", visit->site, result, {}, {}});
  if (!revoked) return visit->answer(error_answer(revoked.error()));
  if (!noted) return visit->answer(error_answer(noted.error()));
  visit->answer({204, {}, {}, nullptr});
}

}  // namespace hf::hq
