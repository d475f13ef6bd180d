// Rules, backtests, hypotheses, declared changes. Every change is in the audit log, refused ones too.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "agent/web/backend.hpp"
#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/rules_json.hpp"
#include "agent/web/told.hpp"

namespace hf::web {

namespace {

template <class T>
http::Response made(unsigned status, const Result<T>& view) {
  return view ? json_answer(status, to_json(*view)) : empty_answer();
}

template <class T>
http::Response list(std::string_view name, const Result<std::vector<T>>& all) {
  if (!all) return error_answer(all.error());
  boost::json::array out;
  for (const auto& one : *all) out.push_back(to_json(one));
  return json_answer(200, boost::json::object{{name, std::move(out)}});
}

http::Response put_rule(Context& context, const Exchange& exchange, std::string id, unsigned status) {
  rules::Rule rule;
  if (const auto bad = read_rule(exchange.body, rule)) return error_answer(*bad);
  rule.id = id;
  const auto view = context.backend.rules().set_rule(rule, exchange.session->user);
  if (view) id = view->rule.id;
  return told(context, exchange, {.action = "rule.set", .target = id, .after = boost::json::serialize(exchange.body)}, status_of(view), made(status, view), "text");
}

}  // namespace

http::Response rules_list(Context& context, const Exchange&) {
  const auto all = context.backend.rules().rules();
  return all ? json_answer(200, to_json(*all)) : error_answer(all.error());
}

http::Response add_rule(Context& context, const Exchange& exchange) { return put_rule(context, exchange, "", 201); }
http::Response set_rule(Context& context, const Exchange& exchange) { return put_rule(context, exchange, exchange.in_path("id"), 200); }

http::Response delete_rule(Context& context, const Exchange& exchange) {
  const std::string& id = exchange.in_path("id");
  const auto done = context.backend.rules().delete_rule(id, exchange.session->user);
  return told(context, exchange, "rule.delete", id, status_of(done), empty_answer(), "text");
}

http::Response snooze_rule(Context& context, const Exchange& exchange) {
  std::optional<Duration> time;
  if (const auto bad = read_snooze(exchange.body, time)) return error_answer(*bad);
  const std::string& id = exchange.in_path("id");
  const auto view = context.backend.rules().snooze(id, time, exchange.session->user);
  return told(context, exchange, {.action = "rule.snooze", .target = id, .after = boost::json::serialize(exchange.body)}, status_of(view), made(200, view), "for_s");
}

http::Response check_rule(Context& context, const Exchange& exchange) {
  std::string text;
  if (const auto bad = read_text_form(exchange.body, text)) return error_answer(*bad);
  const auto checked = context.backend.rules().check(text);
  return checked ? json_answer(200, to_json(*checked)) : error_answer(checked.error());
}

http::Response firings(Context& context, const Exchange& exchange) {
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  const auto rule = query.text("rule", {1, 32});
  const size_t limit = query.limit();
  if (bad) return error_answer(*bad);
  return list("firings", context.backend.rules().firings(rule, limit));
}

http::Response begin_backtest(Context& context, const Exchange& exchange) {
  BacktestRange range;
  if (const auto bad = read_backtest(exchange.body, range)) return error_answer(*bad);
  const auto view = context.backend.rules().begin_backtest(range);
  return view ? json_answer(202, to_json(*view)) : error_answer(view.error(), "text");
}

http::Response backtest(Context& context, const Exchange& exchange) {
  const auto view = context.backend.rules().backtest(exchange.in_path("id"));
  return view ? json_answer(200, to_json(*view)) : error_answer(view.error());
}

http::Response cancel_backtest(Context& context, const Exchange& exchange) {
  const auto done = context.backend.rules().cancel_backtest(exchange.in_path("id"));
  return done ? empty_answer() : error_answer(done.error());
}

http::Response hypotheses(Context& context, const Exchange&) { return list("hypotheses", context.backend.rules().hypotheses()); }

http::Response add_hypothesis(Context& context, const Exchange& exchange) {
  rules::Hypothesis hypothesis;
  if (const auto bad = read_hypothesis(exchange.body, hypothesis)) return error_answer(*bad);
  const auto view = context.backend.rules().add_hypothesis(hypothesis, exchange.session->user);
  return told(context, exchange, {.action = "hypothesis.add", .target = view ? view->hypothesis.id : "", .after = boost::json::serialize(exchange.body)}, status_of(view), made(201, view), "signal");
}

http::Response delete_hypothesis(Context& context, const Exchange& exchange) {
  const std::string& id = exchange.in_path("id");
  const auto done = context.backend.rules().delete_hypothesis(id, exchange.session->user);
  return told(context, exchange, "hypothesis.delete", id, status_of(done), empty_answer(), "text");
}

http::Response changes(Context& context, const Exchange&) { return list("changes", context.backend.rules().changes()); }

http::Response declare_change(Context& context, const Exchange& exchange) {
  rules::DeclaredChange change;
  if (const auto bad = read_change(exchange.body, change)) return error_answer(*bad);
  const auto view = context.backend.rules().declare(change, exchange.session->user);
  return told(context, exchange, {.action = "change.declare", .target = view ? view->change.id : "", .after = boost::json::serialize(exchange.body)}, status_of(view), made(201, view), "guardrails");
}

http::Response end_change(Context& context, const Exchange& exchange) {
  const std::string& id = exchange.in_path("id");
  const auto done = context.backend.rules().end_change(id, exchange.session->user);
  return told(context, exchange, "change.end", id, status_of(done), empty_answer(), "text");
}

}  // namespace hf::web
