#include "agent/detect/detector.hpp"

#include <algorithm>
#include <cmath>

#include "agent/detect/load_findings.hpp"

namespace hf::detect {
namespace {

constexpr Duration kTick = std::chrono::seconds(5), kMinute = std::chrono::minutes(1);
constexpr Duration kRenamed = std::chrono::minutes(15);  // after it a hold is news, as the book has it

// Ticks stand on whole multiples, whatever came before: the same after any replay.
Time next_tick(Time now) { return Time(now.time_since_epoch() / kTick * kTick + kTick); }

}  // namespace

void Detector::set_site_model(const calls::SiteModel& model) {
  ways_.set_site_model(model);
  side_.set_site_model(model);
  load_.set_site_model(model);
  service_.set_site_model(model);
  inside_.set_site_model(model);
}

void Detector::on(std::span<const calls::Change> changes, const calls::Tracker& tracker, std::vector<Finding>& out) {
  for (size_t i = 0; i < changes.size(); ++i) {
    take(changes[i], tracker, out);
    if (i + 1 == changes.size() || changes[i + 1].at != changes[i].at) look(changes[i].at, tracker);
  }
}

void Detector::take(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out) {
  const Time at = change.at;
  const bool agent_state = tracker.source().agent_state;
  const size_t first = out.size();
  hold_.started(at);
  load_.on(change), drought_.on(change), service_.on(change);
  beside_.integrate(at, ways_);
  if (std::holds_alternative<calls::ObservationLost>(change.what)) beside_.reset();
  const size_t before = out.size();
  if (std::holds_alternative<calls::ConfigurationSeen>(change.what)) hold_.configuration_seen(at);
  if (const auto settled = ways_.on(change, tracker)) {
    hear(change, *settled);
    hold_.on(*settled, at, ways_, agent_state, out);
  }
  if (const auto* arrived = std::get_if<calls::CallArrived>(&change.what)) {
    const auto line = ways_.lines().find(arrived->call.line);
    if (line != ways_.lines().end()) expect(arrived->call.arrived + line->second.usual.upper);
  }
  const size_t from = out.size();
  phones_.on(change, out);
  dead_.on(change, tracker, out);
  inside_.on(change, tracker, out);
  tell_lines(from, out);
  share_the_case(before, out);
  const size_t side = out.size();
  side_.on(change, tracker, out);
  for (size_t i = side; i < out.size(); ++i)  // what callers say of a hold belongs to it
    if (out[i].signal == "survey" && out[i].kind == FindingKind::news && hold_.open()) out[i].kind = FindingKind::evidence;
  load_.hear(out, first), drought_.hear(out, first), service_.hear(out, first);
  if (side_.due()) expect(std::max(*side_.due(), at + Duration(1)));
}

// After all changes of one time: the picture that holds from there on.
void Detector::look(Time at, const calls::Tracker& tracker) {
  if (beside_.anyone_late()) beside_.sample(at, tracker, ways_);
  if (ticks_wanted()) expect(next_tick(at));
  expect_minute(at, tracker);
}

// The load signals look at the floor each whole minute.
void Detector::expect_minute(Time now, const calls::Tracker& tracker) {
  if (!tracker.observing()) return;
  if (const auto minute = load_.next(now)) expect(*minute);
}

void Detector::advance(Time to, const calls::Tracker& tracker, std::vector<Finding>& out) {
  while (due_ && *due_ <= to) {
    const Time now = *due_;
    due_.reset();
    tick(now, tracker, out);
  }
}

void Detector::tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  const size_t before = out.size();
  beside_.integrate(now, ways_);
  beside_.sample(now, tracker, ways_);
  if (tracker.observing()) {
    const size_t from = out.size();
    hold_.tick(now, ways_, tracker, out);
    const bool told = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(),
                                  [](const Finding& f) { return f.kind == FindingKind::totals; });
    if (told) {
      for (const auto& [line, held] : hold_.lines()) sounds_.tell(line, now, out);
      side_.testify(hold_, now, out);
    }
  }
  const size_t others = out.size();
  phones_.tick(now, tracker, out);
  dead_.tick(now, tracker, out);
  inside_.tick(now, tracker, out);
  tell_lines(others, out);
  share_the_case(before, out);
  side_.tick(now, tracker, out);
  if (side_.due()) expect(std::max(*side_.due(), now + Duration(1)));
  if (beside_.next_late()) expect(std::max(*beside_.next_late(), now + Duration(1)));
  if (ticks_wanted()) expect(next_tick(now));
  load_.hear(out, before);
  const size_t of_load = out.size();
  load_.tick(now, tracker, inside_, out);
  weigh_shortages(of_load, now, tracker, out);
  tell_queues(before, now, tracker, out);
  expect_minute(now, tracker);
}

