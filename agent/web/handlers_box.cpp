#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/to_json.hpp"
#include "agent/web/told.hpp"

namespace hf::web {

namespace {

template <class T>
http::Response list_answer(std::string_view name, const std::vector<T>& all) {
  boost::json::array out;
  for (const auto& one : all) out.push_back(to_json(one));
  return json_answer(200, boost::json::object{{name, std::move(out)}});
}

std::optional<BadField> read_webhook(const boost::json::object& body, bool secret_set, WebhookChange& change) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  in.boolean("enabled", change.enabled);
  in.text("url", change.url, {0, 1024});
  if (in.has("secret")) in.secret("secret", change.secret.emplace(), {16, 256});
  in.boolean("dialled_numbers", change.dialled_numbers);
  in.done();
  if (change.enabled && change.url.empty()) in.refuse("url", "is needed to enable the webhook");
  if (change.enabled && !change.secret && !secret_set) in.refuse("secret", "is needed to enable the webhook: receivers check its signature");
  if (!change.url.empty() && !change.url.starts_with("https://") && !change.url.starts_with("http://")) in.refuse("url", "must begin with https:// or http://");
  return bad;
}

}  // namespace

http::Response site_model(Context& context, const Exchange&) { return json_answer(200, to_json(context.backend.site_model())); }

http::Response set_site_model(Context& context, const Exchange& exchange) {
  calls::SiteModel model;
  if (const auto bad = read_site_model(exchange.body, model)) return error_answer(*bad);
  const std::string before = boost::json::serialize(to_json(context.backend.site_model().model));
  const Status done = context.backend.set_site_model(model, exchange.session->user);
  return told(context, exchange, {.action = "site_model.set", .before = before, .after = boost::json::serialize(to_json(model))}, done, site_model(context, exchange), "time_zone");
}

http::Response sources(Context& context, const Exchange&) { return list_answer("sources", context.backend.sources()); }

http::Response outbox(Context& context, const Exchange& exchange) {
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  const auto before = query.integer("before", 1, INT64_MAX);
  const size_t limit = query.limit();
  if (bad) return error_answer(*bad);
  const auto items = context.backend.outbox(before, limit);
  if (!items) return error_answer(items.error());
  boost::json::array out;
  for (const auto& item : *items) out.push_back(to_json(item));
  boost::json::value next;
  if (items->size() == limit) next = items->back().sequence;
  return json_answer(200, {{"items", std::move(out)}, {"before", std::move(next)}});
}

http::Response outbox_item(Context& context, const Exchange& exchange) {
  const std::string& text = exchange.in_path("sequence");
  uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (error != std::errc{} || end != text.data() + text.size()) return error_answer(404, "not_found", "no such payload");
  const auto payload = context.backend.outbox_item(sequence);
  if (!payload) return error_answer(payload.error());
  auto body = parse_json(payload->json);
  if (!body) return error_answer(Error{ErrorKind::corrupt, "outbox item is no JSON"});
  return json_answer(200, {{"item", to_json(payload->item)}, {"body", std::move(*body)}});
}

http::Response hq(Context& context, const Exchange&) { return json_answer(200, to_json(context.backend.hq())); }

http::Response webhook(Context& context, const Exchange&) { return json_answer(200, to_json(context.backend.webhook())); }

http::Response set_webhook(Context& context, const Exchange& exchange) {
  const Webhook old = context.backend.webhook();
  WebhookChange change;
  if (const auto bad = read_webhook(exchange.body, old.secret_set, change)) return error_answer(*bad);
  const Status done = context.backend.set_webhook(change);
  const Webhook now = context.backend.webhook();
  const std::string before = boost::json::serialize(to_json(old)), after = boost::json::serialize(to_json(now));
  return told(context, exchange, {.action = change.secret ? "webhook.set_with_secret" : "webhook.set", .before = before, .after = after}, done, json_answer(200, to_json(now)), "url");
}

http::Response test_webhook(Context& context, const Exchange& exchange) {
  const auto id = context.backend.test_webhook();
  return told(context, exchange, "webhook.test", id.value_or(""), status_of(id), json_answer(202, {{"id", id.value_or("")}}));
}

http::Response webhook_deliveries(Context& context, const Exchange& exchange) {
  std::optional<BadField> bad;
  const size_t limit = QueryReader(exchange, bad).limit();
  if (bad) return error_answer(*bad);
  return list_answer("deliveries", context.backend.deliveries(limit));
}

http::Response health(Context& context, const Exchange&) { return json_answer(200, to_json(context.backend.health(), context.clock.now())); }

}  // namespace hf::web
