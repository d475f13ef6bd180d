#include "agent/web/intake.hpp"

#include <boost/json.hpp>

#include "agent/web/handlers.hpp"
#include "hal/platform/log.hpp"

namespace hf::web {

namespace {

constexpr std::string_view kBearer = "Bearer ", kLines = "application/x-ndjson";
constexpr size_t kShortestToken = 16;

std::string_view token_of(const http::Request& request) {
  const std::string* shown = request.header("Authorization");
  if (shown == nullptr || !shown->starts_with(kBearer) || shown->size() < kBearer.size() + kShortestToken) return {};
  return std::string_view(*shown).substr(kBearer.size());
}

boost::json::value to_json(const IntakeAnswer& answer) {
  boost::json::array refused;
  for (const auto& [line, problem] : answer.refused) refused.push_back({{"line", line}, {"problem", problem}});
  return {{"accepted", answer.accepted}, {"duplicates", answer.duplicates}, {"refused_in_all", answer.refused_in_all}, {"refused", std::move(refused)}};
}

}  // namespace

bool shows_token(const http::Request& head) { return !token_of(head).empty(); }

http::Response post_events(Context& context, const Exchange& exchange) {
  const http::Request& request = exchange.request;
  if (context.intake == nullptr) return error_answer(404, "not_found", "this box takes no events: [pbx] kind is not \"intake\"");
  if (!shows_token(request) || !context.intake->admits(token_of(request))) {
    log_warning("web " + request.peer_address, "refused events: the token does not fit");
    return error_answer(401, "not_logged_in", "Authorization must be Bearer and the token in [intake] token_file");
  }
  const std::string* type = request.header("Content-Type");
  if (type == nullptr || !type->starts_with(kLines)) return error_answer(415, "not_json", "Content-Type must be application/x-ndjson");
  auto taken = context.intake->take(request.body);
  return taken ? json_answer(200, to_json(*taken)) : error_answer(taken.error());
}

}  // namespace hf::web
