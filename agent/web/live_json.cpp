#include <algorithm>
#include <boost/json/array.hpp>

#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value label_or_null(const std::optional<Named>& named) { return named ? value(named->id) : value(nullptr); }
std::string label_or_empty(const std::optional<Named>& named) { return named ? named->label : std::string(); }

std::string_view to_string(Place place) {
  switch (place) {
    case Place::before_queue: return "before_queue";
    case Place::in_queue: return "in_queue";
    case Place::in_holding_queue: return "in_holding_queue";
  }
  return "before_queue";
}

std::string_view to_string(calls::AgentState state) {
  using enum calls::AgentState;
  switch (state) {
    case logged_out: return "logged_out";
    case free: return "free";
    case ringing: return "ringing";
    case talking: return "talking";
    case on_hold: return "on_hold";
    case wrap_up: return "wrap_up";
    case paused: return "paused";
    case busy: return "busy";
    case unavailable: return "unavailable";
    case not_answering: return "not_answering";
    case unknown: return "unknown";
  }
  return "unknown";
}

object caller_json(const WaitingCaller& c, Time now) {
  std::optional<Duration> queue_age;
  if (c.joined) queue_age = std::max(now - *c.joined, Duration(0));
  return {{"id", c.id},
          {"line", label_or_null(c.line)},
          {"line_label", label_or_empty(c.line)},
          {"queue", label_or_null(c.queue)},
          {"queue_label", label_or_empty(c.queue)},
          {"place", to_string(c.place)},
          {"arrived", json(c.arrived)},
          {"age_s", json(std::max(now - c.arrived, Duration(0)))},
          {"queue_age_s", json(queue_age)},
          {"held", c.held},
          {"usual_s", json(c.usual)}};
}

object agent_json(const AgentRow& a) {
  return {{"agent", a.agent},
          {"name", a.name},
          {"queue", a.queue.id},
          {"queue_label", a.queue.label},
          {"state", to_string(a.state)},
          {"since", json(a.since)},
          {"shown_free", a.shown_free},
          {"really_free", a.state == calls::AgentState::free},
          {"misses", a.misses},
          {"penalty", a.penalty},
          {"pause_reason", a.pause_reason}};
}

array bins_json(const metrics::WaitHistogram& histogram) { return array(histogram.bins.begin(), histogram.bins.end()); }

object waits_json(const Waits& w) {
  const auto quantile = [&w](double q) { return w.baseline ? w.baseline->quantile(q) : std::nullopt; };
  return {{"now", bins_json(w.now)},
          {"now_calls", w.now.count()},
          {"now_from", json(w.now_from)},
          {"baseline", w.baseline ? value(bins_json(*w.baseline)) : value(nullptr)},
          {"baseline_calls", w.baseline ? w.baseline->count() : 0},
          {"baseline_from", json(w.baseline_from)},
          {"baseline_to", json(w.baseline_to)},
          {"baseline_p50_s", json(quantile(0.5))},
          {"baseline_p95_s", json(quantile(0.95))}};
}

object score_json(const forecast::ScoreCard& card) {
  array bins;
  for (const auto& bin : card.bins) {
    std::optional<double> told, came;
    if (bin.cases > 0) told = bin.chances / bin.cases, came = static_cast<double>(bin.events) / bin.cases;
    bins.push_back(object{{"cases", bin.cases}, {"told", json(told)}, {"came", json(came)}});
  }
  const auto brier = card.brier();
  const auto of = [&brier](double forecast::Chances::* whose) { return brier ? std::optional((*brier).*whose) : std::nullopt; };
  return {{"cases", card.cases},
          {"missed", card.events},
          {"enough", card.enough()},
          {"brier", json(of(&forecast::Chances::model))},
          {"brier_persistence", json(of(&forecast::Chances::persistence))},
          {"brier_climatology", json(of(&forecast::Chances::climatology))},
          {"skill_persistence", json(card.skill_over_persistence())},
          {"skill_climatology", json(card.skill_over_climatology())},
          {"calibration_gap", json(card.calibration_gap())},
          {"gap_by_chance", json(card.gap_by_chance())},
          {"bins", std::move(bins)}};
}

array forecasts_json(const std::vector<forecast::Outlook>& outlooks) {
  array out;
  for (const forecast::Outlook& o : outlooks) {
    out.push_back(object{{"horizon_s", json(Duration(o.horizon))},
                         {"target_share", forecast::kTargetShare},
                         {"missed", json(o.missed)},
                         {"made", json(o.made)},
                         {"score", score_json(o.card)}});
  }
  return out;
}

