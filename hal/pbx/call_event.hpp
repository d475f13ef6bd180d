// The vocabulary: what any telephony source can say, in the words of the field. Everything above hal/pbx knows a PBX only by these.
// In: one message of a PBX, mapped without memory. Out: a list of CallEvents. Stitching them into calls is agent/calls' work.
// Ids are the PBX's own strings and opaque; an empty string means "not told". A caller is a keyed pseudonym, never a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "hal/platform/archive.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

// Keyed pseudonym of a caller's number (SipHash of the digits under the site's key); 0 = withheld or not told.
using CallerKey = uint64_t;

// --- the link to the PBX and the PBX itself
enum class PbxState : uint8_t { running, starting, stopping };  // stopping: a clean shutdown was announced
struct SourceUp {        // the driver is logged in; events flow from here on
  std::string product;   // "Asterisk 16.28.0~dfsg-0+deb11u4", never empty
  bool channel_events = false;   // calls before the queue can be seen
  bool dialplan_events = false;  // the dialplan's steps can be seen
  bool agent_state = false;      // who is free can be known
  bool told_at_end = false;      // a call is told when it is over, never before
  template <class A> void fields(A& a) {
    a("product", product), a("channel_events", channel_events), a("dialplan_events", dialplan_events), a("agent_state", agent_state), a("told_at_end", told_at_end);
  }
};
struct SourceDown {      // nothing is observed from here until the next SourceUp: a gap, never "no calls"
  std::string reason;
  template <class A> void fields(A& a) { a("reason", reason); }
};
struct PbxLife {         // the PBX said that it starts, runs or stops
  PbxState state = PbxState::running;
  std::optional<Time> booted;  // when the running PBX was started, in its own time zone, if told: a change means a restart while we were away
  template <class A> void fields(A& a) { a("state", state), a("booted", booted); }
};
struct ConfigurationChanged {  // a reload was seen
  std::string module;          // "app_queue", "pbx_config"; empty when not told
  template <class A> void fields(A& a) { a("module", module); }
};
// A full picture follows (QueueSeen, MemberState, CallerSeen, ChannelSeen) and ends with ResyncEnded. What was known and
// is not in the picture is gone.
enum class ResyncScope : uint8_t { queues, channels };
struct ResyncStarted { ResyncScope scope{}; template <class A> void fields(A& a) { a("scope", scope); } };
struct ResyncEnded { ResyncScope scope{}; template <class A> void fields(A& a) { a("scope", scope); } };

