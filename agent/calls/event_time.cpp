#include "agent/calls/event_time.hpp"

#include <algorithm>

namespace hf::calls {

namespace {
// Below this the receive time is the better one: PBX times may be whole seconds.
constexpr Duration kLate = std::chrono::milliseconds(1500);
// A lag that has not shrunk for so long is no late reader but a PBX whose clock was set.
constexpr Duration kWindow = std::chrono::minutes(1);
}  // namespace

void EventTime::learn(Time at, Duration lag) {
  if (!offset_ || lag < *offset_) offset_ = lag;
  if (!window_least_ || lag < *window_least_) window_least_ = lag;
  if (at - window_from_ < kWindow) return;
  if (window_from_ != Time{} && *window_least_ > *offset_) offset_ = window_least_;
  window_from_ = at;
  window_least_ = lag;
}

Time EventTime::of(const pbx::CallEvent& event) {
  Time t = event.at;
  if (event.pbx_at) {
    const Duration lag = event.at - *event.pbx_at;
    learn(event.at, lag);
    if (lag - *offset_ > kLate) t = *event.pbx_at + *offset_;
  }
  last_ = std::max(last_, std::min(t, event.at));
  return last_;
}

}  // namespace hf::calls
