#include "agent/tool/evaluate.hpp"

#include <algorithm>
#include <ctime>
#include <map>
#include <set>

#include "agent/core/core.hpp"

namespace hf::app {

namespace {

using std::chrono::sys_days;

// Sees what pages: an incident that was not there before, a queue that it had not named before, another name.
class AlarmList {
 public:
  void take(const CoreOutput& out) {
    for (const Step& step : out.steps)
      for (const incidents::Incident& incident : step.incidents) take(incident, step.at);
  }
  std::vector<Alarm> alarms;
  std::map<std::string, Explained> explained;  // by incident id

 private:
  void take(const incidents::Incident& incident, Time at) {
    if (incident.shares && !incident.queues.empty()) explain(incident);
    Named& named = named_[incident.id];
    std::vector<std::string> queues = incident.queues;
    if (queues.empty()) queues.emplace_back("-");
    if (!named.alarms.empty() && named.kind != incident.kind) named.queues.clear();
    named.kind = incident.kind;
    for (const std::string& queue : queues) {
      if (!named.queues.insert(queue).second) continue;
      named.alarms.push_back(alarms.size());
      add(queue, incident.kind, at);
    }
    for (const size_t alarm : named.alarms) alarms[alarm].last = incident.kind;
    if (incident.closed) named_.erase(incident.id);
  }
  void explain(const incidents::Incident& incident) {
    const sys_days date = std::chrono::floor<std::chrono::days>(incident.signalled);
    const Alarm first{date, std::chrono::duration_cast<std::chrono::seconds>(incident.signalled - date), incident.queues.front(), incident.kind, incident.kind};
    explained.insert_or_assign(incident.id, Explained{first, *incident.shares});
  }
  void add(const std::string& queue, incidents::Kind kind, Time at) {
    const sys_days date = std::chrono::floor<std::chrono::days>(at);
    alarms.push_back({date, std::chrono::duration_cast<std::chrono::seconds>(at - date), queue, kind, kind});
  }
  struct Named {
    incidents::Kind kind{};
    std::set<std::string> queues;
    std::vector<size_t> alarms;
  };
  std::map<std::string, Named> named_;  // by incident id
};

// Days with at least half the callers of the median day: weekends and holidays are no working days.
std::vector<sys_days> working_days(const std::vector<std::pair<sys_days, size_t>>& calls) {
  std::vector<size_t> counts;
  counts.reserve(calls.size());
  for (const auto& [date, n] : calls) counts.push_back(n);
  std::vector<sys_days> out;
  if (counts.empty()) return out;
  std::ranges::nth_element(counts, counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2));
  const size_t median = counts[counts.size() / 2];
  for (const auto& [date, n] : calls)
    if (2 * n >= median) out.push_back(date);
  return out;
}

struct Run {
  Core core{0};
  CoreOutput output;
  AlarmList alarms;
  void take(std::vector<pbx::CallEvent>& events) {
    for (const pbx::CallEvent& event : events) {
      core.on(event, output);
      if (!output.steps.empty()) alarms.take(output);
      output.clear();
    }
    events.clear();
  }
};

}  // namespace

Result<Evaluation> evaluate(const std::filesystem::path& folder, const EvaluateOptions& options) {
  const std::clock_t began = std::clock();
  auto truth = read_truth(folder / "truth.json");
  if (!truth) return fail(std::move(truth.error()));
  auto rows = EvaluateFolder::open(folder);
  if (!rows) return fail(std::move(rows.error()));
  EvaluateEvents maker(options.view, options.false_ready, options.seed);
  Evaluation out{.truth = std::move(*truth), .alarms = {}, .score = {}, .explained = {}, .forecasts = {}, .events = 0, .calls = 0, .queues = 0, .took = {}};
  Run run;
  run.core.set_parameters(options.parameters);
  Day day;
  std::vector<pbx::CallEvent> events;
  std::vector<std::pair<sys_days, size_t>> calls;
  std::set<std::string> queues;
  for (;;) {
    const auto more = rows->next(day);
    if (!more) return fail(more.error());
    if (*more) {
      maker.day(day, events);
      calls.emplace_back(day.date, day.calls.size());
      for (const CallRow& call : day.calls) queues.insert(call.queue);
    } else {
      maker.rest(events);
    }
    out.events += events.size();
    run.take(events);
    if (!*more) break;
    out.calls += day.calls.size();
  }
  out.queues = queues.size();
  for (const auto& [queue, forecast] : run.core.pbx().forecaster().queues()) {
    const auto outlooks = forecast.outlooks();
    out.forecasts.emplace_back(queue, std::vector(outlooks.begin(), outlooks.end()));
  }
  out.alarms = std::move(run.alarms.alarms);
  for (auto& [id, explained] : run.alarms.explained) out.explained.push_back(std::move(explained));
  std::ranges::stable_sort(out.explained, {}, [](const Explained& e) { return std::pair(e.alarm.date, e.alarm.second); });
  out.score = score(out.truth, out.alarms, working_days(calls));
  out.took = std::chrono::duration<double>(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
  return out;
}

}  // namespace hf::app
