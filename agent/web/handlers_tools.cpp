// Answers to surveys, how calls sounded, what the sources show, listening, and the SMDR assistant.
#include <boost/json/array.hpp>

#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/told.hpp"
#include "agent/web/tools_json.hpp"

namespace hf::web {

namespace {

constexpr Duration kLongestReport = std::chrono::hours(24 * 400);

http::Response no_tools() { return error_answer(404, "not_found", "this program has no sources to look at"); }

struct Span {
  Time from{}, to{};
};
// Of what was asked for; nothing when `bad` says why.
std::optional<Span> span_of(const Exchange& exchange, std::optional<BadField>& bad) {
  QueryReader query(exchange, bad);
  const auto from = query.time("from"), to = query.time("to");
  if (!from) query.refuse("from", "is missing");
  if (!to) query.refuse("to", "is missing");
  if (!bad && (*to <= *from || *to - *from > kLongestReport)) query.refuse("to", "must be after from, by 400 days at most");
  return bad ? std::nullopt : std::optional(Span{*from, *to});
}

}  // namespace

http::Response surveys(Context& context, const Exchange& exchange) {
  if (context.tools == nullptr) return no_tools();
  std::optional<BadField> bad;
  const auto span = span_of(exchange, bad);
  if (!span) return error_answer(*bad);
  const auto report = context.tools->surveys(span->from, span->to);
  return report ? json_answer(200, to_json(*report, span->from, span->to)) : error_answer(report.error());
}

http::Response voice(Context& context, const Exchange& exchange) {
  if (context.tools == nullptr) return no_tools();
  std::optional<BadField> bad;
  const auto span = span_of(exchange, bad);
  if (!span) return error_answer(*bad);
  const auto report = context.tools->voice(span->from, span->to);
  return report ? json_answer(200, to_json(*report, span->from, span->to)) : error_answer(report.error());
}

http::Response import_surveys(Context& context, const Exchange& exchange) {
  if (context.tools == nullptr) return no_tools();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  std::string csv;
  in.secret("csv", csv, {1, size_t{2} << 20});  // any signs: lines
  in.done();
  if (bad) return error_answer(*bad);
  const auto taken = context.tools->import_surveys(csv);
  const std::string after = taken ? std::to_string(taken->accepted) + " answers" : "";
  return told(context, exchange, {.action = "surveys.import", .after = after}, status_of(taken), taken ? json_answer(200, to_json(*taken)) : http::Response(), "csv");
}

http::Response coverage(Context& context, const Exchange&) {
  return context.tools == nullptr ? no_tools() : json_answer(200, to_json(context.tools->coverage()));
}

http::Response listening(Context& context, const Exchange&) {
  if (context.tools == nullptr) return no_tools();
  boost::json::array sources;
  for (const ListenView& source : context.tools->listening()) sources.push_back(to_json(source));
  return json_answer(200, {{"sources", std::move(sources)}});
}

http::Response listen(Context& context, const Exchange& exchange) {
  if (context.tools == nullptr) return no_tools();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  int64_t length = 0;
  in.integer("seconds", length, 5, 600);
  in.done();
  if (bad) return error_answer(*bad);
  if (auto begun = context.tools->listen(std::chrono::seconds(length)); !begun) return error_answer(begun.error());
  return listening(context, exchange);
}

http::Response propose_smdr(Context& context, const Exchange& exchange) {
  if (context.tools == nullptr) return no_tools();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  std::string lines;
  in.secret("lines", lines, {1, size_t{128} << 10});  // any signs
  in.done();
  if (bad) return error_answer(*bad);
  const auto proposal = context.tools->propose_smdr(lines);
  return proposal ? json_answer(200, to_json(*proposal)) : error_answer(proposal.error(), "lines");
}

}  // namespace hf::web
