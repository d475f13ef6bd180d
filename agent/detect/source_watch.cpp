#include "agent/detect/source_watch.hpp"

#include <algorithm>
#include <utility>

namespace hf::detect {
namespace {

constexpr uint32_t kHabit = 200;  // answers in a row
constexpr Duration kCountMembers = std::chrono::minutes(5);
constexpr Duration kLately = std::chrono::hours(1);
constexpr float kForget = 0.3F;   // a week in three
constexpr double kCaution = 0.5;  // of the calls that an hour brings

int64_t hour_of(Time t) { return std::chrono::floor<std::chrono::hours>(t.time_since_epoch()).count(); }

// 1970 began on a Thursday; which hour is the first does not matter.
size_t slot_of(int64_t hour) { return static_cast<size_t>(((hour % 168) + 168) % 168); }

Finding about(const char* signal, FindingKind kind, Time at) {
  Finding f;
  f.signal = signal, f.kind = kind, f.at = at;
  return f;
}

Finding begins(const char* signal, Time since, Time at, Values values, uint32_t cases) {
  Finding f = about(signal, FindingKind::news, at);
  f.since = f.since_low = f.since_high = since;
  f.template_id = signal, f.values = std::move(values), f.sample_size = cases;
  return f;
}

// What a source tells at log-ins and breaks alone says nothing of the calls between them.
bool tells_a_call(pbx::DeviceState state) {
  using pbx::DeviceState;
  return state == DeviceState::in_use || state == DeviceState::ringing || state == DeviceState::ring_in_use ||
         state == DeviceState::busy || state == DeviceState::on_hold;
}

uint32_t members_of(const calls::Tracker& tracker) {
  uint32_t sum = 0;
  for (const calls::QueueNow& q : tracker.queues()) sum += q.staffed.value_or(0);
  return sum;
}

// Phones that stand free since long before the silence, in an hour that brought calls, may have been left logged in.
uint32_t people_of(const calls::Tracker& tracker, Time last_event) {
  const std::vector<calls::AgentNow> agents = tracker.agents();
  return static_cast<uint32_t>(std::ranges::count_if(agents, [&](const calls::AgentNow& agent) {
    using calls::AgentState;
    const bool idle = agent.state == AgentState::free || agent.state == AgentState::unknown;
    return agent.state != AgentState::logged_out && (!idle || last_event - agent.since <= kLately);
  }));
}

ReadingState state(bool stands) { return stands ? ReadingState::standing : ReadingState::quiet; }

}  // namespace

void SourceWatch::heard(const pbx::CallEvent& event) {
  last_event_ = std::max(last_event_, event.at);
  if (std::holds_alternative<pbx::ChannelStarted>(event.body))
    told_[kChannelClass] = true;
  else if (std::holds_alternative<pbx::ChannelStep>(event.body))
    told_[kStepClass] = true;
  else if (const auto* member = std::get_if<pbx::MemberState>(&event.body))
    told_[kMemberClass] = told_[kMemberClass] || tells_a_call(member->state);
  if (event.pbx_at) learn_lag(event);
}

void SourceWatch::learn_lag(const pbx::CallEvent& event) {
  const Duration lag = event.at - *event.pbx_at;
  if (!least_lag_ || lag < *least_lag_) least_lag_ = lag;
  if (event.at - lag_from_ < std::chrono::minutes(1)) return;
  const Duration least = *least_lag_;
  if (!usual_lag_) usual_lag_ = least;
  const bool odd = std::chrono::abs(least - *usual_lag_) >= kStep;
  if (odd && odd_lag_ && std::chrono::abs(least - *odd_lag_) < kStep) {
    step_at_ = event.at, step_ = least - *usual_lag_;
    usual_lag_ = least, odd_lag_.reset();
  } else if (odd) {
    odd_lag_ = least;
  } else {
    usual_lag_ = least, odd_lag_.reset();
  }
  lag_from_ = event.at, least_lag_.reset();
}

void SourceWatch::on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out) {
  const pbx::SourceUp& source = tracker.source();
  if (std::holds_alternative<calls::CallArrived>(change.what)) ++hour_calls_;
  if (const auto* j = std::get_if<calls::CallJoined>(&change.what); j && j->call.arrival_seen && !j->call.half_seen) {
    count_case(kChannelClass, source.channel_events, change.at, out);
    count_case(kStepClass, source.dialplan_events, change.at, out);
  }
  if (const auto* c = std::get_if<calls::CallConnected>(&change.what);
      c && !c->call.answering_queue.empty() && !c->call.half_seen)
    count_case(kMemberClass, source.agent_state, change.at, out);
  if (std::holds_alternative<calls::ObservationLost>(change.what)) lost_at_ = change.at, hour_whole_ = false;
}

void SourceWatch::count_case(size_t which, bool promised, Time at, std::vector<Finding>& out) {
  Class& c = classes_[which];
  if (!promised || std::exchange(told_[which], false)) {
    c.cases = 0;
    c.kept = promised ? std::min(c.kept + 1, kHabit) : 0;
    c.habit = c.habit || c.kept == kHabit;
    if (std::exchange(c.stands, false)) clear(at, out);
    return;
  }
  c.kept = 0;
  if (which == kMemberClass && !c.habit) return;
  if (c.cases++ == 0) c.first = at;
  if (c.cases < kCases || at - c.first < kCaseSpan || c.stands) return;
  c.stands = true;
  out.push_back(
      begins("source_half_blind", c.first, at, {{"cases", c.cases}, {"class", static_cast<double>(which)}}, c.cases));
}

