#include "agent/web/api.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

#include "agent/web/csrf.hpp"
#include "agent/web/fields.hpp"
#include "agent/web/intake.hpp"
#include "agent/web/language.hpp"
#include "agent/web/rules_json.hpp"
#include "agent/web/to_json.hpp"
#include "hal/platform/log.hpp"

namespace hf::web {

namespace {

constexpr std::string_view kApi = "/api/", kBytes = "application/octet-stream";

http::Response not_found() { return error_answer(404, "not_found", "no such address"); }

// `allowed` holds names separated by blanks; "lang" goes everywhere.
bool may_ask(std::string_view allowed, std::string_view name) {
  if (name == "lang") return true;
  while (!allowed.empty()) {
    const size_t end = std::min(allowed.find(' '), allowed.size());
    if (allowed.substr(0, end) == name) return true;
    allowed.remove_prefix(std::min(end + 1, allowed.size()));
  }
  return false;
}

}  // namespace

Api::Api(ApiParts parts)
    : parts_(std::move(parts)), hub_(parts_.access.sessions()), context_{parts_.backend, parts_.access, parts_.clock, hub_, parts_.version, parts_.language, parts_.intake, parts_.tools, parts_.updates, parts_.settings, parts_.machine} {}

size_t Api::body_limit(const http::Request& head) {
  const Match found = match(head.method, head.path);
  if (found.found == Found::route && found.route->of_programs) return shows_token(head) ? found.route->max_body : 0;
  if (found.found != Found::route || (found.route->least != access::Role::none && !session_token(head))) return 0;
  return found.route->max_body;
}

http::Handler Api::handler() {
  return [this](http::Request request, http::Reply reply) { handle(std::move(request), std::move(reply)); };
}

void Api::handle(http::Request request, http::Reply reply) {
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->reply = std::move(reply);
  if (!exchange->request.path.starts_with(kApi)) return exchange->answer(asset_answer(parts_.assets, exchange->request).value_or(not_found()));
  if (!parts_.home.post([this, exchange] { answer(exchange); })) {
    auto busy = error_answer(503, "busy", "too many requests at once");
    busy.headers.push_back({"Retry-After", "1"});
    exchange->answer(std::move(busy));
  }
}

void Api::answer(const std::shared_ptr<Exchange>& exchange) {
  Match found = match(exchange->request.method, exchange->request.path);
  if (found.found == Found::nothing) return exchange->answer(not_found());
  if (found.found == Found::other_method) {
    auto refusal = error_answer(405, "method_not_allowed", "this address answers to " + found.allow);
    refusal.headers.push_back({"Allow", found.allow});
    return exchange->answer(std::move(refusal));
  }
  exchange->path = std::move(found.path);
  exchange->language = language_of(exchange->request, parts_.language);
  if (found.route->of_programs) return found.route->handle(context_, exchange);
  if (auto refusal = refuse_foreign(*exchange, *found.route)) return exchange->answer(std::move(*refusal));
  if (auto refusal = refuse_caller(*exchange, *found.route)) return exchange->answer(std::move(*refusal));
  if (auto refusal = read_form(*exchange, *found.route)) return exchange->answer(std::move(*refusal));
  found.route->handle(context_, exchange);
}

// Whatever can change something must come from our own page and be JSON, or bytes of a kind that no form can send.
std::optional<http::Response> Api::refuse_foreign(const Exchange& exchange, const Route& route) const {
  if (exchange.request.method == http::Method::get) return std::nullopt;
  if (!same_origin(exchange.request)) {
    log_warning("web " + exchange.request.peer_address, "refused {} {}: not from our own page", to_string(exchange.request.method), exchange.request.path);
    return error_answer(403, "denied", "the request does not come from this box's own page (Origin)");
  }
  if (route.raw_body) {
    const std::string* type = exchange.request.header("Content-Type");
    if (type == nullptr || *type != kBytes) return error_answer(415, "not_json", "Content-Type must be application/octet-stream");
  } else if (!is_json(exchange.request)) return error_answer(415, "not_json", "Content-Type must be application/json");
  return std::nullopt;
}

std::optional<http::Response> Api::refuse_caller(Exchange& exchange, const Route& route) {
  if (const auto token = session_token(exchange.request))
    if (const auto* session = parts_.access.sessions().use(*token)) exchange.session = *session;
  if (route.least == access::Role::none) return std::nullopt;
  if (!exchange.session) return error_answer(401, "not_logged_in", "log in first");
  if (!access::allows(exchange.session->role, route.least)) return error_answer(403, "denied", "this is for the role " + std::string(access::to_string(route.least)));
  if (exchange.request.method != http::Method::get && !csrf_token_fits(exchange.request, exchange.session->csrf_token))
    return error_answer(403, "denied", "the header Holdfast-CSRF does not fit this session");
  return std::nullopt;
}

std::optional<http::Response> Api::read_form(Exchange& exchange, const Route& route) const {
  const http::Request& request = exchange.request;
  for (const auto& [name, value] : request.query)
    if (!may_ask(route.query, name)) return error_answer({escape_for_log(name.substr(0, 64)), "is not a parameter of this address"});
  if (request.query.contains("lang") && !language_from(request.query.at("lang"))) return error_answer({"lang", "must be en or ru"});
  if (request.body.size() > std::max<size_t>(route.max_body, 2)) return error_answer(413, "too_large", "the body is longer than this address takes");
  if (route.max_body == 0) return request.body.empty() || request.body == "{}" ? std::nullopt : std::optional(error_answer({"body", "must be empty"}));
  if (route.raw_body) return std::nullopt;
  auto body = parse_json(request.body);
  if (!body) return error_answer({"body", body.error().what});
  auto* object = body->if_object();
  if (!object) return error_answer({"body", "must be an object"});
  exchange.body = std::move(*object);
  return std::nullopt;
}

void Api::publish(LivePicture picture) {
  // Dropped when `home` is full: the next one comes within a second.
  (void)parts_.home.post([this, picture = std::make_shared<const LivePicture>(std::move(picture))] { hub_.picture(boost::json::serialize(to_json(*picture))); });
}

void Api::publish(const incidents::Incident& incident, News news) {
  const bool taken = parts_.home.post([this, news, incident = std::make_shared<const incidents::Incident>(incident)] {
    hub_.news(boost::json::serialize(news_json(*incident, news)));
  });
  if (!taken) log_warning("web", "live pages learn of incident {} from the next picture: too much waits", incident.id);
}

void Api::publish(const FiringView& firing) {
  const bool taken = parts_.home.post([this, firing = std::make_shared<const FiringView>(firing)] {
    hub_.fired(boost::json::serialize(to_json(*firing)));
  });
  if (!taken) log_warning("web", "live pages learn of firing {} when they ask again: too much waits", firing.firing.id);
}

}  // namespace hf::web