// --- channels: the legs of calls
// The context of a channel whose source knows that a phone is at its end (a SIP tap has seen it register): never a customer's.
inline constexpr std::string_view kPhoneContext = "registered-phone";
struct ChannelStarted {
  std::string channel;   // unique id of this leg
  std::string linked;    // unique id that joins the legs of one call; equal to `channel` on the leg that began it
  std::string device;    // "PJSIP/trunk", "PJSIP/1007", "Local/1008@from-phones": the name without its running number
  std::string dialled;   // extension dialled; the line on an inbound leg. Kept on site only
  std::string context;   // dialplan context
  CallerKey caller = 0;
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked), a("device", device), a("dialled", dialled), a("context", context), a("caller", caller); }
};
enum class ChannelState : uint8_t { down, ringing, up, busy };
struct ChannelStateChanged {
  std::string channel;
  ChannelState state{};
  template <class A> void fields(A& a) { a("channel", channel), a("state", state); }
};
// One step of the dialplan on a channel. Steps that do not bear on waiting are not reported.
enum class StepKind : uint8_t { announcement, music, wait, queue, input, voicemail, dial, conference, other };
struct ChannelStep {
  std::string channel;
  StepKind kind{};
  std::string context;                   // where in the dialplan
  std::string sound;                     // announcement: name of the sound file; queue: name of the queue; else empty
  std::optional<Duration> planned;       // music and wait: how long the step was told to last
  template <class A> void fields(A& a) { a("channel", channel), a("kind", kind), a("context", context), a("sound", sound), a("planned", planned); }
};
struct MusicStarted {
  std::string channel;
  std::string linked;
  std::string context;
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked), a("context", context); }
};
struct MusicStopped {
  std::string channel;
  std::string linked;
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked); }
};
struct BridgeEntered {
  std::string channel;
  std::string linked;
  std::string bridge;
  uint32_t channels = 0;  // how many are in the bridge now, 0 = not told
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked), a("bridge", bridge), a("channels", channels); }
};
struct BridgeLeft {
  std::string channel;
  std::string linked;
  std::string bridge;
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked), a("bridge", bridge); }
};
struct HoldStarted {  // a party put the other on hold, after answer
  std::string channel;
  std::string linked;
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked); }
};
struct HoldEnded {
  std::string channel;
  std::string linked;
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked); }
};
enum class TransferKind : uint8_t { blind, attended };
struct Transferred {
  TransferKind kind{};
  std::string transferer;   // channel that asked for it
  std::string transferee;   // channel that was moved
  std::string target;       // channel of the new party, if told
  std::string extension;    // where to, if told. Kept on site only
  template <class A> void fields(A& a) { a("kind", kind), a("transferer", transferer), a("transferee", transferee), a("target", target), a("extension", extension); }
};
enum class HangupSide : uint8_t { far_end, pbx };
struct HangupRequested {  // who ended it first
  std::string channel;
  HangupSide side{};
  template <class A> void fields(A& a) { a("channel", channel), a("side", side); }
};
struct ChannelEnded {
  std::string channel;
  std::string linked;
  std::optional<uint16_t> cause;  // Q.850
  template <class A> void fields(A& a) { a("channel", channel), a("linked", linked), a("cause", cause); }
};
enum class DialOutcome : uint8_t { answered, no_answer, busy, congestion, cancelled, failed };
struct DialEnded {
  std::string channel;      // the leg that was dialled
  DialOutcome outcome{};
  template <class A> void fields(A& a) { a("channel", channel), a("outcome", outcome); }
};

// --- the queue
struct QueueJoined {
  std::string channel;
  std::string queue;
  uint32_t position = 0, waiting = 0;  // 0 = not told
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("position", position), a("waiting", waiting); }
};
struct QueueLeft {  // for any reason
  std::string channel;
  std::string queue;
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue); }
};
struct QueueAbandoned {  // left unanswered: the caller hung up, or the queue's own time-out ended the wait (agent/calls tells which)
  std::string channel;
  std::string queue;
  std::optional<Duration> wait;  // as the PBX counts it, whole seconds
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("wait", wait); }
};
enum class QueueExit : uint8_t { timeout, key, full, join_empty, leave_empty, join_unavailable, leave_unavailable, continues, withdrawn };
struct QueueExited {  // why the dialplan got the caller back
  std::string channel;
  std::string queue;  // empty when not told
  QueueExit reason{};
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("reason", reason); }
};
struct QueueSeen {  // part of a picture
  std::string queue;
  uint32_t waiting = 0;
  std::optional<uint32_t> max_waiting;  // 0 = no limit
  std::optional<Duration> service_level;
  template <class A> void fields(A& a) { a("queue", queue), a("waiting", waiting), a("max_waiting", max_waiting), a("service_level", service_level); }
};
struct CallerSeen {  // part of a picture: waits in this queue since `wait`
  std::string channel;
  std::string queue;
  Duration wait{};
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("wait", wait); }
};
struct ChannelSeen {  // part of a picture: exists since `age`
  std::string channel;
  std::string linked;
  std::string device;
  std::string dialled;
  std::string context;
  std::string application;  // dialplan application now running
  std::string argument;     // of music, wait and announcements only; else empty
  ChannelState state{};
  Duration age{};
  CallerKey caller = 0;
  std::string bridge;
  template <class A> void fields(A& a) {
    a("channel", channel), a("linked", linked), a("device", device), a("dialled", dialled), a("context", context), a("application", application);
    a("argument", argument), a("state", state), a("age", age), a("caller", caller), a("bridge", bridge);
  }
};
struct QueueAvailability {  // the PBX's own opinion whether a member of the queue could take a call now
  std::string queue;
  bool available = false;
  template <class A> void fields(A& a) { a("queue", queue), a("available", available); }
};

