// Channels: the legs of calls, from CHANNEL_CREATE to CHANNEL_HANGUP_COMPLETE.
#include <algorithm>
#include <array>

#include "hal/pbx/freeswitch/esl_map_detail.hpp"

namespace hf::pbx {

namespace {

using K = EslKey;

struct Step {
  std::string_view application;
  StepKind kind;
};

// What is played is told by PLAYBACK_START, whichever application plays it.
constexpr auto kSteps = std::to_array<Step>({
    {"bridge", StepKind::dial},
    {"callcenter", StepKind::queue},
    {"conference", StepKind::conference},
    {"fifo", StepKind::queue},
    {"ivr", StepKind::input},
    {"park", StepKind::wait},
    {"play_and_get_digits", StepKind::input},
    {"read", StepKind::input},
    {"sleep", StepKind::wait},
    {"valet_park", StepKind::wait},
    {"voicemail", StepKind::voicemail},
});

constexpr std::string_view kSilence = "silence_stream://";
constexpr std::string_view kStreams[] = {"local_stream://", "tone_stream://", "shout://", "shouts://"};

std::optional<Duration> milliseconds(std::string_view text) {
  const auto told = to_number<uint32_t>(text.substr(0, text.find(',')));
  if (!told) return {};
  return std::chrono::milliseconds(*told);
}

bool is_stream(std::string_view sound) {
  return std::ranges::any_of(kStreams, [sound](std::string_view stream) { return sound.starts_with(stream); });
}

bool is_music(const EslContext& c, const std::string& sound) {
  return is_stream(sound) || c.memory.floor.is_music(sound);
}

// The leg that is at the other end of the one that the event tells of, or of the caller that an agent is rung for.
std::string partner(const EslContext& c) {
  std::string member = c.text(K::var_cc_member_session_uuid);
  return member.empty() ? c.text(K::other_leg_unique_id) : member;
}

std::string linked(const EslContext& c) {
  if (c.fields[K::call_direction] != "outbound") return c.text(K::unique_id);
  std::string other = partner(c);
  return other.empty() ? c.text(K::unique_id) : other;
}

DialOutcome dial_outcome(std::string_view cause) {
  if (cause == "USER_BUSY") return DialOutcome::busy;
  if (cause == "NO_ANSWER" || cause == "ALLOTTED_TIMEOUT" || cause == "NO_USER_RESPONSE") return DialOutcome::no_answer;
  if (cause == "ORIGINATOR_CANCEL" || cause == "LOSE_RACE" || cause == "PICKED_OFF") return DialOutcome::cancelled;
  if (cause == "NORMAL_CIRCUIT_CONGESTION" || cause == "SWITCH_CONGESTION") return DialOutcome::congestion;
  return DialOutcome::failed;
}

void add_started(const EslContext& c) {
  const bool inbound = c.fields[K::call_direction] == "inbound";
  ChannelStarted e;
  e.channel = c.text(K::unique_id), e.linked = linked(c), e.device = device_of_leg(c);
  e.context = c.text(K::caller_context);
  // On a leg that the PBX dials both would be the caller's or the agent's, and no line.
  if (inbound) e.dialled = c.text(K::caller_destination_number);
  if (inbound) e.caller = caller_key(c.key, c.fields[K::caller_caller_id_number]);
  c.add(std::move(e));
}

// uuid_hold holds the leg it names: that one waits, and its partner is who holds. A phone's own re-INVITE holds for
// that phone. Both are one event; the function that sent it tells them apart [1.10.12].
struct Hold {
  std::string holder, held;
};
Hold hold_of(const EslContext& c) {
  const bool by_command = c.fields[K::event_calling_function].starts_with("switch_ivr_");
  const std::string other = c.text(K::other_leg_unique_id);
  if (by_command && !other.empty()) return {other, c.text(K::unique_id)};
  return {c.text(K::unique_id), partner(c)};
}

}  // namespace

HangupSide hangup_side(std::string_view disposition) {
  return disposition.starts_with("recv_") ? HangupSide::far_end : HangupSide::pbx;
}

void map_create(const EslContext& c) { add_started(c); }

void map_progress(const EslContext& c) { c.add(ChannelStateChanged{c.text(K::unique_id), ChannelState::ringing}); }
void map_answer(const EslContext& c) { c.add(ChannelStateChanged{c.text(K::unique_id), ChannelState::up}); }

void map_execute(const EslContext& c) {
  const std::string application = c.fields[K::application], data = c.fields[K::application_data];
  for (const Step& step : kSteps) {
    if (step.application != application) continue;
    const bool queue = step.kind == StepKind::queue;
    c.add(ChannelStep{c.text(K::unique_id), step.kind, c.text(K::caller_context),
                      queue ? clean_text(data.substr(0, data.find(' '))) : std::string{},
                      application == "sleep" ? milliseconds(data) : std::nullopt});
  }
}

void map_playback_start(const EslContext& c) {
  const std::string sound = c.fields[K::playback_file_path], channel = c.text(K::unique_id);
  const std::string context = c.text(K::caller_context);
  if (sound.starts_with(kSilence))
    return c.add(ChannelStep{channel, StepKind::wait, context, {}, milliseconds(sound.substr(kSilence.size()))});
  if (is_music(c, sound)) return c.add(MusicStarted{channel, linked(c), context});
  c.add(ChannelStep{channel, StepKind::announcement, context, clean_text(sound), {}});
}

void map_playback_stop(const EslContext& c) {
  if (is_music(c, c.fields[K::playback_file_path])) c.add(MusicStopped{c.text(K::unique_id), linked(c)});
}

// Told once, on the leg that was there first; a bridge has no name of its own.
void map_bridge(const EslContext& c) {
  const std::string a = c.text(K::bridge_a_unique_id), b = c.text(K::bridge_b_unique_id);
  if (a.empty() || b.empty()) return;
  c.add(BridgeEntered{a, a, a, 1});
  c.add(BridgeEntered{b, a, a, 2});
}

void map_unbridge(const EslContext& c) {
  const std::string a = c.text(K::bridge_a_unique_id), b = c.text(K::bridge_b_unique_id);
  if (a.empty() || b.empty()) return;
  c.add(BridgeLeft{b, a, a});
  c.add(BridgeLeft{a, a, a});
}

void map_hold(const EslContext& c) {
  Hold hold = hold_of(c);
  c.add(HoldStarted{std::move(hold.holder), std::move(hold.held)});
}
void map_unhold(const EslContext& c) {
  Hold hold = hold_of(c);
  c.add(HoldEnded{std::move(hold.holder), std::move(hold.held)});
}

void map_hangup_complete(const EslContext& c) {
  const std::string channel = c.text(K::unique_id), cause = c.fields[K::hangup_cause];
  const std::string disposition = c.fields[K::var_sip_hangup_disposition];
  if (!disposition.empty()) c.add(HangupRequested{channel, hangup_side(disposition)});
  if (c.fields[K::call_direction] == "outbound" && c.fields[K::caller_channel_answered_time] == "0")
    c.add(DialEnded{channel, dial_outcome(cause)});
  c.add(ChannelEnded{channel, linked(c), to_number<uint16_t>(c.fields[K::var_hangup_cause_q850])});
}

}  // namespace hf::pbx
