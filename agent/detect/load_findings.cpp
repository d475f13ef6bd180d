#include "agent/detect/load_findings.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hf::detect {
namespace {

constexpr std::array<std::string_view, 4> kSignals{"", "handling_time", "missing_agents", "arrival_surge"};

constexpr std::string_view kDrift = "wait_drift";

Finding about(LoadCause cause, FindingKind kind, const std::string& queue, Time now) {
  Finding f;
  f.signal = signal_of(cause), f.kind = kind, f.queue = queue, f.at = now;
  return f;
}

void since(Finding& f, Time onset, Time now) {
  f.since = f.since_high = std::min(onset, now);
  f.since_low = f.since - std::chrono::minutes(15);  // the windows' grain
}

}  // namespace

std::string_view signal_of(LoadCause cause) { return kSignals[static_cast<size_t>(cause)]; }

Finding load_finding(LoadCause cause, FindingKind kind, const std::string& queue, const QueueLoad& load, Time now) {
  const LoadPicture& s = load.picture();
  Finding f = about(cause, kind, queue, now);
  switch (cause) {
    case LoadCause::none:
      break;
    case LoadCause::handling_time:
      since(f, s.talks.since, now);
      f.template_id = "talks_longer";
      f.sample_size = s.talks.talks;
      f.values = {{"talks", s.talks.talks}, {"talk_s", s.usual_talk_s * s.talks.factor}, {"usual_s", s.usual_talk_s}};
      break;
    case LoadCause::missing_agents:
      if (!s.shortage) break;
      since(f, s.shortage->since, now);
      f.template_id = "members_missing";
      f.sample_size = static_cast<uint32_t>(std::lround(s.shortage->expected));
      f.values = {{"at_work", s.shortage->at_work}, {"expected", s.shortage->expected}};
      break;
    case LoadCause::arrival_surge:
      since(f, s.surge.since, now);
      f.template_id = "arrivals_up";
      f.sample_size = static_cast<uint32_t>(std::lround(s.surge.seen));
      f.values = {{"callers", s.surge.seen}, {"expected", s.surge.expected}, {"span_s", seconds(now - s.surge.since)}};
      break;
  }
  return f;
}

Finding pile_up(LoadCause cause, const std::string& queue, const QueueLoad& load, Time now) {
  Finding f = about(cause, FindingKind::evidence, queue, now);
  const LoadPicture& s = load.picture();
  f.template_id = "callers_pile_up";
  f.sample_size = static_cast<uint32_t>(std::lround(s.waiting));
  f.values = {{"waiting", s.waiting}, {"usual", s.usual_waiting}, {"at_work", s.at_work}};
  return f;
}

Finding drift_finding(const std::string& queue, const QueueLoad& load, Time now) {
  const WaitDrift& drift = load.drift();
  Finding f;
  f.signal = kDrift, f.kind = FindingKind::news, f.queue = queue, f.at = now;
  f.since = f.since_high = now - std::chrono::days(std::max(1U, drift.days()));
  f.since_low = f.since - std::chrono::days(3);
  f.template_id = "waits_drift";
  f.sample_size = drift.days() + 1;
  f.values = {{"days", drift.days() + 1}, {"excess_share", std::expm1(std::clamp(drift.excess(), 0.0, 0.69))}};
  return f;
}

Finding drift_cleared(const std::string& queue, Time now) {
  Finding f;
  f.signal = kDrift, f.kind = FindingKind::cleared, f.queue = queue, f.at = now;
  return f;
}

Finding load_cleared(LoadCause cause, const std::string& queue, Time now) {
  return about(cause, FindingKind::cleared, queue, now);
}

void load_readings(const std::string& queue, const QueueLoad& load, std::vector<Reading>& out) {
  const LoadPicture& s = load.picture();
  if (!s.backlog) return;  // less than 20 minutes are known
  const auto read = [&](LoadCause cause, double value, double baseline, double cases) {
    const auto state = load.standing() == cause ? ReadingState::standing : ReadingState::quiet;
    out.push_back({signal_of(cause), {}, queue, value, baseline, static_cast<uint32_t>(std::lround(cases)), state});
  };
  if (s.talks.talks > 0) read(LoadCause::handling_time, s.usual_talk_s * s.talks.factor, s.usual_talk_s, s.talks.talks);
  if (s.shortage) read(LoadCause::missing_agents, s.shortage->at_work, s.shortage->expected, s.shortage->expected);
  if (s.surge.nats > 0) read(LoadCause::arrival_surge, s.surge.seen, s.surge.expected, s.surge.seen);
}

}  // namespace hf::detect
