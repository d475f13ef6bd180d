#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "agent/web/fields.hpp"
#include "agent/web/formulas.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/live_hub.hpp"
#include "agent/web/to_json.hpp"
#include "agent/web/told.hpp"

namespace hf::web {

namespace {

constexpr int64_t kMaxSteps = 1500;

bool is_incident_id(std::string_view id) {
  return id.size() == 16 && std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

http::Response no_such_incident() { return error_answer(404, "not_found", "no such incident"); }

std::optional<BadField> read_minutes(const Exchange& exchange, MinuteQuery& out) {
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  const auto scope = query.text("scope", {1, 16});
  const auto id = query.text("id", {1, 128});
  const auto from = query.time("from"), to = query.time("to");
  const auto step = query.integer("step_s", 60, 86400).value_or(60);
  if (scope != "queue" && scope != "line") query.refuse("scope", "must be queue or line");
  if (!id) query.refuse("id", "is missing");
  if (!from) query.refuse("from", "is missing");
  if (!to) query.refuse("to", "is missing");
  if (step != 60 && step != 300 && step != 900 && step != 3600 && step != 86400) query.refuse("step_s", "must be 60, 300, 900, 3600 or 86400");
  if (bad) return bad;
  out = {scope == "queue" ? metrics::Scope::queue : metrics::Scope::line, *id, *from, *to, std::chrono::seconds(step)};
  if (out.to <= out.from) query.refuse("to", "must be after from");
  else if ((out.to - out.from) / out.step > kMaxSteps) query.refuse("to", "asks for more than 1500 steps: take a longer step_s");
  return bad;
}

}  // namespace

http::Response live(Context& context, const Exchange&) { return json_answer(200, to_json(context.backend.live())); }

http::Response live_events(Context& context, const Exchange& exchange) {
  auto stream = context.hub.open(*exchange.session);
  if (!stream) {
    auto busy = error_answer(503, "busy", "too many live pages are open");
    busy.headers.push_back({"Retry-After", "10"});
    return busy;
  }
  stream->picture(std::make_shared<const std::string>("event: live\ndata: " + boost::json::serialize(to_json(context.backend.live())) + "\n\n"));
  return {200, {{"Content-Type", "text/event-stream"}}, {}, std::move(stream)};
}

http::Response incidents_list(Context& context, const Exchange& exchange) {
  std::optional<BadField> bad;
  QueryReader query(exchange, bad);
  const auto open = query.text("open", {4, 5});
  if (open && open != "true" && open != "false") query.refuse("open", "must be true or false");
  IncidentQuery wanted{open == "true", query.time("from"), query.time("to"), query.limit()};
  if (bad) return error_answer(*bad);
  const auto found = context.backend.incidents(wanted);
  if (!found) return error_answer(found.error());
  boost::json::array out;
  for (const auto& view : *found) out.push_back(to_json(view, exchange.language));
  return json_answer(200, {{"incidents", std::move(out)}});
}

http::Response incident(Context& context, const Exchange& exchange) {
  const std::string& id = exchange.in_path("id");
  if (!is_incident_id(id)) return no_such_incident();
  const auto view = context.backend.incident(id);
  if (!view) return error_answer(view.error());
  const auto chart = context.backend.incident_chart(id);
  if (!chart) return error_answer(chart.error());
  return json_answer(200, {{"incident", to_json(*view, exchange.language)}, {"chart", to_json(*chart)}});
}

http::Response acknowledge(Context& context, const Exchange& exchange) {
  const std::string& id = exchange.in_path("id");
  if (!is_incident_id(id)) return no_such_incident();
  const auto view = context.backend.acknowledge(id, exchange.session->user);
  if (!view) return error_answer(view.error());
  if (auto written = write_down(context, exchange, {.action = "incident.acknowledge", .target = id}, {}); !written) return error_answer(written.error());
  context.hub.news(boost::json::serialize(news_json(view->incident, News::acknowledged)));
  return json_answer(200, to_json(*view, exchange.language));
}

http::Response minutes(Context& context, const Exchange& exchange) {
  MinuteQuery query;
  if (const auto bad = read_minutes(exchange, query)) return error_answer(*bad);
  const auto series = context.backend.minutes(query);
  return series ? json_answer(200, to_json(*series, query)) : error_answer(series.error());
}

http::Response signals(Context& context, const Exchange& exchange) {
  return json_answer(200, to_json(context.backend.signals(), exchange.language));
}

http::Response formulas(Context&, const Exchange& exchange) {
  boost::json::array out;
  for (const Formula& f : all_formulas()) {
    const Words& words = exchange.language == Language::ru ? f.ru : f.en;
    out.push_back(boost::json::object{{"id", f.id}, {"name", words.name}, {"unit", words.unit}, {"formula", f.formula}, {"text", words.text}});
  }
  return json_answer(200, {{"formulas", std::move(out)}});
}

}  // namespace hf::web
