#include "agent/app/live_view.hpp"

#include <algorithm>

#include "agent/calls/pbx_name.hpp"
#include "agent/detect/hold_case.hpp"

namespace hf::app {

namespace {

using calls::AgentState;

// One PBX, in the words of the site.
struct Floor {
  const PbxCore& pbx;
  Time now;
  const calls::SiteModel& model;
  const Labels& labels;

  web::Named line(const std::string& id) const { return labels.line(calls::at_pbx(pbx.name(), id)); }
  web::Named queue(const std::string& id) const { return labels.queue(calls::at_pbx(pbx.name(), id)); }
};

const calls::Queue* settings_of(const calls::SiteModel& model, const std::string& queue) {
  for (const auto& known : model.queues)
    if (known.id == queue) return &known;
  return nullptr;
}

struct Sight {
  bool held = false;
  std::optional<Duration> usual;
};

// What the detector thinks of a caller that still waits.
Sight sight_of(const detect::Detector& detector, const calls::Call& call, Time now) {
  const auto& lines = detector.ways().lines();
  const auto line = lines.find(call.line);
  if (line == lines.end()) return {};
  Sight sight;
  if (line->second.usual.samples >= detect::kFewestSamples) sight.usual = line->second.usual.upper;
  if (!detector.hold().lines().contains(call.line)) return sight;
  for (const auto& way : line->second.ways)
    if (way.call == call.id) sight.held = detect::was_held(line->second, way, now);
  return sight;
}

web::Place place_of(const calls::Call& call, const Floor& floor) {
  if (call.stints.empty() || call.stints.back().left) return web::Place::before_queue;
  const std::string& queue = call.stints.back().queue;
  const auto* known = settings_of(floor.model, calls::at_pbx(floor.pbx.name(), queue));
  if (known && known->holding) return web::Place::in_holding_queue;
  const auto now = floor.pbx.tracker().queue(queue);
  return now && now->staffed == 0u ? web::Place::in_holding_queue : web::Place::in_queue;
}

web::WaitingCaller caller_of(const calls::Call& call, const Floor& floor) {
  web::WaitingCaller caller;
  caller.id = calls::at_pbx(floor.pbx.name(), call.id);
  if (!call.line.empty()) caller.line = floor.line(call.line);
  caller.place = place_of(call, floor);
  caller.arrived = call.arrived;
  if (!call.stints.empty() && !call.stints.back().left) {
    caller.queue = floor.queue(call.stints.back().queue);
    caller.joined = call.stints.back().joined;
  }
  const Sight sight = sight_of(floor.pbx.detector(), call, floor.now);
  caller.held = sight.held;
  caller.usual = sight.usual;
  return caller;
}

void add_callers(web::LivePicture& picture, const Floor& floor) {
  for (const auto& [id, call] : floor.pbx.tracker().open_calls()) {
    if (!calls::Tracker::waiting(call)) continue;
    picture.callers.push_back(caller_of(call, floor));
    picture.held += picture.callers.back().held ? 1u : 0u;
  }
}

bool shown_free(AgentState state) { return state == AgentState::free || state == AgentState::wrap_up || state == AgentState::not_answering; }
bool staffed(AgentState state) { return state != AgentState::logged_out && state != AgentState::paused && state != AgentState::unavailable; }

void add_agents(web::LivePicture& picture, const Floor& floor) {
  std::map<std::string, std::vector<AgentState>> of_agent;
  for (const auto& now : floor.pbx.tracker().agents()) {
    if (now.state == AgentState::logged_out) continue;
    picture.agents.push_back({calls::at_pbx(floor.pbx.name(), now.agent), now.name, floor.queue(now.queue), now.state, now.since, shown_free(now.state), now.misses,
                              now.penalty, now.pause_reason});
    of_agent[now.agent].push_back(now.state);
  }
  if (!floor.pbx.tracker().source().agent_state) return;
  for (const auto& [agent, states] : of_agent) {  // an agent of three queues is one person
    *picture.free += std::ranges::find(states, AgentState::free) != states.end() ? 1u : 0u;
    *picture.shown_free += std::ranges::any_of(states, shown_free) ? 1u : 0u;
    *picture.staffed += std::ranges::any_of(states, staffed) ? 1u : 0u;
  }
}

web::LiveScope scope_of(const DayBook::Key& key, const DayBook::Today& today, const Labels& labels, const UsualWaits& usual, Time now) {
  web::LiveScope scope;
  scope.named = key.first == metrics::Scope::queue ? labels.queue(key.second) : labels.line(key.second);
  scope.today = today.day;
  scope.waits.now = today.last_hour.answered_waits;
  scope.waits.now_from = now - std::chrono::hours(1);
  if (const auto waits = usual.waits.find(key); waits != usual.waits.end() && waits->second.count() > 0) {
    scope.waits.baseline = waits->second;
    scope.waits.baseline_from = usual.from;
    scope.waits.baseline_to = usual.to;
  }
  return scope;
}

bool stands_in(const web::WaitingCaller& caller, metrics::Scope scope, const std::string& id) {
  const auto& named = scope == metrics::Scope::queue ? caller.queue : caller.line;
  return named && named->id == id;
}

void count_callers(web::LiveScope& scope, const web::LivePicture& picture, const DayBook::Key& key) {
  for (const auto& caller : picture.callers) {
    if (!stands_in(caller, key.first, key.second)) continue;
    ++scope.waiting;
    scope.held += caller.held ? 1u : 0u;
    const Time since = key.first == metrics::Scope::queue && caller.joined ? *caller.joined : caller.arrived;
    if (!scope.longest_wait || picture.at - since > *scope.longest_wait) scope.longest_wait = picture.at - since;
  }
}

void add_queue(web::LiveScope& scope, const Core& core, const calls::SiteModel& model, const std::string& id) {
  const auto* known = settings_of(model, id);
  scope.holding = known && known->holding;
  const auto pbx = core.pbxs().find(calls::pbx_of(id));
  if (pbx == core.pbxs().end()) return;
  const std::string queue(calls::within_pbx(id));
  if (const auto now = pbx->second.tracker().queue(queue)) scope.free = now->free, scope.shown_free = now->shown_free, scope.staffed = now->staffed;
  const auto& forecasts = pbx->second.forecaster().queues();
  if (const auto known_queue = forecasts.find(queue); known_queue != forecasts.end())
    for (const auto& outlook : known_queue->second.outlooks()) scope.forecasts.push_back(outlook);
}

void add_scopes(web::LivePicture& picture, const Core& core, const calls::SiteModel& model, DayBook& days, const Labels& labels, const UsualWaits& usual) {
  bool first_line = true;
  for (const auto& [key, today] : days.today(core.now())) {
    web::LiveScope scope = scope_of(key, today, labels, usual, core.now());
    count_callers(scope, picture, key);
    if (key.first == metrics::Scope::queue) {
      add_queue(scope, core, model, key.second);
      picture.queues.push_back(std::move(scope));
      continue;
    }
    if (first_line) picture.today = today.day, picture.today.id.clear();
    else picture.today.merge(today.day);
    first_line = false;
    picture.lines.push_back(std::move(scope));
  }
  picture.avoidable_today = picture.today.avoidable_wait;
}

// Who is free is counted where a PBX tells it; each queue says for itself what is unknown. A gap in the sight of one is a gap in that of the site.
std::vector<const PbxCore*> begin_picture(web::LivePicture& picture, const Core& core) {
  std::vector<const PbxCore*> heard;
  for (const auto& [name, pbx] : core.pbxs())
    if (pbx.heard()) heard.push_back(&pbx);
  const auto all = [&heard](auto what) { return !heard.empty() && std::ranges::all_of(heard, what); };
  picture.at = core.now();
  picture.observing = all([](const PbxCore* pbx) { return pbx->tracker().observing(); });
  picture.agents_known = std::ranges::any_of(heard, [](const PbxCore* pbx) { return pbx->tracker().source().agent_state; });
  picture.pre_queue_known = all([](const PbxCore* pbx) { return pbx->tracker().source().channel_events; });
  if (picture.agents_known) picture.free = picture.shown_free = picture.staffed = 0;
  return heard;
}

}  // namespace

Labels::Labels(const calls::SiteModel& model) {
  for (const auto& line : model.lines) lines_[line.id] = line.label;
  for (const auto& queue : model.queues) queues_[queue.id] = queue.label;
}

namespace {
web::Named named(const std::map<std::string, std::string>& labels, const std::string& id) {
  const auto found = labels.find(id);
  return {id, found == labels.end() || found->second.empty() ? id : found->second};
}
}  // namespace

web::Named Labels::line(const std::string& id) const { return named(lines_, id); }
web::Named Labels::queue(const std::string& id) const { return named(queues_, id); }

web::LivePicture live_view(const Core& core, const calls::SiteModel& model, DayBook& days, const UsualWaits& usual) {
  const Labels labels(model);
  web::LivePicture picture;
  for (const PbxCore* pbx : begin_picture(picture, core)) {
    const Floor floor{*pbx, core.now(), model, labels};
    add_callers(picture, floor);
    add_agents(picture, floor);
  }
  std::ranges::stable_sort(picture.callers, {}, &web::WaitingCaller::arrived);
  picture.waiting = static_cast<uint32_t>(picture.callers.size());
  if (!picture.callers.empty()) picture.longest_wait = core.now() - picture.callers.front().arrived;
  add_scopes(picture, core, model, days, labels, usual);
  for (auto& [id, incident] : core.open_incidents()) picture.incidents.push_back(incident);
  return picture;
}

}  // namespace hf::app