// After the load's own look, which they rest on; `from`: what this tick found before.
void Detector::tell_queues(size_t from, Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  drought_.hear(out, from);
  const size_t own = out.size();
  if (tracker.observing()) drought_.tick(now, load_, out);
  load_.hear(out, own);
  service_.hear(out, from);
  if (tracker.observing()) service_.tick(now, tracker, load_, out);
}

// Too few members, or those who are left are not given calls? Whoever is paged is told the likelier of the two.
void Detector::weigh_shortages(size_t from, Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  std::vector<Finding> instead;
  for (size_t i = from; i < out.size(); ++i) {
    const std::string queue = out[i].queue;
    if (out[i].kind != FindingKind::news || out[i].signal != signal_of(LoadCause::missing_agents) ||
        !inside_.claims(queue, now, tracker.source().agent_state, inside_.instead_nats(), instead))
      continue;
    load_.withdraw(queue);
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(),
                             [&](const Finding& f) {
                               return f.queue == queue && f.signal == signal_of(LoadCause::missing_agents);
                             }),
              out.end());
    i = from - 1;
  }
  // Whoever was told so before is told again when those who are left come free and are given no calls; asked so many
  // times, the odds must be so many times better.
  const double again = inside_.instead_nats() + std::log(kRenamed / kMinute);
  if (now.time_since_epoch() % kMinute == Duration{})
    for (const std::string& queue : load_.short_of_members(now - kRenamed))
      inside_.claims(queue, now, tracker.source().agent_state, again, instead);
  if (instead.empty()) return;
  const size_t first = out.size();
  out.insert(out.end(), instead.begin(), instead.end());
  tell_lines(first, out);
  load_.hear(out, first);
}

// Holds before the queue and inside it are one incident: its figures are those of the lines where both stand, and it is
// over when both are. So are a queue where nobody is there any more and one whose people are not given calls.
void Detector::share_the_case(size_t from, std::vector<Finding>& out) const {
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(from);
  out.erase(std::remove_if(begin, out.end(),
                           [&](const Finding& f) {
                             const bool end = f.kind == FindingKind::cleared, totals = f.kind == FindingKind::totals;
                             if (f.signal == "dead_queue") return end && (dead_.stands(f.queue) || inside_.dead(f.queue));
                             if (f.signal == "held_in_queue") return (end || totals) && hold_.open();
                             return f.signal == "held_beside_free" && end && inside_.hold_open();
                           }),
            out.end());
}

bool Detector::ticks_wanted() const {
  return beside_.anyone_late() || hold_.open() || phones_.open() || dead_.watching() || inside_.watching();
}

// What befalls a queue befalls the lines that lead to it.
void Detector::tell_lines(size_t from, std::vector<Finding>& out) const {
  for (size_t i = from, end = out.size(); i < end; ++i) {
    if (out[i].kind != FindingKind::news || out[i].queue.empty()) continue;
    for (const auto& [id, line] : ways_.lines()) {
      if (line.target != out[i].queue) continue;
      Finding f;
      f.signal = out[i].signal, f.line = id, f.queue = line.target, f.at = out[i].at;
      out.push_back(std::move(f));
    }
  }
}

void Detector::hear(const calls::Change& change, const Ways::Settled& settled) {
  const calls::Call* call = nullptr;
  if (const auto* joined = std::get_if<calls::CallJoined>(&change.what)) call = &joined->call;
  if (const auto* connected = std::get_if<calls::CallConnected>(&change.what); connected && settled.settled)
    call = &connected->call;
  if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) call = &ended->call;
  if (!call) return;
  const auto line = ways_.lines().find(settled.line);
  if (line == ways_.lines().end()) return;
  const bool held = was_held(line->second, settled.way, change.at);
  if (held || line->second.went_straight(settled.way)) sounds_.on(settled.line, *call, !held);
}

std::vector<Reading> Detector::readings(Time now, const calls::Tracker& tracker) const {
  std::vector<Reading> seen;
  hold_.readings(now, ways_, tracker.source().agent_state, seen);
  sounds_.readings([this](const std::string& line) { return hold_.lines().contains(line); }, seen);
  phones_.readings(seen);
  dead_.readings(seen);
  inside_.readings(now, tracker.source().agent_state, seen);
  side_.readings(now, tracker, seen);
  load_.readings(seen);
  drought_.readings(seen);
  service_.readings(seen);
  return complete(std::move(seen), tracker.source(), side_.surveys_heard());
}

void Detector::save(StateSaver& out) const { out.put(*this); }

bool Detector::load(StateLoader& in) {
  in.get(*this);
  return in.ok();
}

}  // namespace hf::detect
