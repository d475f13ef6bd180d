#include "hal/pbx/simulated/sim_picture.hpp"

#include <algorithm>

namespace hf::pbx {

namespace {

std::string_view application_of(StepKind kind) {
  switch (kind) {
    case StepKind::announcement: return "Playback";
    case StepKind::music: return "MusicOnHold";
    case StepKind::wait: return "Wait";
    case StepKind::queue: return "Queue";
    case StepKind::input: return "Read";
    case StepKind::voicemail: return "VoiceMail";
    case StepKind::dial: return "Dial";
    case StepKind::conference: return "ConfBridge";
    case StepKind::other: break;
  }
  return "NoOp";
}

std::string argument_of(const ChannelStep& step) {
  if (step.kind == StepKind::announcement) return step.sound;
  const std::string length = step.planned ? std::to_string(std::chrono::duration_cast<std::chrono::seconds>(*step.planned).count()) : "";
  if (step.kind == StepKind::music) return "default," + length;
  return step.kind == StepKind::wait ? length : "";
}

}  // namespace

void SimPicture::step(const ChannelStep& step) {
  const auto found = channels_.find(step.channel);
  if (found == channels_.end()) return;
  ChannelSeen& seen = found->second.seen;
  seen.context = step.context;
  seen.application = application_of(step.kind);
  seen.argument = argument_of(step);
}

void SimPicture::leave(const std::string& queue, const std::string& channel) {
  std::erase_if(queues_[queue], [&channel](const Waiting& w) { return w.channel == channel; });
}

void SimPicture::on(const CallEvent& event) {
  if (const auto* began = std::get_if<ChannelStarted>(&event.body)) {
    const ChannelStarted& c = *began;
    channels_[c.channel] = {{c.channel, c.linked, c.device, c.dialled, c.context, "", "", ChannelState::down, {}, c.caller, ""}, event.at};
  } else if (const auto* state = std::get_if<ChannelStateChanged>(&event.body)) {
    if (const auto found = channels_.find(state->channel); found != channels_.end()) found->second.seen.state = state->state;
  } else if (const auto* dialplan = std::get_if<ChannelStep>(&event.body)) {
    step(*dialplan);
  } else if (const auto* entered = std::get_if<BridgeEntered>(&event.body)) {
    if (const auto found = channels_.find(entered->channel); found != channels_.end()) found->second.seen.bridge = entered->bridge;
  } else if (const auto* left = std::get_if<BridgeLeft>(&event.body)) {
    if (const auto found = channels_.find(left->channel); found != channels_.end()) found->second.seen.bridge.clear();
  } else if (const auto* ended = std::get_if<ChannelEnded>(&event.body)) {
    channels_.erase(ended->channel);
  } else if (const auto* joined = std::get_if<QueueJoined>(&event.body)) {
    queues_[joined->queue].push_back({joined->channel, event.at});
  } else if (const auto* gone = std::get_if<QueueLeft>(&event.body)) {
    leave(gone->queue, gone->channel);
  }
}

void SimPicture::clear() { channels_.clear(), queues_.clear(); }

uint32_t SimPicture::waiting(const std::string& queue) const {
  const auto found = queues_.find(queue);
  return found == queues_.end() ? 0 : static_cast<uint32_t>(found->second.size());
}

// Ages are whole seconds, as a PBX tells them.
std::vector<CallerSeen> SimPicture::callers(const std::string& queue, Time now) const {
  std::vector<CallerSeen> out;
  if (const auto found = queues_.find(queue); found != queues_.end())
    for (const Waiting& w : found->second) out.push_back({w.channel, queue, std::chrono::floor<std::chrono::seconds>(now - w.since)});
  return out;
}

std::vector<ChannelSeen> SimPicture::channels(Time now) const {
  std::vector<ChannelSeen> out;
  for (const auto& [id, channel] : channels_) {
    out.push_back(channel.seen);
    out.back().age = std::chrono::floor<std::chrono::seconds>(now - channel.since);
  }
  return out;
}

}  // namespace hf::pbx
