#include "agent/detect/repeat_callers.hpp"

#include <algorithm>

namespace hf::detect {
namespace {
constexpr double kUsualRepeats = 0.1;
constexpr Duration kWrongNumber = std::chrono::seconds(5);
}  // namespace

double RepeatCallers::usual() const { return share_.usual(kUsualRepeats); }

void RepeatCallers::on(const calls::Change& change) {
  if (const auto* a = std::get_if<calls::CallArrived>(&change.what)) arrived(a->call);
  if (const auto* e = std::get_if<calls::CallEnded>(&change.what)) ended(e->call);
}

void RepeatCallers::arrived(const calls::Call& call) {
  if (call.caller == 0 || !call.arrival_seen) return;
  if (began_ == Time{}) began_ = call.arrived;
  while (!order_.empty() && (order_.front().first + kWindow < call.arrived || order_.size() >= kCallers)) {
    const auto [at, caller] = order_.front();
    order_.pop_front();
    if (const auto old = seen_.find(caller); old != seen_.end() && old->second.at == at) seen_.erase(old);
  }
  const bool again = seen_.contains(call.caller);
  seen_[call.caller].at = call.arrived;
  order_.emplace_back(call.arrived, call.caller);
  if (call.arrived - began_ >= kWindow) (void)share_.step(again, kUsualRepeats, call.arrived);
  if (!again) return;
  for (Left& l : left_) {
    if (l.caller != call.caller || l.back) continue;
    l.back = true;
    l.other_line = l.line != call.line;
  }
}

void RepeatCallers::ended(const calls::Call& call) {
  if (call.connected || call.caller == 0 || call.half_seen || call.outcome == calls::Outcome::lost_by_restart) return;
  const Time at = call.ended.value_or(call.arrived);
  if (at - call.arrived < kWrongNumber || call.self_service) return;
  while (!left_.empty() && (left_.size() >= kLeft || left_.front().at + kWindow < at)) left_.pop_front();
  left_.push_back({at, call.caller, call.line});
}

RepeatCallers::Back RepeatCallers::since(Time since) const {
  Back b;
  for (const Left& l : left_) {
    if (l.at < since) continue;
    ++b.left;
    b.back += l.back ? 1u : 0u;
    b.other_line += l.other_line ? 1u : 0u;
  }
  return b;
}

void RepeatCallers::readings(Time now, std::vector<Reading>& out) const {
  Reading again{"repeat_callers", {}, {}, share_.recent(), {}, share_.cases(), ReadingState::unknown};
  if (!share_.learning()) {
    again.baseline = usual();
    again.state = share_.stands()   ? ReadingState::standing
                  : share_.doubts() ? ReadingState::watching
                                    : ReadingState::quiet;
  }
  out.push_back(std::move(again));
  const Back b = since(now - kWindow);
  Reading left{"left_without_answer", {}, {}, {}, {}, b.left, ReadingState::unknown};
  if (b.left > 0) left.value = static_cast<double>(b.back) / b.left, left.state = ReadingState::quiet;
  out.push_back(std::move(left));
}

}  // namespace hf::detect
