// Answers to surveys, tied to their calls: mostly while the caller is still there, from some sources when the call is over.
#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {
constexpr size_t kServed = 1000;  // at a thousand calls an hour a survey may come an hour late
}

void Tracker::State::on(const pbx::SurveyAnswered& e, Time t, Out out) {
  SurveyGiven given{{}, e.queue, e.answered_at ? std::min(*e.answered_at, t) : t, e};
  const auto tie = [&given](const std::string& id, const std::string& queue, Time arrived) {
    given.call = id, given.about = arrived;
    if (given.queue.empty()) given.queue = queue;
  };
  const auto channel = channels.find(e.channel);
  const std::string& linked = channel == channels.end() ? e.channel : channel->second.linked;
  const auto over = std::ranges::find_if(served.rbegin(), served.rend(),
                                         [&](const Served& s) { return s.id == e.channel || s.id == linked; });
  if (e.channel.empty()) {
    out.push_back({t, std::move(given)});
    return;
  }
  if (auto open = calls.find(e.channel)) tie(open.call->id, open.call->answering_queue, open.call->arrived);
  else if (auto joined = calls.find(linked)) tie(joined.call->id, joined.call->answering_queue, joined.call->arrived);
  else if (over != served.rend()) tie(over->id, over->queue, over->arrived);
  out.push_back({t, std::move(given)});
}

void Tracker::State::remember_served(const std::vector<Change>& out, size_t from) {
  for (size_t i = from; i < out.size(); ++i) {
    const auto* ended = std::get_if<CallEnded>(&out[i].what);
    if (ended == nullptr || ended->call.answering_queue.empty()) continue;
    served.push_back({ended->call.id, ended->call.answering_queue, ended->call.arrived});
    if (served.size() > kServed) served.pop_front();
  }
}

}  // namespace hf::calls
