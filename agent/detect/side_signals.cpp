#include "agent/detect/side_signals.hpp"

#include <algorithm>
#include <array>

namespace hf::detect {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1), kHour = std::chrono::hours(1);
constexpr Duration kYoung = std::chrono::minutes(20), kSlot = std::chrono::minutes(5);
constexpr Duration kQuietAfter = std::chrono::hours(3);  // without calls there is nothing to look at

// A hold is testified to once a minute while it is young, then at the first telling of each five minutes: what its last
// 128 calls say is dear to work out, and changes slowly.
bool looks_now(Time since, Time now) {
  const auto slot = [](Time t) { return t.time_since_epoch() / kSlot; };
  return now - since < kYoung || slot(now) != slot(now - kMinute);
}

Time next_minute(Time now) { return Time(now.time_since_epoch() / kMinute * kMinute + kMinute); }

struct OfLine {
  const char* signal;
  Sign (*look)(const Calls& now, const Calls& before);
};

constexpr std::array<OfLine, 7> kOfLine{{
    {"wait_without_load", [](const Calls& now, const Calls&) { return wait_without_load(now); }},
    {"shifted_arrivals", [](const Calls& now, const Calls&) { return shifted_arrivals(now); }},
    {"constant_queue", [](const Calls& now, const Calls&) { return constant_queue(now); }},
    {"round_wait", [](const Calls& now, const Calls&) { return round_wait(now); }},
    {"silent_dialog", silent_dialog},
    {"hangups_after_announcement", [](const Calls& now, const Calls&) { return hangups_after_announcement(now); }},
    {"service_level", service_level},
}};

Reading reading(const char* signal, const Place& place, const Sign& s) {
  return {signal, place.line, place.queue, s.value, s.baseline, s.sample_size, s.state};
}

}  // namespace

void SideSignals::on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out) {
  windows_.on(change);
  callers_.on(change);
  talks_.on(change, tracker.source().channel_events, out);
  trunks_.on(change, out);
  surveys_.on(change, out);
  source_.on(change, tracker, out);
  if (std::holds_alternative<calls::CallArrived>(change.what)) last_call_ = change.at;
  if (!minute_ && last_call_ != Time{} && change.at - last_call_ < kQuietAfter) minute_ = next_minute(change.at);
}

std::optional<Time> SideSignals::due() const {
  const auto source = source_.due();
  if (!minute_ || (source && *source < *minute_)) return source;
  return minute_;
}

void SideSignals::tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  if (const auto next = due(); !next || *next > now) return;
  source_.minute(now, tracker, out);
  if (!minute_ || *minute_ > now) return;
  for (const auto& [place, window] : windows_.places())
    if (!window.target.empty() && !window.calls.empty() && window.calls.back().ended + kHour > now)
      idle_.minute(now, tracker, window.target);
  if (!promises_.idle()) promises_.minute(now, windows_.places(), out);
  minute_ = now - last_call_ < kQuietAfter ? std::optional(next_minute(now)) : std::nullopt;
}

bool SideSignals::may_tell(const char* signal, Time now) const {
  const auto told = told_.find(signal);
  return told == told_.end() || now - told->second >= kTellEvery;
}

void SideSignals::tell(const char* signal, const std::string& line, const Sign& sign, Time now,
                       std::vector<Finding>& out) {
  if (sign.state != ReadingState::standing || !may_tell(signal, now)) return;
  told_[signal] = now;
  Finding f;
  f.signal = signal, f.kind = FindingKind::evidence, f.line = line, f.at = now;
  f.template_id = signal, f.values = sign.values, f.sample_size = sign.sample_size;
  out.push_back(std::move(f));
}

// Who gave up under the hold, and who of them called again.
void SideSignals::tell_callers(Time since, Time now, std::vector<Finding>& out) {
  const auto back = callers_.since(since);
  if (back.left < 5) return;
  Sign s;
  s.state = ReadingState::standing, s.sample_size = back.left;
  s.values = {{"left", back.left}, {"back", back.back}, {"other_line", back.other_line}};
  tell("left_without_answer", {}, s, now, out);
  if (!callers_.share().stands()) return;
  s.sample_size = callers_.share().run_cases();
  s.values = {
      {"calls", callers_.share().run_hits()}, {"of", callers_.share().run_cases()}, {"usual_share", callers_.usual()}};
  tell("repeat_callers", {}, s, now, out);
}

// What callers said of it, where the share of poor answers has come to stand.
void SideSignals::tell_surveys(Time now, std::vector<Finding>& out) {
  const auto worst = surveys_.worst();
  if (!worst) return;
  Sign s;
  s.state = ReadingState::standing, s.sample_size = worst->answers;
  s.values = {{"answers", worst->poor}, {"of", worst->answers}, {"usual_share", worst->usual}};
  tell("survey", {}, s, now, out);
}

void SideSignals::testify(const HoldCase& hold, Time now, std::vector<Finding>& out) {
  if (!hold.open()) return told_.clear();
  const Time since = hold.first_held();
  if (!looks_now(since, now)) return;
  const CallWindows::Window* most = nullptr;
  std::string line;
  for (const auto& [id, held] : hold.lines()) {
    const auto window = windows_.places().find(Place{id, {}});
    if (window == windows_.places().end()) continue;
    if (most && window->second.calls.size() <= most->calls.size()) continue;
    most = &window->second, line = id;
  }
  if (most) {
    const Calls calls = CallWindows::since(most->calls, since), before = CallWindows::before(most->calls, since);
    for (const OfLine& s : kOfLine)  // dear to work out: not for one that would not be told
      if (may_tell(s.signal, now)) tell(s.signal, line, s.look(calls, before), now, out);
    tell("idle_while_failing", line, idle_.sign(now, most->target, most->calls), now, out);
  }
  if (may_tell("equal_groups", now)) tell("equal_groups", {}, equal_groups(windows_.places(), since), now, out);
  if (const auto change = hold.change_before()) {
    Sign s;
    s.state = ReadingState::standing, s.sample_size = 1, s.values = {{"before_s", seconds(*change)}};
    tell("changed_just_before", {}, s, now, out);
  }
  tell_callers(since, now, out);
  tell_surveys(now, out);
}

void SideSignals::line_readings(Time now, std::vector<Reading>& out) const {
  for (const auto& [place, window] : windows_.places()) {
    const Calls calls = CallWindows::since(window.calls, now - kHour);
    const Calls before = CallWindows::before(window.calls, now - kHour);
    for (const OfLine& s : kOfLine) out.push_back(reading(s.signal, place, s.look(calls, before)));
    if (!window.target.empty())
      out.push_back(reading("idle_while_failing", place, idle_.sign(now, window.target, window.calls)));
  }
  out.push_back(reading("equal_groups", {}, equal_groups(windows_.places(), now - kHour)));
}

void SideSignals::readings(Time now, const calls::Tracker& tracker, std::vector<Reading>& out) const {
  line_readings(now, out);
  promises_.readings(now, windows_.places(), out);
  callers_.readings(now, out);
  talks_.readings(out);
  surveys_.readings(out);
  trunks_.readings(out);
  source_.readings(now, tracker, out);
}

}  // namespace hf::detect