// --- members (agents in a queue)
enum class DeviceState : uint8_t { unknown, not_in_use, in_use, busy, invalid, unavailable, ringing, ring_in_use, on_hold };  // Asterisk's numbers
struct MemberState {
  std::string queue;
  std::string member;   // the interface that is rung: "PJSIP/1007", "Local/1008@from-phones/n"
  std::string device;   // the device whose state is watched: the stable key of an agent
  std::string name;     // as the PBX shows it. Kept on site only
  DeviceState state{};
  bool paused = false;
  bool in_call = false;
  bool added = false;   // this message says that the member has just logged in
  std::string pause_reason;
  uint32_t penalty = 0;
  std::optional<Duration> wrapup;      // fixed wrap-up time of this queue
  std::optional<Time> last_call;       // end of the last call, whole seconds of the PBX's clock
  std::optional<Time> ready_at;        // gets no call before then, though idle: spared after a missed offer, or wrapping up
  template <class A> void fields(A& a) {
    a("queue", queue), a("member", member), a("device", device), a("name", name), a("state", state), a("paused", paused), a("in_call", in_call);
    a("added", added), a("pause_reason", pause_reason), a("penalty", penalty), a("wrapup", wrapup), a("last_call", last_call), a("ready_at", ready_at);
  }
};
struct MemberRemoved {
  std::string queue;
  std::string member;
  template <class A> void fields(A& a) { a("queue", queue), a("member", member); }
};
struct MemberOffered {  // a waiting call rings at a member
  std::string channel;  // the caller's; empty when the PBX left it out
  std::string queue;
  std::string member;
  std::string leg;      // the member's channel
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("member", member), a("leg", leg); }
};
struct MemberMissed {  // the offer ended unanswered: refused at once when `rang` is under a second
  std::string channel;
  std::string queue;
  std::string member;
  std::string leg;
  Duration rang{};
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("member", member), a("leg", leg), a("rang", rang); }
};
struct MemberConnected {  // a person answered
  std::string channel;
  std::string queue;
  std::string member;
  std::string name;
  std::string leg;
  std::optional<Duration> queue_wait, rang;  // as the PBX counts them, whole seconds
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("member", member), a("name", name), a("leg", leg), a("queue_wait", queue_wait), a("rang", rang); }
};
enum class TalkEnd : uint8_t { unknown, caller, agent, transfer };
struct MemberDone {  // the talk with this member is over; `channel` and `leg` may be missing: then queue and member name the call
  std::string channel;
  std::string queue;
  std::string member;
  std::string leg;
  std::optional<Duration> queue_wait, talk;
  TalkEnd end = TalkEnd::unknown;
  template <class A> void fields(A& a) { a("channel", channel), a("queue", queue), a("member", member), a("leg", leg), a("queue_wait", queue_wait), a("talk", talk), a("end", end); }
};

// --- sources that tell a call when it is over (SMDR, CDR); its end is the time of the event
struct CallRecorded {
  std::string call;     // what the PBX calls it; the same id means the same call
  std::string line;     // what was dialled. Kept on site only
  CallerKey caller = 0;
  std::string queue;    // the queue or group that it waited in, if told
  std::string device;   // who answered; empty when nobody did or nobody is told
  std::string name;     // as the PBX shows it. Kept on site only
  bool answered = false;
  Duration wait{};      // first arrival to the answer, or to the end when nobody answered
  bool wait_cut = false;  // the PBX could not print a longer one: it was at least this
  std::optional<Duration> queue_wait;  // the part of it in the queue
  Duration talk{};      // from the answer to the end, hold included
  Duration hold{};      // of it on hold
  uint32_t transfers = 0;
  template <class A> void fields(A& a) {
    a("call", call), a("line", line), a("caller", caller), a("queue", queue), a("device", device), a("name", name), a("answered", answered);
    a("wait", wait), a("wait_cut", wait_cut), a("queue_wait", queue_wait), a("talk", talk), a("hold", hold), a("transfers", transfers);
  }
};

