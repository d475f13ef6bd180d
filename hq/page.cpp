#include "hq/page.hpp"

#include <array>
#include <boost/json/parse.hpp>

#include "agent/http/own_page.hpp"
#include "hal/platform/log.hpp"

namespace hf::hq {
namespace {

constexpr std::string_view kApi = "/api/";
constexpr size_t kMaxBody = 4096;
constexpr std::string_view kSitePart = "{site}";

// True when `path` is `pattern`, with one segment of 1 to 64 bytes in place of {site}.
bool fits(std::string_view pattern, std::string_view path, std::string& site) {
  const size_t at = pattern.find(kSitePart);
  if (at == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, at))) return false;
  path.remove_prefix(at);
  const size_t end = std::min(path.find('/'), path.size());
  if (end == 0 || end > 64 || path.substr(end) != pattern.substr(at + kSitePart.size())) return false;
  site = path.substr(0, end);
  return true;
}

std::string_view name_of(http::Method method) {
  return method == http::Method::get ? "GET" : method == http::Method::post ? "POST" : "DELETE";
}

}  // namespace

std::span<const Page::Route> Page::routes() {
  using access::Role;
  using enum http::Method;
  static constexpr std::array<Route, 16> kRoutes{{{get, "/api/v1/openapi.yaml", Role::none, &Page::openapi},
                                                  {get, "/api/v1/state", Role::none, &Page::state},
                                                  {post, "/api/v1/setup", Role::none, &Page::setup},
                                                  {post, "/api/v1/login", Role::none, &Page::login},
                                                  {post, "/api/v1/logout", Role::viewer, &Page::logout},
                                                  {get, "/api/v1/session", Role::viewer, &Page::session},
                                                  {get, "/api/v1/overview", Role::viewer, &Page::overview},
                                                  {get, "/api/v1/sites/{site}", Role::viewer, &Page::site},
                                                  {del, "/api/v1/sites/{site}", Role::admin, &Page::revoke},
                                                  {get, "/api/v1/sites/{site}/minutes", Role::viewer, &Page::minutes},
                                                  {get, "/api/v1/sites/{site}/surveys", Role::viewer, &Page::surveys},
                                                  {get, "/api/v1/incidents", Role::viewer, &Page::incidents},
                                                  {get, "/api/v1/hq-incidents", Role::viewer, &Page::hq_incidents},
                                                  {get, "/api/v1/updates", Role::viewer, &Page::updates},
                                                  {post, "/api/v1/sites/{site}/offer", Role::admin, &Page::offer},
                                                  {del, "/api/v1/sites/{site}/offer", Role::admin, &Page::withdraw}}};
  return kRoutes;
}

http::Handler Page::handler() {
  return [this](http::Request request, http::Reply reply) { handle(std::move(request), reply); };
}

void Page::handle(http::Request request, const http::Reply& reply) {
  auto visit = std::make_shared<Visit>();
  visit->request = std::move(request), visit->reply = reply;
  if (!visit->request.path.starts_with(kApi)) {
    auto asset = http::asset_answer(parts_.assets, visit->request);
    return visit->answer(asset ? std::move(*asset) : error_answer(404, "not_found", "no such address"));
  }
  if (!parts_.home.post([this, visit] { answer(visit); }))
    visit->answer(error_answer(503, "busy", "too many requests at once"));
}

void Page::answer(const VisitPtr& visit) {
  const Route* found = nullptr;
  std::string allow;
  for (const Route& route : routes()) {
    if (!fits(route.path, visit->request.path, visit->site)) continue;
    if (route.method == visit->request.method) found = &route;
    allow += (allow.empty() ? "" : ", ") + std::string(name_of(route.method));
  }
  if (allow.empty()) return visit->answer(error_answer(404, "not_found", "no such address"));
  if (found == nullptr) {
    auto refusal = error_answer(405, "method_not_allowed", "this address answers to " + allow);
    refusal.headers.push_back({"Allow", allow});
    return visit->answer(std::move(refusal));
  }
  if (auto refusal = refuse_foreign(*visit)) return visit->answer(std::move(*refusal));
  if (auto refusal = refuse_caller(*visit, found->least)) return visit->answer(std::move(*refusal));
  if (auto refusal = read_body(*visit)) return visit->answer(std::move(*refusal));
  (this->*found->handle)(visit);
}

std::optional<http::Response> Page::refuse_foreign(const Visit& visit) const {
  if (visit.request.method == http::Method::get) return std::nullopt;
  if (!http::same_origin(visit.request)) {
    log_warning("page", "{}: refused: not from our own page", visit.request.peer_address);
    return error_answer(403, "denied", "the request does not come from HQ's own page (Origin)");
  }
  if (!http::is_json(visit.request)) return error_answer(415, "not_json", "Content-Type must be application/json");
  return std::nullopt;
}

std::optional<http::Response> Page::refuse_caller(Visit& visit, access::Role least) {
  if (const auto token = http::session_token(visit.request))
    if (const auto* session = parts_.access.sessions().use(*token)) visit.session = *session;
  if (least == access::Role::none) return std::nullopt;
  if (!visit.session) return error_answer(401, "not_logged_in", "log in first");
  if (!access::allows(visit.session->role, least))
    return error_answer(403, "denied", "this is for the role " + std::string(access::to_string(least)));
  if (visit.request.method != http::Method::get && !http::csrf_token_fits(visit.request, visit.session->csrf_token))
    return error_answer(403, "denied", "the header Holdfast-CSRF does not fit this session");
  return std::nullopt;
}

std::optional<http::Response> Page::read_body(Visit& visit) {
  if (visit.request.method != http::Method::post || visit.request.body.empty()) return std::nullopt;
  if (visit.request.body.size() > kMaxBody)
    return error_answer(413, "too_large", "the body is longer than this address takes");
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::json::error_code error;
  auto value = boost::json::parse(visit.request.body, error, {}, options);
  if (error || !value.is_object()) return error_answer(400, "invalid_input", "body: must be a JSON object", "body");
  visit.body = std::move(value.get_object());
  return std::nullopt;
}

}  // namespace hf::hq
