#include "agent/detect/call_window.hpp"

#include <algorithm>

namespace hf::detect {
namespace {

constexpr size_t kPlaces = 256, kOpen = 4096;
constexpr Duration kAtOnce = std::chrono::seconds(2);

// Announcements may overlap: the time near them counts once.
Duration time_near_sounds(const calls::Call& call, Duration wait) {
  Duration near{}, until{};
  for (const calls::Announcement& a : call.announcements) {
    if (a.offset < kFirstSounds) continue;
    const Duration from = std::max(a.offset, until), to = std::min(a.offset + kAfterSound, wait);
    if (to <= from) continue;
    near += to - from;
    until = to;
  }
  return near;
}

bool ends_near_sound(const calls::Call& call, Duration wait) {
  return std::ranges::any_of(call.announcements, [&](const calls::Announcement& a) {
    return a.offset >= kFirstSounds && wait >= a.offset && wait - a.offset <= kAfterSound;
  });
}

EndedCall ended_call(const calls::Call& call, uint32_t ahead) {
  EndedCall e;
  e.arrived = call.arrived, e.ended = call.ended.value_or(call.arrived), e.connected = call.connected;
  e.ahead = ahead;
  for (const calls::Stint& s : call.stints)
    if (!call.connected || s.joined <= *call.connected) e.joined = s.joined;
  e.abandoned = call.outcome == calls::Outcome::abandoned;
  if (call.connected && call.picked_up && *call.picked_up <= call.arrived + kAtOnce)
    e.alone = *call.connected - *call.picked_up;
  e.near = time_near_sounds(call, e.wait());
  e.left_near = e.abandoned && ends_near_sound(call, e.wait());
  return e;
}

}  // namespace

std::optional<Place> place_of(const calls::Call& call) {
  if (!call.line.empty()) return Place{call.line, {}};
  if (!call.stints.empty()) return Place{{}, call.stints.front().queue};
  return std::nullopt;
}

void CallWindows::on(const calls::Change& change) {
  if (const auto* arrived = std::get_if<calls::CallArrived>(&change.what)) {
    if (!arrived->call.line.empty()) arrive({arrived->call.line, {}}, arrived->call.id);
  } else if (const auto* joined = std::get_if<calls::CallJoined>(&change.what)) {
    if (joined->call.line.empty() && joined->call.stints.size() == 1) arrive(*place_of(joined->call), joined->call.id);
  } else if (const auto* connected = std::get_if<calls::CallConnected>(&change.what)) {
    const auto place = place_of(connected->call);
    if (place && open_.contains(connected->call.id)) leave(*place);
  } else if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) {
    end(ended->call);
  }
}

void CallWindows::arrive(const Place& place, const std::string& call) {
  if (open_.size() >= kOpen || (!places_.contains(place) && places_.size() >= kPlaces)) return;
  Window& window = places_[place];
  if (open_.emplace(call, window.waiting).second) ++window.waiting;
}

void CallWindows::leave(const Place& place) {
  const auto window = places_.find(place);
  if (window != places_.end() && window->second.waiting > 0) --window->second.waiting;
}

void CallWindows::end(const calls::Call& call) {
  const auto open = open_.find(call.id);
  const auto place = place_of(call);
  if (open == open_.end()) return;
  const uint32_t ahead = open->second;
  open_.erase(open);
  const auto window = place ? places_.find(*place) : places_.end();
  if (window == places_.end()) return;
  if (!call.connected) leave(*place);
  if (call.half_seen || !call.arrival_seen || call.outcome == calls::Outcome::lost_by_restart) return;
  if (!call.answering_queue.empty()) window->second.target = call.answering_queue;
  window->second.calls.push_back(ended_call(call, ahead));
  if (window->second.calls.size() > kCalls) window->second.calls.pop_front();
}

Calls CallWindows::since(const std::deque<EndedCall>& calls, Time since) {
  Calls some;
  for (const EndedCall& c : calls)
    if (c.arrived >= since) some.push_back(c);
  return some;
}

Calls CallWindows::before(const std::deque<EndedCall>& calls, Time since) {
  Calls some;
  for (const EndedCall& c : calls)
    if (c.arrived < since) some.push_back(c);
  return some;
}

}  // namespace hf::detect
