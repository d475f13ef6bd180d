// What is said of a call beside its course, tied to it: answers to surveys and how it sounded. Mostly it is told while the caller is still
// there, from some sources when the call is over.
#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {
constexpr size_t kServed = 1000;  // at a thousand calls an hour a survey may come an hour late
}

Served Tracker::State::served_on(const std::string& channel) {
  const auto known = channels.find(channel);
  const std::string& linked = known == channels.end() ? channel : known->second.linked;
  for (const std::string& id : {channel, linked})
    if (const Call* open = calls.find(id).call) return {open->id, open->answering_queue, open->arrived};
  const auto over = std::ranges::find_if(served.rbegin(), served.rend(), [&](const Served& s) { return s.id == channel || s.id == linked; });
  return over == served.rend() ? Served{} : *over;
}

void Tracker::State::on(const pbx::SurveyAnswered& e, Time t, Out out) {
  SurveyGiven given{{}, e.queue, e.answered_at ? std::min(*e.answered_at, t) : t, e};
  const Served call = e.channel.empty() ? Served{} : served_on(e.channel);
  if (!call.id.empty()) given.call = call.id, given.about = call.arrived;
  if (given.queue.empty()) given.queue = call.queue;
  out.push_back({t, std::move(given)});
}

void Tracker::State::on(const pbx::VoiceHeard& e, Time t, Out out) {
  if (!e.valid()) return;
  const Served call = served_on(e.channel);
  out.push_back({t, VoiceReported{call.id, call.queue, call.id.empty() ? t : call.arrived, e}});
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
