// The link to the PBX: gaps, restarts, and the pictures that close them.
#include <algorithm>

#include "agent/calls/tracker_state.hpp"

namespace hf::calls {

namespace {
// What was on its way when a picture was drawn has arrived after this.
constexpr Duration kPictureGrace = std::chrono::seconds(5);
constexpr Duration kSameBoot = std::chrono::seconds(1);
constexpr Duration kSweepEvery = std::chrono::hours(1);
constexpr Duration kNoCallLasts = std::chrono::hours(24);
}  // namespace

void Tracker::State::on(const pbx::SourceUp& e, Time t, Out out) {
  ++link_version;
  link.source = e;
  link.up = true;
  link.up_at = t;
  link.members_known = false;
  link.verdict_open = link.ever_lost;
  if (link.ever_lost && link.stopping) verdict(true, t, out);
  link.stopping = false;
  calls.set_stopping(false);
}

void Tracker::State::on(const pbx::SourceDown& e, Time t, Out out) {
  if (!link.up) return;
  ++link_version;
  link.up = false;
  link.ever_lost = true;
  link.lost_at = t;
  link.members_known = false;
  picture = {};
  agents.forget_states(t, out);
  channels.clear();
  bridges.clear();
  for (const std::string& id : calls.ids()) {
    if (link.stopping) {
      calls.lose(id, t, t, out);
      continue;
    }
    const auto call = calls.find(id);
    call.life->gap = call.call->half_seen = true;
  }
  out.push_back({t, ObservationLost{e.reason}});
}

// The calls from before the gap ended with the PBX, or live on.
void Tracker::State::verdict(bool restarted, Time t, Out out) {
  if (!link.verdict_open) return;
  link.verdict_open = false;
  if (restarted)
    for (const std::string& id : calls.ids())
      if (const auto call = calls.find(id); call.life->gap) calls.lose(id, link.lost_at, t, out);
  out.push_back({t, ObservationBack{link.lost_at, restarted}});
}

void Tracker::State::on(const pbx::PbxLife& e, Time t, Out out) {
  switch (e.state) {
    case pbx::PbxState::stopping:
      link.stopping = true;
      calls.pbx_stops(t, out);
      break;
    case pbx::PbxState::starting:  // told by a source that has no link to lose
      calls.pbx_restarted_unseen(t, out);
      for (const std::string& id : calls.ids()) calls.lose(id, t, t, out);
      break;
    case pbx::PbxState::running:
      if (!e.booted) break;
      verdict(link.booted && (*e.booted - *link.booted > kSameBoot || *link.booted - *e.booted > kSameBoot), t, out);
      link.booted = e.booted;
      break;
  }
}

void Tracker::State::on(const pbx::ConfigurationChanged& e, Time t, Out out) {
  out.push_back({t, ConfigurationSeen{e.module}});
}

void Tracker::State::on(const pbx::ResyncStarted& e, Time, Out) {
  if (e.scope == pbx::ResyncScope::queues) {
    agents.picture_begins();
    picture.callers.clear();
    return;
  }
  picture.telling = true;
  picture.seen.clear();
}

void Tracker::State::on(const pbx::QueueSeen& e, Time, Out) { know_queue(e.queue); }

void Tracker::State::on(const pbx::CallerSeen& e, Time t, Out out) {
  picture.callers.insert(e.channel);
  const bool known = static_cast<bool>(calls.find(e.channel));
  const auto call = call_of_queue_event(e.channel, t - e.wait, t, out);
  if (!call || call.call->connected) return;
  const bool in_it = !call.call->stints.empty() && call.call->stints.back().end == StintEnd::waiting &&
                     call.call->stints.back().queue == e.queue;
  if (in_it) return;
  if (known && !call.life->gap) return;  // it left while the picture was drawn
  calls.join(call, e.queue, std::max(call.call->arrived, t - e.wait), out);
}

void Tracker::State::on(const pbx::ChannelSeen& e, Time t, Out out) {
  picture.seen.insert(e.channel);
  // Known from a queue_log while the manager was away: from now on its channel tells its end.
  if (const auto call = calls.find(e.channel)) call.life->channel_told = true;
  const auto [at, fresh] = channels.try_emplace(e.channel);
  Channel& channel = at->second;
  const bool up = e.state == pbx::ChannelState::up;
  if (fresh) {
    const bool begins = e.linked.empty() || e.linked == e.channel;
    channel = {begins ? e.channel : e.linked, e.device, e.context, {}, up, begins};
    devices.saw_channel(e.device, e.context);
    const bool line_known =
        lines.contains(e.dialled);  // elsewhere in the dialplan it is a step's name, not what was dialled
    if (begins && !is_artificial(e.device) && !calls.find(e.channel))
      begin_call(e.channel, channel, line_known ? e.dialled : std::string{}, e.caller, t - e.age, false, t, out);
    agents.leg_started(e.channel, e.device, !begins, t, out);
    if (up) agents.leg_up(e.channel, e.device, channel.linked, t, out);
  }
  if (fresh && !e.bridge.empty()) {
    channel.bridge = e.bridge;
    bridges[e.bridge].insert(e.channel);
  }
}

void Tracker::State::on(const pbx::ResyncEnded& e, Time t, Out out) {
  if (e.scope == pbx::ResyncScope::queues) {
    agents.picture_ends(t, out);
    link.members_known = true;
    ++link_version;
    return;
  }
  if (!picture.telling) return;
  picture.telling = false;
  verdict(false, t, out);
  picture.missing.clear();
  for (const auto& [id, channel] : channels)
    if (!picture.seen.contains(id)) picture.missing.insert(id);
  for (const auto& [id, life] : calls.lives())
    if (life.channel_told && !picture.seen.contains(id)) picture.missing.insert(id);
  picture.give_up = t + kPictureGrace;
}

// Ends that were never told, by a source that draws no pictures (a queue_log with lines missing), must not keep callers
// waiting for ever.
void Tracker::State::sweep_out(Time t, Out out) {
  for (const std::string& id : calls.ids())
    if (calls.find(id).call->arrived + kNoCallLasts < t) calls.lose(id, t, t, out);
  count_old_members(t);
  sweep = calls.lives().empty() ? std::nullopt : std::optional(t + kSweepEvery);
}

// After a gap and its picture: who is gone, and who was answered meanwhile.
void Tracker::State::end_missing(Time t, Out out) {
  picture.give_up.reset();
  for (const std::string& id : std::exchange(picture.missing, {})) {
    end_channel(id, t, out);
    const auto call = calls.find(id);
    if (!call) continue;
    call.call->half_seen = true;
    agents.call_left(id, true, t, out);
    calls.lose(id, call.life->gap ? link.lost_at : t, t, out);
  }
  for (const std::string& id : calls.ids()) {
    const auto call = calls.find(id);
    if (!std::exchange(call.life->gap, false) || call.call->connected) continue;
    const auto channel = channels.find(id);
    const std::string* partner = channel == channels.end() ? nullptr : partner_in(channel->second.bridge, id);
    const bool queued = !call.call->stints.empty() && call.call->stints.back().end == StintEnd::waiting;
    if (partner != nullptr) {
      const std::string device = channels.contains(*partner) ? channels[*partner].device : std::string{};
      calls.connect(call, queued ? call.call->stints.back().queue : std::string{}, device, agents.name_of(device), t,
                    out);
    } else if (queued && !picture.callers.contains(id)) {
      calls.leave(call, StintEnd::lost, t, out);
    }
  }
}

}  // namespace hf::calls