object scope_json(const LiveScope& s) {
  return {{"id", s.named.id},
          {"label", s.named.label},
          {"holding", s.holding},
          {"waiting", s.waiting},
          {"held", s.held},
          {"free", json(s.free)},
          {"shown_free", json(s.shown_free)},
          {"staffed", json(s.staffed)},
          {"longest_wait_s", json(s.longest_wait)},
          {"today", to_json(s.today)},
          {"waits", waits_json(s.waits)},
          {"forecasts", forecasts_json(s.forecasts)}};
}

template <class T, class F>
array first(const std::vector<T>& all, size_t most, F&& each) {
  array out;
  for (size_t i = 0; i < std::min(all.size(), most); ++i) out.push_back(each(all[i]));
  return out;
}

size_t beyond(size_t all, size_t most) { return all > most ? all - most : 0; }

array edges_json() {
  array edges;
  for (size_t bin = 0; bin < metrics::WaitHistogram::kBins; ++bin) edges.push_back(json(metrics::WaitHistogram::lower_edge(bin)));
  return edges;
}

object levels_json(const metrics::Minute& m) {
  const auto levels = metrics::service_levels(m);
  return {{"within_s", json(m.service_level)},
          {"ignore_abandons", json(levels.ignore_abandons)},
          {"abandons_negative", json(levels.abandons_negative)},
          {"abandons_positive", json(levels.abandons_positive)},
          {"only_handled", json(levels.only_handled)}};
}

}  // namespace

std::string_view to_string(News news) {
  switch (news) {
    case News::open: return "open";
    case News::opened: return "opened";
    case News::changed: return "changed";
    case News::acknowledged: return "acknowledged";
    case News::closed: return "closed";
    case News::test: return "test";
  }
  return "open";
}

object news_json(const incidents::Incident& i, News news) {
  return {{"id", i.id},
          {"kind", incidents::to_string(i.kind)},
          {"news", to_string(news)},
          {"revision", i.revision},
          {"signalled", json(i.signalled)},
          {"closed", json(i.closed)},
          {"acknowledged", json(i.acknowledged)}};
}

object to_json(const metrics::Minute& m) {
  const double completeness = m.span_minutes > 0 ? std::clamp(metrics::completeness(m), 0.0, 1.0) : 0.0;
  return {{"start", json(m.start)},
          {"span_s", m.span_minutes * 60.0},
          {"observed_s", m.observed_seconds},
          {"completeness", completeness},
          {"offered", m.offered},
          {"answered", m.answered},
          {"abandoned", m.abandoned},
          {"short_abandoned", m.short_abandoned},
          {"timeout", m.timeout},
          {"exit_key", m.exit_key},
          {"refused", m.refused},
          {"lost", m.lost},
          {"service_levels", levels_json(m)},
          {"asa_s", json(metrics::average_speed_of_answer(m))},
          {"wait_p50_s", json(m.answered_waits.quantile(0.5))},
          {"wait_p95_s", json(m.answered_waits.quantile(0.95))},
          {"abandon_rate", json(metrics::abandon_rate(m))},
          {"occupancy", json(metrics::occupancy(m))},
          {"hold_s", json(m.hold)},
          {"talk_s", json(m.talk)},
          {"longest_wait_s", json(m.longest_wait)},
          {"waiting_caller_s", json(m.waiting)},
          {"staffed_agent_s", json(m.staffed)},
          {"busy_agent_s", json(m.busy)},
          {"free_agent_s", json(m.free)},
          {"avoidable_s", json(m.avoidable_wait)}};
}

object to_json(const LivePicture& p) {
  const object today = to_json(p.today);
  return {{"at", json(p.at)},
          {"observing", p.observing},
          {"agents_known", p.agents_known},
          {"pre_queue_known", p.pre_queue_known},
          {"completeness", today.at("completeness")},
          {"waiting", p.waiting},
          {"held", p.held},
          {"free", json(p.free)},
          {"shown_free", json(p.shown_free)},
          {"staffed", json(p.staffed)},
          {"longest_wait_s", json(p.longest_wait)},
          {"avoidable_today_s", json(p.avoidable_today)},
          {"today", today},
          {"wait_edges_s", edges_json()},
          {"callers", first(p.callers, kMaxCallers, [&p](const WaitingCaller& c) { return caller_json(c, p.at); })},
          {"callers_omitted", beyond(p.callers.size(), kMaxCallers)},
          {"agents", first(p.agents, kMaxAgents, agent_json)},
          {"agents_omitted", beyond(p.agents.size(), kMaxAgents)},
          {"queues", first(p.queues, p.queues.size(), scope_json)},
          {"lines", first(p.lines, p.lines.size(), scope_json)},
          {"incidents", first(p.incidents, p.incidents.size(), [](const incidents::Incident& i) { return news_json(i, News::open); })}};
}

}  // namespace hf::web
