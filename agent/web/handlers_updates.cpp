// Versions of the box: bundles brought in pieces, inspected, installed, and the start of the new version.
#include "agent/updates/updates.hpp"
#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/told.hpp"
#include "agent/web/updates_json.hpp"

namespace hf::web {

namespace {

http::Response no_updates() { return error_answer(404, "not_found", "this program does not keep its versions"); }

std::string who(const Exchange& exchange) { return exchange.session->user + "@" + exchange.request.peer_address; }

std::optional<updates::Restart> restart_of(std::string_view word) {
  if (word == "now") return updates::Restart::now;
  if (word == "window") return updates::Restart::window;
  if (word == "later") return updates::Restart::later;
  return std::nullopt;
}

// {"restart": "now" | "window" | "later"}
std::optional<updates::Restart> read_restart(const Exchange& exchange, std::optional<BadField>& bad) {
  FieldReader in(exchange.body, bad);
  std::string word;
  in.text("restart", word, {1, 10});
  in.done();
  const auto restart = restart_of(word);
  if (!bad && !restart) in.refuse("restart", "must be now, window or later");
  return restart;
}

http::Response now_answer(Context& context, unsigned status) { return json_answer(status, to_json(context.updates->overview())); }

}  // namespace

http::Response updates_now(Context& context, const Exchange&) { return context.updates == nullptr ? no_updates() : now_answer(context, 200); }

http::Response begin_upload(Context& context, const Exchange& exchange) {
  if (context.updates == nullptr) return no_updates();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  std::string name, sha256;
  int64_t size = 0;
  in.text("name", name, {1, 200});
  in.integer("size", size, 1, int64_t{1} << 40);
  in.text("sha256", sha256, {64, 64});
  in.done();
  if (bad) return error_answer(*bad);
  const auto begun = context.updates->begin_upload(name, static_cast<uint64_t>(size), sha256, who(exchange));
  if (begun && begun->offset > 0) return json_answer(200, to_json(*begun));  // goes on: told in the log when it was begun
  return told(context, exchange, "update.upload", name.substr(0, 100), status_of(begun), begun ? json_answer(200, to_json(*begun)) : http::Response(), "size");
}

http::Response append_upload(Context& context, const Exchange& exchange) {
  if (context.updates == nullptr) return no_updates();
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  const auto offset = query.integer("offset", 0, INT64_MAX);
  if (!bad && !offset) query.refuse("offset", "is missing");
  if (bad) return error_answer(*bad);
  const auto now = context.updates->append(*offset, exchange.request.body);
  return now ? json_answer(200, to_json(*now)) : error_answer(now.error(), "body");
}

http::Response inspect_bundle(Context& context, const Exchange& exchange) {
  if (context.updates == nullptr) return no_updates();
  const std::string& id = exchange.in_path("id");
  const auto begun = context.updates->inspect(id, who(exchange));
  return told(context, exchange, "update.inspect", id, begun, now_answer(context, 202), "id");
}

http::Response install_bundle(Context& context, const Exchange& exchange) {
  if (context.updates == nullptr) return no_updates();
  std::optional<BadField> bad;
  const auto restart = read_restart(exchange, bad);
  if (bad) return error_answer(*bad);
  const std::string& id = exchange.in_path("id");
  const auto begun = context.updates->install(id, *restart, who(exchange));
  return told(context, exchange, "update.install", id, begun, now_answer(context, 202), "id");
}

http::Response discard_bundle(Context& context, const Exchange& exchange) {
  if (context.updates == nullptr) return no_updates();
  const std::string& id = exchange.in_path("id");
  return told(context, exchange, "update.discard", id, context.updates->discard(id), empty_answer(), "id");
}

http::Response restart_box(Context& context, const Exchange& exchange) {
  if (context.updates == nullptr) return no_updates();
  std::optional<BadField> bad;
  const auto when = read_restart(exchange, bad);
  if (bad) return error_answer(*bad);
  const auto asked = context.updates->restart(*when, who(exchange));
  return told(context, exchange, "update.restart", *exchange.body.at("restart").if_string() == "later" ? "taken back" : "", asked, now_answer(context, 202), "restart");
}

}  // namespace hf::web
