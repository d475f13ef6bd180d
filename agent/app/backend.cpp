#include "agent/app/backend.hpp"

#include <algorithm>
#include <map>

#include "agent/app/outlets.hpp"
#include "agent/calls/pbx_name.hpp"
#include "agent/core/site_ids.hpp"
#include "agent/wire/label_rules.hpp"

namespace hf::app {

namespace {

constexpr auto kUsualEvery = std::chrono::minutes(10);
constexpr Duration kChartBefore = std::chrono::minutes(90), kChartAfter = std::chrono::hours(3), kChartTail = std::chrono::minutes(30);

}  // namespace

calls::SiteModel AppBackend::model() {
  auto model = on_loop([this] { return parts_.engine.site_model(); });
  return model ? std::move(*model) : calls::SiteModel{};
}

// The same two hours of the day on each of the last seven days.
void AppBackend::refresh_usual(Time now) {
  if (usual_at_ != Time{} && now - usual_at_ < kUsualEvery) return;
  usual_at_ = now;
  usual_ = {};
  usual_.from = now - std::chrono::hours(24 * 7 + 1);
  usual_.to = now - std::chrono::hours(23);
  for (const auto scope : {metrics::Scope::queue, metrics::Scope::line}) {
    const auto ids = parts_.store.ids(scope);
    for (const auto& id : ids.value_or(std::vector<std::string>{}))
      for (int day = 1; day <= 7; ++day) {
        const Time middle = now - std::chrono::hours(24 * day);
        if (auto waits = parts_.store.answered_waits(scope, id, middle - std::chrono::hours(1), middle + std::chrono::hours(1)))
          usual_.waits[{scope, id}].merge(*waits);
      }
  }
}

web::LivePicture AppBackend::live() {
  refresh_usual(parts_.clock.now());
  auto picture = on_loop([this, usual = usual_] { return live_view(parts_.engine.core(), parts_.engine.site_model(), parts_.days, usual); });
  return picture ? std::move(*picture) : web::LivePicture{};
}

web::IncidentView AppBackend::view(incidents::Incident incident, const Labels& labels) {
  web::IncidentView view{std::move(incident), {}, {}, {}};
  for (const auto& line : view.incident.lines) view.lines.push_back(labels.line(line));
  for (const auto& queue : view.incident.queues) view.queues.push_back(labels.queue(queue));
  const auto names = on_loop([this] {
    std::map<std::string, std::string> known;
    for (const auto& [pbx, core] : parts_.engine.core().pbxs())
      for (auto& agent : core.tracker().agents())
        if (!agent.name.empty()) known[calls::at_pbx(pbx, agent.agent)] = std::move(agent.name);
    return known;
  });
  for (const auto& member : view.incident.members) {
    const bool known = names && names->contains(member);
    view.members.push_back({member, known ? names->at(member) : member});
  }
  return view;
}

Result<std::vector<web::IncidentView>> AppBackend::incidents(const web::IncidentQuery& query) {
  auto found = parts_.store.incidents({query.open_only, query.from, query.to, query.limit});
  if (!found) return fail(std::move(found.error()));
  const Labels labels(model());
  std::vector<web::IncidentView> views;
  for (auto& incident : *found) views.push_back(view(std::move(incident), labels));
  return views;
}

Result<web::IncidentView> AppBackend::incident(std::string_view id) {
  auto found = parts_.store.incident(id);
  if (!found) return fail(std::move(found.error()));
  return view(std::move(*found), Labels(model()));
}

// Calls of the lines that ended in the chart's time, and those that are still open.
Result<std::vector<AppBackend::ChartedCall>> AppBackend::charted_calls(const std::vector<std::string>& lines, Time from, Time to) {
  std::vector<ChartedCall> seen;
  for (const auto& line : lines) {
    auto calls = parts_.store.calls({from, to, line, 2000});
    if (!calls) return fail(std::move(calls.error()));
    for (auto& call : *calls) {
      const Duration wait = call.caller_wait().value_or(Duration{});
      seen.push_back({std::move(call), wait});
    }
  }
  auto open = on_loop([this, lines] {
    std::vector<ChartedCall> waiting;
    for (const auto& [pbx, core] : parts_.engine.core().pbxs())
      for (const auto& [id, call] : core.tracker().open_calls()) {
        if (std::ranges::find(lines, calls::at_pbx(pbx, call.line)) == lines.end()) continue;
        waiting.push_back({call, call.caller_wait().value_or(parts_.engine.now() - call.arrived)});
        to_site_ids(pbx, waiting.back().call);
      }
    return waiting;
  });
  for (auto& call : open.value_or(std::vector<ChartedCall>{})) seen.push_back(std::move(call));
  return seen;
}

Result<web::IncidentChart> AppBackend::incident_chart(std::string_view id) {
  auto incident = parts_.store.incident(id);
  if (!incident) return fail(std::move(incident.error()));
  web::IncidentChart chart;
  chart.from = incident->onset - kChartBefore;
  chart.to = std::min(parts_.clock.now(), incident->closed.value_or(incident->onset + kChartAfter) + kChartTail);
  auto seen = charted_calls(incident->lines, chart.from, chart.to);
  if (!seen) return fail(std::move(seen.error()));
  std::vector<Duration> before;
  for (const auto& [call, wait] : *seen)
    if (call.connected && call.arrived < incident->onset_low) before.push_back(wait);
  if (!before.empty()) {
    std::ranges::nth_element(before, before.begin() + static_cast<std::ptrdiff_t>(before.size() / 2));
    chart.usual = before[before.size() / 2];
  }
  const Duration held_beyond = chart.usual.value_or(Duration{}) + incident->imposed_wait.value_or(std::chrono::minutes(1)) / 2;
  for (const auto& [call, wait] : *seen) {
    const bool held = call.arrived >= incident->onset_low && wait > held_beyond;
    chart.calls.push_back({call.line, call.arrived, wait, call.outcome, held});
  }
  std::ranges::stable_sort(chart.calls, {}, &web::ChartCall::arrived);
  return chart;
}

Result<web::IncidentView> AppBackend::acknowledge(std::string_view id, std::string_view user) {
  auto done = on_loop([this, id = std::string(id), user = std::string(user)] { return parts_.engine.acknowledge(id, user); });
  if (!done) return fail(std::move(done.error()));
  if (!*done) return fail(std::move(done->error()));
  return incident(id);
}

web::SignalsNow AppBackend::signals() {
  auto now = on_loop([this] {
    const Core& core = parts_.engine.core();
    const Labels labels(parts_.engine.site_model());
    web::SignalsNow all{core.now(), {}};
    for (const auto& [name, pbx] : core.pbxs()) {
      if (!pbx.heard() && core.pbxs().size() > 1) continue;
      for (auto& reading : pbx.detector().readings(core.now(), pbx.tracker())) {
        web::SignalReading named{std::move(reading), {}, {}};
        named.reading.line = calls::at_pbx(name, named.reading.line), named.reading.queue = calls::at_pbx(name, named.reading.queue);
        if (!named.reading.line.empty()) named.line = labels.line(named.reading.line);
        if (!named.reading.queue.empty()) named.queue = labels.queue(named.reading.queue);
        all.readings.push_back(std::move(named));
      }
    }
    return all;
  });
  return now ? std::move(*now) : web::SignalsNow{};
}

Result<web::MinuteSeries> AppBackend::minutes(const web::MinuteQuery& query) {
  auto ids = parts_.store.ids(query.scope);
  if (!ids) return fail(std::move(ids.error()));
  if (std::ranges::find(*ids, query.id) == ids->end()) return fail(ErrorKind::not_found, "no minutes of " + query.id);
  const Labels labels(model());
  web::MinuteSeries series;
  series.label = (query.scope == metrics::Scope::queue ? labels.queue(query.id) : labels.line(query.id)).label;
  auto minutes = parts_.store.minutes({query.scope, query.id, query.from, query.to, std::chrono::duration_cast<std::chrono::minutes>(query.step)});
  if (!minutes) return fail(std::move(minutes.error()));
  series.minutes = std::move(*minutes);
  return series;
}

web::SiteModelView AppBackend::site_model() {
  auto seen = on_loop([this] {
    web::SiteModelView view{parts_.engine.site_model(), {}, {}, {}};
    const auto known_line = [&](const std::string& id) { return std::ranges::find(view.model.lines, id, &calls::Line::id) != view.model.lines.end(); };
    for (const auto& [key, today] : parts_.days.today(parts_.engine.now())) {
      if (key.first == metrics::Scope::line && !known_line(key.second)) {
        const std::string pbx(calls::pbx_of(key.second));
        const auto& tracker = parts_.engine.core().pbx(pbx).tracker();
        const std::string queue = calls::at_pbx(pbx, tracker.queue_of_line(std::string(calls::within_pbx(key.second))));
        view.learnt_lines.emplace_back(key.second, queue.empty() ? std::nullopt : std::optional(queue));
      }
      if (key.first == metrics::Scope::queue && std::ranges::find(view.model.queues, key.second, &calls::Queue::id) == view.model.queues.end())
        view.learnt_queues.push_back(key.second);
    }
    return view;
  });
  return seen ? std::move(*seen) : web::SiteModelView{};
}

Status AppBackend::set_site_model(const calls::SiteModel& model, std::string_view) {
  auto zone = TimeZone::find(model.time_zone);
  if (!zone) return fail(std::move(zone.error()));
  for (const auto& label : approved_labels(model))
    if (auto good = wire::check_label(label.label); !good) return fail(std::move(good.error()).context("label of " + label.id));
  auto done = on_loop([this, model, zone = *zone] {
    auto set = parts_.engine.set_site_model(model);
    if (set) parts_.days.set_zone(zone);
    return set;
  });
  if (!done) return fail(std::move(done.error()));
  return *done;
}

}  // namespace hf::app
