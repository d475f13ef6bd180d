#include "agent/detect/hold_case.hpp"

#include <algorithm>

#include "agent/detect/hold_figures.hpp"
#include "agent/detect/hold_onset.hpp"

namespace hf::detect {
namespace {

constexpr size_t kImposedWaits = 256;
constexpr Duration kTellEvery = std::chrono::seconds(60);
constexpr double kDoubtOfTheEnd = 0.001;
constexpr uint32_t kFewestStraight = 3;
constexpr Duration kQuietLine = std::chrono::hours(1);  // a named line without callers does not keep the case open
constexpr Duration kSilence = std::chrono::hours(24);   // nobody held and nobody straight: given up

const LineWays* find(const Ways& ways, const std::string& id) {
  const auto line = ways.lines().find(id);
  return line == ways.lines().end() ? nullptr : &line->second;
}

// Somebody is logged in there and not paused.
bool staffed(const std::string& queue, const calls::Tracker& tracker) {
  const auto now = tracker.queue(queue);
  return now && now->staffed.value_or(0) > 0;
}

}  // namespace

Duration imposed_wait(const LineWays& line, const Way& way, Time now) {
  const Duration dwell = way.progress == Progress::on_the_way ? now - way.arrived : way.dwell;
  return std::max(dwell - line.usual.median, Duration{});
}

bool was_held(const LineWays& line, const Way& way, Time now) {
  if (way.progress == Progress::unusable || way.self_service) return false;
  return way.progress == Progress::reached ? !line.went_straight(way) : line.excess(way, now) > Duration{};
}

Time HoldCase::first_held() const {
  Time first = Time::max();
  for (const auto& [id, line] : lines_) first = std::min(first, line.first_held);
  return first;
}

void HoldCase::tick(Time now, Ways& ways, const calls::Tracker& tracker, std::vector<Finding>& out) {
  const bool agent_state = tracker.source().agent_state;
  if (open())
    name_more(now, ways, tracker, out);
  else
    raise(now, ways, out);
  if (!open()) return;
  if (now - told_ >= kTellEvery) tell(now, ways, agent_state, out);
  close_if_over(now, ways, agent_state, out);
}

// While nothing stands, the pooled sum must reach kAlarmNats with two callers of a minute, or twice that without: what dozens
// are kept for may be shorter. The lines with two held callers of their own are named, or else all that have one.
void HoldCase::raise(Time now, Ways& ways, std::vector<Finding>& out) {
  double nats = 0;
  uint32_t held = 0;
  std::map<std::string, LineEvidence> said;
  for (auto& [id, line] : ways.lines()) {
    if (line.beside) line.beside = any_beside(line);
    if (!line.beside) continue;
    const LineEvidence e = weigh(line, ways.stray(line));
    if (e.late == 0) continue;
    nats += e.nats, held += e.held;
    said[id] = e;
  }
  if (nats < (held < kFewestHeld ? 2 : 1) * kAlarmNats) return;
  const bool two = std::any_of(said.begin(), said.end(), [](const auto& s) { return s.second.late >= kFewestHeld; });
  for (const auto& [id, e] : said) {
    if (two ? e.late >= kFewestHeld && e.longest >= kNoticeLength : e.held > 0)
      name(id, *e.first, now, ways, "held_beside_free", out);
  }
}

// A further line needs two held callers of its own beside people to spare, or three beside people at work, that fit the
// policy's share better than chance.
void HoldCase::name_more(Time now, Ways& ways, const calls::Tracker& tracker, std::vector<Finding>& out) {
  double held = 0.5, all = 1;
  for (const auto& [id, line] : lines_) held += line.held, all += line.held + line.straight;
  for (const auto& [id, line] : ways.lines()) {
    if (line.named || line.waiting == 0) continue;
    const double stray = ways.stray(line);
    const LineEvidence spare = weigh_beside(line, now, stray, held / all, false);
    const LineEvidence age = weigh_beside(line, now, stray, held / all, staffed(line.target, tracker));
    const bool beside = spare.nats >= kNameNats && spare.late >= kFewestHeld && spare.longest >= kNoticeLength;
    const bool busy = age.nats >= kNameNats && age.late > kFewestHeld && age.longest >= kHeldLength;
    if (beside || busy) name(id, beside ? *spare.first : *age.first, now, ways, "held_beside_free", out);
  }
}

void HoldCase::name(const std::string& id, Time first_held, Time now, Ways& ways, const char* signal,
                    std::vector<Finding>& out) {
  LineWays& line = ways.lines().at(id);
  if (!open()) open_since_ = now, told_ = Time{};
  HeldLine& held = lines_[id];
  held.named = now;
  held.first_held = first_held;
  line.named = true;
  for (const Way& way : line.ways) {
    if (way.arrived < first_held || way.progress == Progress::on_the_way) continue;
    account(held, line, way);
    if (way.answered) answered(held, line, way);
  }
  const Onset onset = hold_onset(lines_, straight_run(now, ways), ways, now, started_, configured_);
  Finding f{.signal = signal,
            .kind = FindingKind::news,
            .line = id,
            .queue = line.target,
            .members = {},
            .at = now,
            .since = onset.point,
            .since_low = onset.low,
            .since_high = onset.high,
            .template_id = {},
            .values = {},
            .sample_size = 0};
  out.push_back(std::move(f));
  told_ = Time{};
}

void HoldCase::account(HeldLine& held, const LineWays& line, const Way& way) {
  if (way.progress == Progress::unusable || way.self_service) return;
  if (!was_held(line, way, way.arrived)) {
    if (!line.went_straight(way)) return;
    ++held.straight;
    held.last_straight = held.last_straight ? std::max(*held.last_straight, way.arrived) : way.arrived;
    return;
  }
  ++held.held;
  if (way.progress == Progress::left) ++held.left;
  if (!held.last_held || way.arrived > *held.last_held) held.last_held = way.arrived;
  held.imposed += imposed_wait(line, way, way.arrived);
  held.avoidable += way.avoidable;
  held.beside_free += way.beside_free;
  held.spare_time += way.spare_time;
}

void HoldCase::answered(HeldLine& held, const LineWays& line, const Way& way) {
  if (!was_held(line, way, way.arrived)) return;
  held.imposed_waits.add(imposed_wait(line, way, way.arrived), kImposedWaits);
  held.queue_waits.add(way.after_join, kImposedWaits);
}

void HoldCase::on(const Ways::Settled& settled, Time now, Ways& ways, bool agent_state, std::vector<Finding>& out) {
  LineWays& line = ways.lines().at(settled.line);
  const auto known = lines_.find(settled.line);
  if (known == lines_.end()) {
    if (!settled.answered) return;
    if (const auto constant = constant_dwell(line, agent_state)) {
      name(settled.line, constant->first, now, ways, "constant_wait", out);
      tell(now, ways, agent_state, out);
    }
    return;
  }
  if (settled.settled) account(known->second, line, settled.way);
  if (settled.answered) {
    answered(known->second, line, settled.way);
    if (known->second.imposed_waits.size() <= 3) tell(now, ways, agent_state, out);
  }
  close_if_over(now, ways, agent_state, out);
}

void HoldCase::tell(Time now, const Ways& ways, bool agent_state, std::vector<Finding>& out) {
  told_ = now;
  const Onset onset = hold_onset(lines_, straight_run(now, ways), ways, now, started_, configured_);
  const size_t from = out.size();
  tell_hold(lines_, ways, now, agent_state, out);
  for (size_t i = from; i < out.size(); ++i)
    out[i].since = onset.point, out[i].since_low = onset.low, out[i].since_high = onset.high;
}

uint32_t HoldCase::straight_run(Time now, const Ways& ways) const {
  Time last = Time::min();
  for (const auto& [id, named] : lines_) {
    last = std::max(last, named.last_held.value_or(named.first_held));
    const LineWays* line = find(ways, id);
    if (!line || line->waiting == 0) continue;
    for (const Way& w : line->ways) {
      if (w.progress == Progress::on_the_way && was_held(*line, w, now)) last = std::max(last, w.arrived);
    }
  }
  uint32_t run = 0;
  for (const auto& [id, named] : lines_) {
    const LineWays* line = find(ways, id);
    if (!line) continue;
    run += static_cast<uint32_t>(std::count_if(line->ways.begin(), line->ways.end(), [&](const Way& w) {
      return w.arrived > last && line->went_straight(w);
    }));
  }
  return run;
}

bool HoldCase::over(Time now, const Ways& ways) const {
  uint32_t held = 0, straight = 0;
  Time newest = open_since_;
  for (const auto& [id, named] : lines_) {
    const LineWays* line = find(ways, id);
    if (!line) continue;
    if (line->waiting > 0 && std::any_of(line->ways.begin(), line->ways.end(), [&](const Way& w) {
          return w.progress == Progress::on_the_way && was_held(*line, w, now);
        }))
      return false;
    const Time last = named.last_held.value_or(named.first_held);
    newest = std::max({newest, last, named.last_straight.value_or(last)});
    if (named.last_straight.value_or(Time::min()) < last && now - last < kQuietLine) return false;
    held += named.held;
    straight += named.straight;
  }
  if (now - newest > kSilence) return true;
  const uint32_t run = straight_run(now, ways);
  return run >= kFewestStraight && chance_of_run(held, straight - std::min(straight, run), run) < kDoubtOfTheEnd;
}

void HoldCase::close_if_over(Time now, Ways& ways, bool agent_state, std::vector<Finding>& out) {
  if (!open() || !over(now, ways)) return;
  tell(now, ways, agent_state, out);
  out.push_back({.signal = "held_beside_free",
                 .kind = FindingKind::cleared,
                 .line = {},
                 .queue = {},
                 .members = {},
                 .at = now,
                 .since = {},
                 .since_low = {},
                 .since_high = {},
                 .template_id = {},
                 .values = {},
                 .sample_size = 0});
  for (const auto& [id, named] : lines_) {
    LineWays& line = ways.lines().at(id);
    line.named = false;
    std::erase_if(line.ways, [&](const Way& w) { return was_held(line, w, now); });
    line.look_anew();
  }
  lines_.clear();
}

}  // namespace hf::detect
