#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

constexpr TextSize kUser{1, 64}, kPassword{0, access::kMaxPassword};
constexpr size_t kExportRows = 5000;

access::Done<access::User> answer_with_user(Context& context, std::shared_ptr<Exchange> exchange, unsigned status) {
  return [&context, exchange = std::move(exchange), status](access::Outcome<access::User> outcome) {
    if (!outcome) return exchange->answer(error_answer(outcome.error()));
    exchange->answer(json_answer(status, to_json(*outcome, context.access.sessions().count(outcome->name))));
  };
}

void read_role(FieldReader& in, access::Role& role) {
  std::string name;
  in.text("role", name, {1, 16});
  const auto known = access::role_from(name);
  if (!known) in.refuse("role", "must be viewer or admin");
  role = known.value_or(access::Role::none);
}

}  // namespace

http::Response users(Context& context, const Exchange&) {
  const auto all = context.access.users();
  if (!all) return error_answer(all.error());
  boost::json::array out;
  for (const auto& user : *all) out.push_back(to_json(user, context.access.sessions().count(user.name)));
  return json_answer(200, {{"users", std::move(out)}});
}

void add_user(Context& context, const std::shared_ptr<Exchange>& exchange) {
  std::optional<BadField> bad;
  std::string name, password;
  access::Role role = access::Role::none;
  FieldReader in(exchange->body, bad);
  in.text("name", name, kUser);
  read_role(in, role);
  in.secret("password", password, kPassword);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  context.access.add_user(exchange->caller(), std::move(name), role, std::move(password), answer_with_user(context, exchange, 201));
}

void change_user(Context& context, const std::shared_ptr<Exchange>& exchange) {
  std::optional<BadField> bad;
  access::UserChange change;
  FieldReader in(exchange->body, bad);
  if (in.has("role")) read_role(in, change.role.emplace());
  if (in.has("disabled")) in.boolean("disabled", change.disabled.emplace());
  if (in.has("password")) in.secret("password", change.password.emplace(), kPassword);
  if (!change.role && !change.disabled && !change.password) in.refuse("role", "one of role, disabled, password is needed");
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  context.access.change_user(exchange->caller(), exchange->in_path("name"), std::move(change), answer_with_user(context, exchange, 200));
}

http::Response delete_user(Context& context, const Exchange& exchange) {
  const auto gone = context.access.remove_user(exchange.caller(), exchange.in_path("name"));
  return gone ? empty_answer() : error_answer(gone.error());
}

http::Response audit(Context& context, const Exchange& exchange) {
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  std::optional<int64_t> before;
  if (const auto given = query.integer("before", 1, INT64_MAX)) before = static_cast<int64_t>(*given);
  const size_t limit = query.limit();
  if (bad) return error_answer(*bad);
  const auto rows = context.access.audit().before(before, limit);
  if (!rows) return error_answer(rows.error());
  boost::json::array out;
  for (const auto& row : *rows) out.push_back(to_json(row));
  boost::json::value next;
  if (rows->size() == limit) next = rows->back().id;
  return json_answer(200, {{"rows", std::move(out)}, {"before", std::move(next)}});
}

http::Response verify_audit(Context& context, const Exchange&) {
  const auto verdict = context.access.audit().verify();
  return verdict ? json_answer(200, to_json(*verdict)) : error_answer(verdict.error());
}

http::Response export_audit(Context& context, const Exchange& exchange) {
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  const auto after = query.integer("after", 0, INT64_MAX).value_or(0);
  if (bad) return error_answer(*bad);
  const auto rows = context.access.audit().after(static_cast<int64_t>(after), kExportRows);
  if (!rows) return error_answer(rows.error());
  http::Response response{200, {{"Content-Type", "application/x-ndjson"}, {"Content-Disposition", "attachment; filename=\"holdfast-audit.ndjson\""}}, {}, nullptr};
  for (const auto& row : *rows) response.body += boost::json::serialize(to_json(row)) + "\n";
  return response;
}

}  // namespace hf::web
