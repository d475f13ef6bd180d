#include "agent/detect/floor_signs.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kQueues = 64, kPromises = 256;
constexpr Duration kSoon = std::chrono::seconds(60), kSame = std::chrono::seconds(5);

struct Share {
  uint32_t hits = 0, of = 0;
  double value() const { return of == 0 ? 0 : static_cast<double>(hits) / of; }
};

}  // namespace

void IdleWhileFailing::minute(Time now, const calls::Tracker& tracker, const std::string& queue) {
  const auto seen = tracker.queue(queue);
  if (!seen || !seen->busy || !seen->free || (!queues_.contains(queue) && queues_.size() >= kQueues)) return;
  auto& looks = queues_[queue];
  looks.push_back({now, *seen->busy, *seen->free});
  while (looks.front().at + kAll < now) looks.pop_front();
}

Sign IdleWhileFailing::sign(Time now, const std::string& queue, const std::deque<EndedCall>& calls) const {
  Sign s;
  const auto known = queues_.find(queue);
  if (known == queues_.end()) return s;
  Share busy_now, busy_then, soon_now, soon_then;
  uint32_t looks_now = 0, looks_then = 0;
  for (const Look& l : known->second) {
    const bool recent = l.at + kNow >= now;
    Share& share = recent ? busy_now : busy_then;
    share.hits += l.busy, share.of += l.busy + l.free;
    ++(recent ? looks_now : looks_then);
  }
  for (const EndedCall& c : calls) {
    if (c.arrived + kAll < now) continue;
    Share& share = c.arrived + kNow >= now ? soon_now : soon_then;
    ++share.of, share.hits += c.connected && c.wait() <= kSoon ? 1u : 0u;
  }
  s.sample_size = soon_now.of;
  if (looks_now < 15 || looks_then < 15 || soon_now.of < 8 || soon_then.of < 8) return s;
  s.value = busy_now.value() - busy_then.value(), s.baseline = 0.0;
  const bool failing = soon_now.value() + 0.3 <= soon_then.value();
  s.state = *s.value <= -0.1 && failing ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"occupancy_share", busy_now.value()},
              {"occupancy_usual_share", busy_then.value()},
              {"answered_share", soon_now.value()},
              {"usual_share", soon_then.value()}};
  return s;
}

Sign equal_groups(const std::map<Place, CallWindows::Window>& places, Time since) {
  Sign s;
  std::vector<Duration> now, then;
  std::vector<std::string> targets;
  for (const auto& [place, window] : places) {
    const auto median = median_wait(CallWindows::since(window.calls, since), 5);
    if (!median || place.line.empty()) continue;
    now.push_back(*median);
    targets.push_back(window.target);
    if (const auto before = median_wait(CallWindows::before(window.calls, since), 5)) then.push_back(*before);
  }
  s.sample_size = static_cast<uint32_t>(now.size());
  if (now.size() < 2) return s;
  const auto [least, most] = std::ranges::minmax(now);
  s.value = seconds(most - least);
  if (then.size() >= 2) s.baseline = seconds(std::ranges::max(then) - std::ranges::min(then));
  const bool differed = (s.baseline && *s.baseline >= 3 * seconds(kSame)) ||
                        std::ranges::any_of(targets, [&](const auto& t) { return t != targets.front(); });
  s.state = differed && least >= kPolicyWait && most - least <= kSame ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"lines", s.sample_size}, {"wait_s", seconds(least)}, {"spread_s", *s.value}};
  return s;
}

void PromisedWaits::set_site_model(const calls::SiteModel& model) {
  promises_.clear();
  for (const calls::Line& line : model.lines)
    if (line.promised_wait > Duration{} && promises_.size() < kPromises) promises_[line.id] = line.promised_wait;
}

Sign PromisedWaits::sign(Time now, const std::string& line, const std::map<Place, CallWindows::Window>& places) const {
  Sign s;
  const Duration promise = promises_.at(line);
  s.baseline = seconds(promise);
  const auto window = places.find(Place{line, {}});
  if (window == places.end()) return s;
  const Calls calls = CallWindows::since(window->second.calls, now - std::chrono::hours(24));
  s.sample_size =
      static_cast<uint32_t>(std::ranges::count_if(calls, [](const EndedCall& c) { return c.connected.has_value(); }));
  const auto wait = median_wait(calls, kFewest);
  if (!wait) return s;
  s.value = seconds(*wait - promise);
  const bool wrong = std::chrono::abs(*wait - promise) >= kApart && (*wait > 2 * promise || *wait * 2 < promise);
  s.state = wrong ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"promised_s", seconds(promise)}, {"wait_s", seconds(*wait)}, {"callers", s.sample_size}};
  return s;
}

void PromisedWaits::minute(Time now, const std::map<Place, CallWindows::Window>& places, std::vector<Finding>& out) {
  std::erase_if(wrong_, [&](const auto& w) {
    if (promises_.contains(w.first)) return false;
    Finding f;
    f.signal = "promised_wait", f.kind = FindingKind::cleared, f.line = w.first, f.at = now;
    out.push_back(std::move(f));
    return true;
  });
  for (const auto& [line, promise] : promises_) {
    const Sign s = sign(now, line, places);
    const bool stands = s.state == ReadingState::standing;
    if (stands == wrong_.contains(line)) continue;
    Finding f;
    f.signal = "promised_wait", f.kind = stands ? FindingKind::news : FindingKind::cleared, f.line = line, f.at = now;
    if (stands) {
      f.since = f.since_low = f.since_high = places.at(Place{line, {}}).calls.front().arrived;
      f.template_id = "promised_wait", f.values = s.values, f.sample_size = s.sample_size;
      wrong_[line] = true;
    } else {
      wrong_.erase(line);
    }
    out.push_back(std::move(f));
  }
}

void PromisedWaits::readings(Time now, const std::map<Place, CallWindows::Window>& places,
                             std::vector<Reading>& out) const {
  for (const auto& [line, promise] : promises_) {
    const Sign s = sign(now, line, places);
    out.push_back({"promised_wait", line, {}, s.value, s.baseline, s.sample_size, s.state});
  }
}

}  // namespace hf::detect
