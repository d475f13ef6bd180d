// Channels: the legs of calls, from Newchannel to Hangup.
#include <array>

#include "hal/pbx/asterisk/ami_map_detail.hpp"

namespace hf::pbx {

namespace {

using K = AmiKey;

struct Step {
  std::string_view application;
  StepKind kind;
};

// Asterisk writes BackGround where the dialplan may say Background; both are seen.
constexpr auto kSteps = std::to_array<Step>({
    {"BackGround", StepKind::announcement},
    {"Background", StepKind::announcement},
    {"ConfBridge", StepKind::conference},
    {"ControlPlayback", StepKind::announcement},
    {"Dial", StepKind::dial},
    {"MeetMe", StepKind::conference},
    {"MusicOnHold", StepKind::music},
    {"Playback", StepKind::announcement},
    {"Queue", StepKind::queue},
    {"Read", StepKind::input},
    {"StartMusicOnHold", StepKind::music},
    {"VoiceMail", StepKind::voicemail},
    {"Wait", StepKind::wait},
    {"WaitExten", StepKind::input},
    {"WaitMusicOnHold", StepKind::music},
});

std::string_view argument(std::string_view data, size_t index) {
  for (; index > 0; --index) {
    const size_t comma = data.find(',');
    if (comma == data.npos) return {};
    data.remove_prefix(comma + 1);
  }
  return data.substr(0, data.find(','));
}

// MusicOnHold(class,seconds) and Wait(seconds): the dialplan says beforehand how long it will last.
std::optional<Duration> planned(std::string_view application, std::string_view data) {
  if (application == "MusicOnHold") return to_seconds(argument(data, 1));
  if (application == "Wait" || application == "WaitMusicOnHold") return to_seconds(argument(data, 0));
  return {};
}

DialOutcome dial_outcome(std::string_view status) {
  if (status == "ANSWER") return DialOutcome::answered;
  if (status == "NOANSWER") return DialOutcome::no_answer;
  if (status == "BUSY") return DialOutcome::busy;
  if (status == "CONGESTION") return DialOutcome::congestion;
  if (status == "CANCEL") return DialOutcome::cancelled;
  return DialOutcome::failed;  // CHANUNAVAIL, ABORT, INVALIDARGS and whatever comes
}

}  // namespace

ChannelState channel_state(std::string_view number) {  // Asterisk's ast_channel_state
  const uint32_t n = to_number<uint32_t>(number).value_or(0);
  if (n == 6) return ChannelState::up;
  if (n == 7) return ChannelState::busy;
  return n >= 3 && n <= 5 ? ChannelState::ringing : ChannelState::down;  // Dialing, Ring, Ringing
}

std::optional<StepKind> step_kind(std::string_view application) {
  for (const Step& step : kSteps)
    if (step.application == application) return step.kind;
  return {};
}

void map_new_channel(const AmiContext& c) {
  c.add(ChannelStarted{c.text(K::uniqueid), c.text(K::linkedid), clean_text(device_of(c.fields[K::channel])),
                       c.text(K::exten), c.text(K::context), c.caller()});
  const ChannelState state = channel_state(c.fields[K::channelstate]);
  if (state != ChannelState::down) c.add(ChannelStateChanged{c.text(K::uniqueid), state});
}

void map_new_state(const AmiContext& c) {
  c.add(ChannelStateChanged{c.text(K::uniqueid), channel_state(c.fields[K::channelstate])});
}

void map_new_exten(const AmiContext& c) {
  const std::string_view application = c.fields[K::application], data = c.fields[K::appdata];
  const auto kind = step_kind(application);
  if (!kind) return;
  const bool named = *kind == StepKind::announcement || *kind == StepKind::queue;
  c.add(ChannelStep{c.text(K::uniqueid), *kind, c.text(K::context),
                    named ? clean_text(argument(data, 0)) : std::string{}, planned(application, data)});
}

void map_music_start(const AmiContext& c) {
  c.add(MusicStarted{c.text(K::uniqueid), c.text(K::linkedid), c.text(K::context)});
}
void map_music_stop(const AmiContext& c) { c.add(MusicStopped{c.text(K::uniqueid), c.text(K::linkedid)}); }

void map_bridge_enter(const AmiContext& c) {
  c.add(BridgeEntered{c.text(K::uniqueid), c.text(K::linkedid), c.text(K::bridgeuniqueid),
                      c.count(K::bridgenumchannels)});
}
void map_bridge_leave(const AmiContext& c) {
  c.add(BridgeLeft{c.text(K::uniqueid), c.text(K::linkedid), c.text(K::bridgeuniqueid)});
}

void map_hold(const AmiContext& c) { c.add(HoldStarted{c.text(K::uniqueid), c.text(K::linkedid)}); }
void map_unhold(const AmiContext& c) { c.add(HoldEnded{c.text(K::uniqueid), c.text(K::linkedid)}); }

void map_hangup_request(const AmiContext& c) { c.add(HangupRequested{c.text(K::uniqueid), HangupSide::far_end}); }
void map_soft_hangup_request(const AmiContext& c) { c.add(HangupRequested{c.text(K::uniqueid), HangupSide::pbx}); }

// A caller who leaves the queue gets Cause 16 from Asterisk 16 and Cause 0 "Unknown" from 22: no ground to tell
// abandons by.
void map_hangup(const AmiContext& c) {
  c.add(ChannelEnded{c.text(K::uniqueid), c.text(K::linkedid), to_number<uint16_t>(c.fields[K::cause])});
}

// A phone that answers 486 at once ends as NOANSWER, not BUSY (16 and 22); ringall sends CANCEL twice for the same leg.
void map_dial_end(const AmiContext& c) {
  c.add(DialEnded{c.text(K::destuniqueid), dial_outcome(c.fields[K::dialstatus])});
}

void map_blind_transfer(const AmiContext& c) {
  if (c.fields[K::result] != "Success") return;
  c.add(Transferred{
      TransferKind::blind, c.text(K::transfereruniqueid), c.text(K::transfereeuniqueid), {}, c.text(K::extension)});
}

void map_attended_transfer(const AmiContext& c) {
  if (c.fields[K::result] != "Success") return;
  c.add(Transferred{TransferKind::attended,
                    c.text(K::origtransfereruniqueid),
                    c.text(K::transfereeuniqueid),
                    c.text(K::transfertargetuniqueid),
                    {}});
}

}  // namespace hf::pbx
