#include "agent/incidents/floor_record.hpp"

#include <algorithm>
#include <cmath>

namespace hf::incidents {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1), kLeastBefore = std::chrono::minutes(10);
constexpr size_t kFewestBefore = 10;
constexpr float kWaiting = 0.9f;      // callers on average: whoever is at work should be busy
constexpr double kFewestWaiting = 5;  // minutes

float agents(const std::optional<Duration>& integral) {
  return integral ? static_cast<float>(seconds(*integral) / 60) : -1.0f;
}

// Adds to each minute the part of [begin, end) seconds that lies in it, in minutes.
void spread(std::vector<double>& minutes, double begin, double end) {
  const double last = std::min(end, static_cast<double>(minutes.size()) * 60);
  for (double t = std::max(0.0, begin); t < last;) {
    const auto m = static_cast<size_t>(t / 60);
    const double next = std::min(last, static_cast<double>(m + 1) * 60);
    minutes[m] += (next - t) / 60;
    t = next;
  }
}

}  // namespace

void FloorRecord::on(const RecentCall& ended) {
  calls_.push_back(ended);
  if (calls_.size() > kCalls) calls_.pop_front();
}

void FloorRecord::on(const metrics::Minute& m) {
  if (!minutes_.empty() && m.start <= minutes_.back().start) return;
  minutes_.push_back({m.start, agents(m.staffed), agents(m.busy), static_cast<float>(seconds(m.waiting) / 60)});
  if (minutes_.size() > kMinutes) minutes_.pop_front();
}

std::vector<FloorRecord::RecentMinute> FloorRecord::between(Time from, Time to) const {
  std::vector<RecentMinute> out;
  for (const RecentMinute& m : minutes_) {
    if (m.start >= from && m.start < to) out.push_back(m);
  }
  return out;
}

double FloorRecord::taking(const RecentMinute& m) {
  if (m.staffed < 0.1f || m.busy < 0 || m.waiting < kWaiting) return -1;
  return std::clamp(static_cast<double>(m.busy / m.staffed), 0.0, 1.0);
}

// Where nobody's state is known: as many people as talked at once in the quarter of an hour around.
std::vector<double> FloorRecord::talkers(const SeenFloor& seen, size_t minutes) {
  std::vector<double> talking(minutes, 0.0), out(minutes, 1.0);
  for (const SeenCall& c : seen.calls) {
    if (c.answered) spread(talking, c.arrived + c.wait, c.arrived + c.wait + c.talk);
  }
  for (const double until : seen.busy_until) spread(talking, 0, until);
  for (size_t m = 0; m < minutes; ++m) {
    for (size_t k = m > 7 ? m - 7 : 0; k < std::min(minutes, m + 8); ++k)
      out[m] = std::max(out[m], std::ceil(talking[k] - 0.2));
  }
  return out;
}

SeenFloor FloorRecord::seen(Time from, Time to, const std::vector<RecentCall>& open) const {
  SeenFloor out;
  from = std::max(from, begins());
  const std::vector<RecentMinute> minutes = between(std::chrono::floor<std::chrono::minutes>(from), to);
  if (minutes.empty()) return out;
  const Time zero = minutes.front().start;
  const auto take = [&](const RecentCall& c) {
    const double came = seconds(c.came - zero), wait = static_cast<double>(c.wait_s),
                 talk = static_cast<double>(c.talk_s);
    if (c.came >= to || came + wait + talk <= 0) return;
    if (came + wait <= 0)
      out.busy_until.push_back(came + wait + talk);
    else
      out.calls.push_back({came, wait, static_cast<double>(c.held_s), talk, c.answered, c.open});
  };
  for (const RecentCall& c : calls_) take(c);
  for (const RecentCall& c : open) take(c);
  std::ranges::stable_sort(out.calls, {}, &SeenCall::arrived);
  const bool known = std::ranges::any_of(minutes, [](const RecentMinute& m) { return m.staffed >= 0; });
  for (const RecentMinute& m : minutes) out.agents.push_back(std::max(0.0, static_cast<double>(m.staffed)));
  if (!known) out.agents = talkers(out, minutes.size());
  for (const RecentMinute& m : minutes) {
    if (known) out.taking.push_back(taking(m));
  }
  return out;
}

UsualFloor FloorRecord::usual(Time before, Duration span) const {
  UsualFloor out;
  const Time from = std::max(before - kBefore, begins());
  const std::vector<RecentMinute> minutes = between(from, before);
  const Duration seen = kMinute * static_cast<int64_t>(minutes.size());
  if (seen < kLeastBefore) return out;
  double calls = 0, answered = 0, talk = 0, staffed = 0, known = 0, taken = 0, waited = 0;
  for (const RecentCall& c : calls_) {
    if (c.came < from || c.came >= before) continue;
    calls += 1;
    if (c.answered) answered += 1, talk += static_cast<double>(c.talk_s);
  }
  for (const RecentMinute& m : minutes) {
    if (m.staffed >= 0) staffed += static_cast<double>(m.staffed), known += 1;
    if (const double part = taking(m); part >= 0) taken += part, waited += 1;
  }
  if (waited >= kFewestWaiting) out.taking = taken / waited;
  if (calls >= kFewestBefore) out.arrivals = calls * seconds(span) / seconds(seen);
  if (answered >= kFewestBefore) out.handling_s = talk / answered;
  if (known >= seconds(kLeastBefore) / 60) out.agents = staffed / known;
  return out;
}

}  // namespace hf::incidents