bool SourceWatch::gap_stands() const {
  return lost_stands_ || silent_stands_ || std::ranges::any_of(classes_, [](const Class& c) { return c.stands; });
}

// The kind has one incident: it closes when the last of its signals is over.
void SourceWatch::clear(Time at, std::vector<Finding>& out) const {
  if (!gap_stands()) out.push_back(about("source_lost", FindingKind::cleared, at));
}

std::optional<Time> SourceWatch::due() const {
  if (lost_at_ && !lost_stands_) return *lost_at_ + kLost;
  return std::nullopt;
}

double SourceWatch::expected_since(Time from, Time to) const {
  double expected = 0;
  const double busy = std::max(last_hour_, hour_before_);
  for (Time t = from; t < to && expected < 2 * kStands; t += std::chrono::minutes(1)) {
    const auto& calls = hours_[slot_of(hour_of(t))].calls;
    if (calls) expected += kCaution * std::min<double>(*calls, busy) / 60;
  }
  return expected;
}

void SourceWatch::end_of_hours(Time now, bool observing) {
  const int64_t hour = hour_of(now);
  if (hour == hour_) {
    hour_whole_ = hour_whole_ && observing;
    return;
  }
  if (hour_whole_ && !silent_stands_ && hour == hour_ + 1) {
    auto& calls = hours_[slot_of(hour_)].calls;
    const auto fresh = static_cast<float>(hour_calls_);
    calls = calls ? *calls + kForget * (fresh - *calls) : fresh;
    // An hour of silence is not yet a quiet hour: what was usual before it is what is missed.
    if (last_event_ + std::chrono::hours(1) > now) {
      // Nor does an hour with less than half the calls of the one before tell how many people are usually there.
      last_members_ = std::max(std::exchange(hour_members_, 0), 2 * hour_calls_ < last_hour_ ? last_members_ : 0);
      hour_before_ = std::exchange(last_hour_, hour_calls_);
    }
  }
  hour_whole_ = observing && hour_ >= 0;
  hour_ = hour, hour_calls_ = 0;
}

void SourceWatch::minute(Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  end_of_hours(now, tracker.observing());
  if (tracker.observing()) {
    lost_at_.reset();
    if (std::exchange(lost_stands_, false)) clear(now, out);
  } else if (lost_at_ && !lost_stands_ && now - *lost_at_ >= kLost) {
    lost_stands_ = true;
    out.push_back(begins("source_lost", *lost_at_, now, {{"lost_s", seconds(now - *lost_at_)}}, 1));
  }
  if (now.time_since_epoch() % kCountMembers == Duration{})
    hour_members_ = std::max(hour_members_, members_of(tracker));
  const bool quiet = !tracker.observing() || last_event_ == Time{} || now - last_event_ < std::chrono::minutes(2);
  const double expected = quiet ? 0 : expected_since(last_event_, now);
  if (silent_stands_ && quiet) {
    silent_stands_ = false;
    clear(now, out);
  }
  if (silent_stands_ || expected < kStands || now - last_event_ < kSilent) return;
  const uint32_t here = members_of(tracker);
  const uint32_t there = std::max(hour_members_, last_members_);
  if (here == 0 || 2 * here < there || 2 * people_of(tracker, last_event_) < there) return;
  silent_stands_ = true;
  out.push_back(
      begins("source_silent", last_event_, now, {{"expected", expected}, {"silent_s", seconds(now - last_event_)}}, 1));
}

void SourceWatch::readings(Time now, const calls::Tracker& tracker, std::vector<Reading>& out) const {
  const double lost = lost_at_ ? seconds(now - *lost_at_) : 0;
  out.push_back({"source_lost", {}, {}, lost, seconds(kLost), 1, state(lost_stands_)});
  uint32_t cases = 0;
  bool blind = false;
  for (const Class& c : classes_) cases = std::max(cases, c.cases), blind = blind || c.stands;
  out.push_back({"source_half_blind", {}, {}, cases, kCases, cases, state(blind)});
  const bool known = std::ranges::any_of(hours_, [](const Hour& h) { return h.calls.has_value(); });
  Reading silent{"source_silent", {}, {}, {}, kStands, 0, ReadingState::unknown};
  if (known && tracker.observing() && last_event_ != Time{})
    silent.value = expected_since(last_event_, now), silent.sample_size = 1, silent.state = state(silent_stands_);
  out.push_back(std::move(silent));
  Reading clock{"clock_step", {}, {}, {}, 0.0, 0, ReadingState::unknown};
  if (usual_lag_) {
    const bool shown = step_at_ != Time{} && now - step_at_ < kShowStep;
    clock.value = shown ? seconds(step_) : 0, clock.sample_size = 1, clock.state = state(shown);
  }
  out.push_back(std::move(clock));
}

}  // namespace hf::detect
