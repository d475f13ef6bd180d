// Calls that are told when they are over: all that happened in them is told at once, in its order, with its own times.
#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {

constexpr Duration kLongest = std::chrono::hours(24);  // a record that claims more is counted as this much

struct Times {
  Time arrived{}, left{}, ended{};  // left: answered, or gone
};
Times times_of(const pbx::CallRecorded& e, Time ended) {
  const Time left = ended - (e.answered ? std::min(e.talk, kLongest) : Duration{});
  return {left - std::min(e.wait, kLongest), left, ended};
}

void answer(Call& call, const pbx::CallRecorded& e, Time at) {
  call.connected = at;
  call.agent = e.device, call.agent_name = e.name, call.answering_queue = e.queue;
  if (!call.stints.empty()) call.stints.back().left = at, call.stints.back().end = StintEnd::answered;
}

}  // namespace

void Tracker::State::on(const pbx::CallRecorded& e, Time t, Out out) {
  const Times times = times_of(e, t);
  Call call;
  call.id = e.call, call.line = e.line, call.caller = e.caller;
  call.arrived = times.arrived, call.arrival_seen = !e.wait_cut, call.transfers = e.transfers;
  out.push_back({t, CallArrived{call}});
  if (!e.queue.empty()) {
    know_queue(e.queue);
    call.stints.push_back({e.queue, times.left - std::min(e.queue_wait.value_or(e.wait), times.left - times.arrived), {}, StintEnd::waiting});
    out.push_back({t, CallJoined{call}});
  }
  if (e.answered) {
    answer(call, e, times.left);
    out.push_back({t, CallConnected{call}});
    if (!e.queue.empty()) learn_queue(call, e.queue);
    if (!e.device.empty() && times.ended > times.left)
      out.push_back({t, AgentChanged{{e.device, e.name, e.queue, AgentState::talking, times.left, times.ended}}});
  } else if (!call.stints.empty()) {
    call.stints.back().left = t, call.stints.back().end = StintEnd::abandoned;
    out.push_back({t, CallLeftQueue{call}});
  }
  call.talk = times.ended - times.left, call.hold = std::min(e.hold, call.talk);
  call.ended = t;
  call.outcome = e.answered ? Outcome::answered : Outcome::abandoned;
  out.push_back({t, CallEnded{std::move(call)}});
}

}  // namespace hf::calls
