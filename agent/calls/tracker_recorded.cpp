// Calls that are told when they are over: all that happened in them is told at once, in its order, with its own times.
#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {

constexpr Duration kLongest = std::chrono::hours(24);  // a record that claims more is counted as this much

Call call_of(const pbx::CallRecorded& e, Time ended) {
  const Duration talk = e.answered ? std::min(e.talk, kLongest) : Duration{}, wait = std::min(e.wait, kLongest);
  Call call;
  call.id = e.call, call.line = e.line, call.caller = e.caller;
  call.arrived = ended - talk - wait;
  call.arrival_seen = !e.wait_cut;
  call.talk = talk, call.hold = std::min(e.hold, talk), call.transfers = e.transfers;
  if (e.answered) call.connected = ended - talk, call.agent = e.device, call.agent_name = e.name, call.answering_queue = e.queue;
  return call;
}

Stint stint_of(const pbx::CallRecorded& e, const Call& call, Time ended) {
  const Time left = call.connected.value_or(ended);
  const Duration wait = std::min(e.queue_wait.value_or(e.wait), left - call.arrived);
  return {e.queue, left - wait, left, e.answered ? StintEnd::answered : StintEnd::abandoned};
}

}  // namespace

void Tracker::State::on(const pbx::CallRecorded& e, Time t, Out out) {
  const Call whole = call_of(e, t);
  Call call = whole;
  call.connected.reset(), call.agent.clear(), call.agent_name.clear(), call.answering_queue.clear(), call.talk = call.hold = {};
  out.push_back({t, CallArrived{call}});
  if (!e.queue.empty()) {
    know_queue(e.queue);
    Stint stint = stint_of(e, whole, t);
    call.stints.push_back({stint.queue, stint.joined, {}, StintEnd::waiting});
    out.push_back({t, CallJoined{call}});
    call.stints.back() = std::move(stint);
    if (!e.answered) out.push_back({t, CallLeftQueue{call}});
  }
  if (e.answered) {
    call.connected = whole.connected, call.agent = whole.agent, call.agent_name = whole.agent_name, call.answering_queue = whole.answering_queue;
    out.push_back({t, CallConnected{call}});
    if (!e.queue.empty()) learn_queue(call, e.queue);
    if (!e.device.empty() && t > *call.connected)
      out.push_back({t, AgentChanged{{e.device, e.name, e.queue, AgentState::talking, *call.connected, t}}});
    call.talk = whole.talk, call.hold = whole.hold;
  }
  call.ended = t;
  call.outcome = e.answered ? Outcome::answered : Outcome::abandoned;
  out.push_back({t, CallEnded{std::move(call)}});
}

}  // namespace hf::calls