// --- what callers say of it
enum class SurveyQuestion : uint8_t { untold, csat, nps, ces };  // satisfied? would recommend? how much effort?
struct SurveyAnswered {  // one answer to a survey after a call
  std::string channel;   // the caller's; empty: only the queue is known
  std::string queue;     // empty: the queue that answered the call of that channel
  SurveyQuestion question = SurveyQuestion::untold;
  std::optional<uint16_t> score;     // unset: what came was no number
  uint16_t low = 0, high = 0;        // the scale, both ends in it; equal = not told
  std::optional<Time> answered_at;   // of an answer that is told later (a file)
  // Its question, scale and score are told, and the score lies on the scale. What is not valid is counted, never taken.
  bool valid() const { return question != SurveyQuestion::untold && low < high && high <= 100 && score && *score >= low && *score <= high; }
  template <class A> void fields(A& a) {
    a("channel", channel), a("queue", queue), a("question", question), a("score", score), a("low", low), a("high", high), a("answered_at", answered_at);
  }
};

// --- how it sounded
// How one side of a leg heard the other while it talked, by that side's own reports (RTCP): told once, when the leg or its call ends.
// Means over all reports of the leg. MOS in hundredths, from 100 to 450: `mos_lq` listening quality and `mos_cq` conversational quality by
// ITU-T G.107, `told_mos_lq` what the phone itself computed (RTCP XR).
struct VoiceHeard {
  std::string channel;
  bool by_pbx = false;      // true: the PBX's side listened; false: the phone or provider at the far end did
  uint32_t reports = 0;     // never 0
  uint32_t loss_ppm = 0;    // packets that did not arrive, of a million
  Duration jitter{};
  std::optional<Duration> round_trip;  // between the place of capture and the listener
  uint16_t mos_lq = 0;
  std::optional<uint16_t> mos_cq;      // where a round trip is known
  std::optional<uint16_t> told_mos_lq;
  // There were reports, and every figure lies where it can.
  bool valid() const { return reports > 0 && loss_ppm <= 1'000'000 && jitter >= Duration(0) && mos_lq >= 100 && mos_lq <= 500; }
  template <class A> void fields(A& a) {
    a("channel", channel), a("by_pbx", by_pbx), a("reports", reports), a("loss_ppm", loss_ppm), a("jitter", jitter), a("round_trip", round_trip);
    a("mos_lq", mos_lq), a("mos_cq", mos_cq), a("told_mos_lq", told_mos_lq);
  }
};

using CallEventBody =
    std::variant<SourceUp, SourceDown, PbxLife, ConfigurationChanged, ResyncStarted, ResyncEnded,                        //
                 ChannelStarted, ChannelStateChanged, ChannelStep, MusicStarted, MusicStopped, BridgeEntered, BridgeLeft,  //
                 HoldStarted, HoldEnded, Transferred, HangupRequested, ChannelEnded, DialEnded,                            //
                 QueueJoined, QueueLeft, QueueAbandoned, QueueExited, QueueSeen, CallerSeen, ChannelSeen, QueueAvailability,
                 MemberState, MemberRemoved, MemberOffered, MemberMissed, MemberConnected, MemberDone, CallRecorded, SurveyAnswered, VoiceHeard>;

struct CallEvent {
  Time at;                     // when it was received: never goes back within a source
  std::optional<Time> pbx_at;  // the PBX's own time, where it tells one
  CallEventBody body;
  std::string pbx{};           // whose PBX, at a site with several; empty = the one without a name. Sources leave it to whoever takes their events
  template <class A> void fields(A& a) { a("at", at), a("pbx_at", pbx_at), a("body", body), a("pbx", pbx); }
};

// "queue_joined": the name of an alternative in text, SQL and JSON.
std::string_view kind_name(const CallEventBody& body);

// The text form, one event a line, for the journal and golden files:
//   1795306282.123456 queue_joined channel=1795306282.0 queue=sales position=1 waiting=1
// Fields that are zero or empty are left out (so every field's default is zero or empty); values are percent-encoded for control signs, blank, '%' and '='. pbx_at and pbx come first.
std::string to_text(const CallEvent& event);
// invalid_input names the field that cannot be read. One that this program does not know is passed over: kinds only grow, and an older program reads on.
Result<CallEvent> from_text(std::string_view line);

}  // namespace hf::pbx
