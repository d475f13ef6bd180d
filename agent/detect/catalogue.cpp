#include "agent/detect/catalogue.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <map>

namespace hf::detect {
namespace {

// Sorted by id. Signatures H1 to H27 are those of a wait imposed on everybody (README.md tells them).
constexpr std::array kSignals = {
    SignalInfo{"abandon_surge", "", Group::callers, Unit::share,
               "callers who hung up before an answer, short ones left out / callers who left the queue; CUSUM against "
               "the queue's usual, who still waits counts by the survival of both",
               0, "wait_drift", Role::evidence},
    SignalInfo{
        "arrival_drought", "", Group::load, Unit::number,
        "callers of the run / callers that half hour of the week, the day's level and the people at work lead to "
        "expect; CUSUM of the ratio of negative binomials for a tenth and two fifths of them",
        0, "unknown", Role::opens},
    SignalInfo{"arrival_surge", "", Group::load, Unit::number, "arrivals beyond what the hour predicts", 0,
               "arrival_surge", Role::opens},
    SignalInfo{"changed_just_before", "H21", Group::way_in, Unit::seconds,
               "onset - newest change of the PBX's configuration", 0, "artificial_hold", Role::evidence},
    SignalInfo{"clock_step", "", Group::link, Unit::seconds, "our clock - the PBX's clock, against the same before", 0,
               "", Role::figure},
    SignalInfo{"constant_queue", "H8", Group::queue, Unit::seconds,
               "L / lambda = D while L(t) = arrivals in (t - D, t)", 0, "artificial_hold", Role::evidence},
    SignalInfo{"constant_wait", "H1 H2 H14 H23", Group::way_in, Unit::seconds,
               "answered callers within 2 s of one unusual time, answered at once after it", 0, "artificial_hold",
               Role::opens},
    SignalInfo{"dead_queue", "", Group::agents, Unit::number,
               "callers who waited 60 s or longer since the last answer, nobody there for 5 min", kAgents, "dead_queue",
               Role::opens},
    SignalInfo{"equal_groups", "H24", Group::queue, Unit::seconds, "largest - smallest median wait of the lines", 0,
               "artificial_hold", Role::evidence},
    SignalInfo{"expected_abandons", "", Group::load, Unit::share,
               "P(Ab) of M/M/n+M (Erlang-A) with the hour's calls, talks, members at work and patience", 0, "",
               Role::figure},
    SignalInfo{"expected_delayed", "", Group::load, Unit::share,
               "P(W > 0) of M/M/n+M (Erlang-A); measured: not answered within a ring", 0, "", Role::figure},
    SignalInfo{"expected_wait", "", Group::load, Unit::seconds,
               "E[W] of M/M/n+M (Erlang-A), against the mean wait of the last hour", 0, "wait_drift", Role::evidence},
    SignalInfo{"handling_time", "", Group::load, Unit::seconds, "talk and after-call work, against the same before", 0,
               "handling_time", Role::opens},
    SignalInfo{"hangups_after_announcement", "H13", Group::callers, Unit::number,
               "hang-ups a second within 15 s after an announcement / hang-ups a second at other times",
               kChannels | kSteps, "artificial_hold", Role::evidence},
    SignalInfo{
        "held_beside_free", "H3 H4 H11 H25 H26", Group::way_in, Unit::nats,
        "CUSUM over callers of ln(1 - rho + rho e^nats), nats from the time beyond the usual way beside free agents",
        kChannels | kAgents, "artificial_hold", Role::opens},
    SignalInfo{
        "held_in_queue", "H3 H4 H7 H25", Group::queue, Unit::nats,
        "log likelihood of callers waiting beside members who are free and not rung, or of no answer for so long",
        kLive, "artificial_hold", Role::opens},
    SignalInfo{"hold_in_talk", "H17", Group::callers, Unit::share,
               "talks with 60 s or more, and half of the talk or more, on hold / talks", kChannels, "unknown",
               Role::opens},
    SignalInfo{"idle_while_failing", "H9", Group::agents, Unit::share,
               "change of occupancy, while the service level falls", kAgents, "artificial_hold", Role::evidence},
    SignalInfo{"left_without_answer", "H16", Group::callers, Unit::share,
               "callers who left unanswered and came back within 24 h / callers who left unanswered", 0,
               "artificial_hold", Role::evidence},
    SignalInfo{"missed_offers", "H17", Group::agents, Unit::share, "offers missed or refused / offers", kAgents,
               "phones_refuse", Role::figure},
    SignalInfo{"missing_agents", "", Group::load, Unit::number, "agents at work below what the hour predicts", kAgents,
               "missing_agents", Role::opens},
    SignalInfo{"new_announcements", "H12", Group::way_in, Unit::number,
               "sounds never heard on this line before, at the same moments within 3 s", kChannels | kSteps,
               "artificial_hold", Role::evidence},
    SignalInfo{"phones_refuse", "", Group::agents, Unit::number,
               "members shown free who missed 5 offers in a row over 45 s", kAgents, "phones_refuse", Role::opens},
    SignalInfo{"promised_wait", "", Group::queue, Unit::seconds,
               "median wait of answered callers - wait that callers are told", 0, "unknown", Role::opens},
    SignalInfo{"repeat_callers", "H15", Group::callers, Unit::share, "callers who called in the last 24 h / callers", 0,
               "artificial_hold", Role::evidence},
    SignalInfo{"round_wait", "H19", Group::way_in, Unit::share,
               "waits within 2 s of a multiple of 30 s / waits, above one minute", 0, "artificial_hold",
               Role::evidence},
    SignalInfo{"same_wait", "H1 H25", Group::queue, Unit::number,
               "callers answered within 2 s of one wait, each overtaken by two others, beyond what overtaken callers' "
               "waits near it lead to expect (Poisson)",
               kLive, "artificial_hold", Role::opens},
    SignalInfo{"service_level", "H10", Group::queue, Unit::share, "answered within X / offered", 0, "artificial_hold",
               Role::evidence},
    SignalInfo{"service_level_collapse", "H10", Group::queue, Unit::share,
               "answered within the queue's X / callers; CUSUM of those late against the queue's usual, each counts a "
               "fifth; who still waits beyond X is late",
               0, "wait_drift", Role::evidence},
    SignalInfo{"service_level_split", "H10", Group::queue, Unit::share,
               "largest - smallest of A<X / (O - B<X), A<X / O, (A<X + B<X) / O, A<X / A, X the queue's", 0,
               "wait_drift", Role::evidence},
    SignalInfo{"shifted_arrivals", "H6", Group::queue, Unit::seconds,
               "lag of the peak of the cross-correlation of arrivals and answers", 0, "artificial_hold",
               Role::evidence},
    SignalInfo{"short_answers", "", Group::agents, Unit::share, "talks under 10 s that the agent ended / talks",
               kChannels, "unknown", Role::opens},
    SignalInfo{"silent_dialog", "H22", Group::way_in, Unit::seconds, "first person - pick-up by the PBX", kChannels,
               "artificial_hold", Role::evidence},
    SignalInfo{"source_half_blind", "", Group::link, Unit::number,
               "cases that should have been told by a class of events, of which none came", 0, "source_gap",
               Role::opens},
    SignalInfo{"source_lost", "", Group::link, Unit::seconds, "time since the link to the PBX was lost", 0,
               "source_gap", Role::opens},
    SignalInfo{"source_silent", "", Group::link, Unit::number, "calls expected since the last event of any kind", 0,
               "source_gap", Role::opens},
    SignalInfo{"survey", "H18", Group::callers, Unit::share,
               "poor answers (NPS 0-6, CSAT below the two best, CES in the lower half) / answers, against the queue's usual", kSurvey,
               "unknown", Role::opens},
    SignalInfo{"transfer_ping_pong", "H17", Group::callers, Unit::share, "calls moved 3 times or more / answered calls",
               kChannels, "unknown", Role::opens},
    SignalInfo{"transfers", "H17", Group::callers, Unit::share, "calls moved / answered calls", kChannels,
               "artificial_hold", Role::figure},
    SignalInfo{"trunk_failure", "", Group::link, Unit::share,
               "calls of a trunk that ended in a network cause (Q.850 34, 38, 41, 42, 44, 47, 102) / its calls",
               kChannels, "trunk_failure", Role::opens},
    SignalInfo{"wait_drift", "", Group::load, Unit::seconds, "wait against what load and staffing predict", 0,
               "wait_drift", Role::opens},
    SignalInfo{"wait_without_load", "H5", Group::queue, Unit::seconds,
               "slope of the wait on the callers ahead, against talk / agents", 0, "artificial_hold", Role::evidence},
    SignalInfo{"withdrawn", "H27", Group::way_in, Unit::number,
               "callers in a row who went straight on since the last held one", 0, "artificial_hold", Role::figure},
};
static_assert(std::ranges::is_sorted(kSignals, {}, &SignalInfo::id));

struct Metric {
  std::string_view id;
  Needs needs = 0;
  bool told_at_end = false;  // a source that tells calls when they are over tells this one too, though it lacks what others need for it
};

constexpr auto kMetrics = std::to_array<Metric>({
    {"offered"},
    {"service_level"},
    {"queue_wait"},
    {"caller_wait", kChannels, true},
    {"waiting_now", kLive},
    {"before_queue", kChannels | kLive},
    {"announcements", kChannels | kSteps},
    {"talk"},
    {"hold_in_talk", kChannels, true},
    {"transfers", kChannels, true},
    {"free_agents", kAgents},
    {"occupancy", kAgents},
    {"avoidable_wait", kAgents | kLive},
    {"forecast", kAgents | kLive},
    {"trunk_causes", kChannels},
    {"surveys", kSurvey},
});

Reading finite(Reading r) {
  for (auto* number : {&r.value, &r.baseline})
    if (*number && !std::isfinite(**number)) number->reset();
  return r;
}

}  // namespace

std::span<const SignalInfo> catalogue() { return kSignals; }

const SignalInfo* find_signal(std::string_view id) {
  const auto at = std::ranges::lower_bound(kSignals, id, {}, &SignalInfo::id);
  return at != kSignals.end() && at->id == id ? &*at : nullptr;
}

Needs missing_for(const SignalInfo& signal, const pbx::SourceUp& source, bool surveys) {
  Needs told = surveys ? kSurvey : 0;
  if (source.channel_events) told |= kChannels;
  if (source.dialplan_events) told |= kSteps;
  if (source.agent_state) told |= kAgents;
  if (!source.told_at_end) told |= kLive;
  return static_cast<Needs>(signal.needs & ~told);
}

std::vector<Coverage> coverage(const pbx::SourceUp& source, bool surveys) {
  std::map<int, Coverage> found;
  for (const SignalInfo& signal : kSignals)
    for (size_t at = signal.signatures.find('H'); at != signal.signatures.npos;
         at = signal.signatures.find('H', at + 1)) {
      const std::string_view name = signal.signatures.substr(at, signal.signatures.find(' ', at) - at);
      int number = 0;
      std::from_chars(name.data() + 1, name.data() + name.size(), number);
      const auto [entry, fresh] = found.try_emplace(number, Coverage{std::string(name), {}, 0xff});
      Coverage& c = entry->second;
      const Needs missing = missing_for(signal, source, surveys);
      if (missing == 0) c.seen_by.push_back(signal.id);
      if (std::popcount(missing) < std::popcount(c.lacking)) c.lacking = missing;
    }
  std::vector<Coverage> all;
  all.reserve(found.size());
  for (auto& [number, c] : found) all.push_back(std::move(c));
  return all;
}

std::vector<MetricCoverage> metric_coverage(const pbx::SourceUp& source, bool surveys) {
  std::vector<MetricCoverage> all;
  all.reserve(kMetrics.size());
  for (const Metric& m : kMetrics) {
    const SignalInfo as_signal{m.id, {}, {}, {}, {}, m.needs, {}, {}};
    const bool at_end = m.told_at_end && source.told_at_end;
    all.push_back({m.id, at_end ? Needs{0} : missing_for(as_signal, source, surveys)});
  }
  return all;
}

std::vector<Reading> complete(std::vector<Reading> seen, const pbx::SourceUp& source, bool surveys) {
  std::ranges::stable_sort(seen, {}, &Reading::signal);
  std::vector<Reading> all;
  auto next = seen.begin();
  for (const SignalInfo& signal : kSignals) {
    while (next != seen.end() && next->signal < signal.id) ++next;
    const bool visible = missing_for(signal, source, surveys) == 0;
    const size_t before = all.size();
    for (; next != seen.end() && next->signal == signal.id; ++next)
      if (visible) all.push_back(finite(std::move(*next)));
    if (all.size() > before) continue;
    Reading none;
    none.signal = signal.id;
    none.state = visible ? ReadingState::unknown : ReadingState::not_visible;
    all.push_back(std::move(none));
  }
  return all;
}

}  // namespace hf::detect
