// Queues and their members.
#include "hal/pbx/asterisk/ami_map_detail.hpp"
#include "hal/pbx/survey_words.hpp"

namespace hf::pbx {

namespace {

using K = AmiKey;

std::optional<QueueExit> queue_exit(std::string_view status) {  // values of QUEUESTATUS
  if (status == "TIMEOUT") return QueueExit::timeout;
  if (status == "FULL") return QueueExit::full;
  if (status == "JOINEMPTY") return QueueExit::join_empty;
  if (status == "LEAVEEMPTY") return QueueExit::leave_empty;
  if (status == "JOINUNAVAIL") return QueueExit::join_unavailable;
  if (status == "LEAVEUNAVAIL") return QueueExit::leave_unavailable;
  if (status == "CONTINUE") return QueueExit::continues;
  if (status == "WITHDRAW") return QueueExit::withdrawn;  // 22 only
  return {};
}

TalkEnd talk_end(std::string_view reason) {
  if (reason == "caller") return TalkEnd::caller;
  if (reason == "agent") return TalkEnd::agent;
  if (reason == "transfer") return TalkEnd::transfer;
  return TalkEnd::unknown;
}

MemberState member_state(const AmiContext& c, K name, K member) {
  MemberState m;
  m.queue = c.text(K::queue), m.member = c.text(member), m.device = c.text(K::stateinterface), m.name = c.text(name);
  if (m.device.empty()) m.device = m.member;
  // A ringing phone with device_state_busy_at=1 is 6 (ringing) in 16 and 3 (busy) in 22; unknown numbers read as
  // unknown.
  if (const uint32_t status = c.count(K::status); status <= static_cast<uint32_t>(DeviceState::on_hold))
    m.state = static_cast<DeviceState>(status);
  m.paused = c.fields[K::paused] == "1";
  m.in_call = c.fields[K::incall] == "1";
  // 16 sends PausedReason and, when one was given, Reason; 22 only PausedReason, and keeps in it the reason given with
  // an unpause.
  if (m.paused) m.pause_reason = c.text(c.fields[K::pausedreason].empty() ? K::reason : K::pausedreason);
  m.penalty = c.count(K::penalty);
  m.wrapup = c.seconds(K::wrapuptime);
  if (const auto last = to_time(c.fields[K::lastcall]); last && *last != Time{}) m.last_call = last;
  return m;
}

}  // namespace

void map_caller_join(const AmiContext& c) {
  c.add(QueueJoined{c.text(K::uniqueid), c.text(K::queue), c.count(K::position), c.count(K::count)});
}
void map_caller_leave(const AmiContext& c) { c.add(QueueLeft{c.text(K::uniqueid), c.text(K::queue)}); }
// Sent when the caller hangs up and also when the queue's time-out ends the wait (16 and 22 alike).
void map_caller_abandon(const AmiContext& c) {
  c.add(QueueAbandoned{c.text(K::uniqueid), c.text(K::queue), c.seconds(K::holdtime)});
}

// A caller who is turned away (full, joinempty) has no queue event at all: only this variable tells.
void map_var_set(const AmiContext& c) {
  if (c.fields[K::variable] == "RTPAUDIOQOS") return map_rtp_quality(c);
  if (c.fields[K::variable] != "QUEUESTATUS") return;
  if (const auto reason = queue_exit(c.fields[K::value])) c.add(QueueExited{c.text(K::uniqueid), {}, *reason});
}

// Device "Queue:<queue>_avail": NOT_INUSE while at least one member could take a call, INUSE while none could.
void map_device_state(const AmiContext& c) {
  constexpr std::string_view kPrefix = "Queue:", kSuffix = "_avail";
  std::string_view device = c.fields[K::device];
  const std::string_view state = c.fields[K::state];
  if (!device.starts_with(kPrefix) || !device.ends_with(kSuffix) || device.size() <= kPrefix.size() + kSuffix.size())
    return;
  if (state != "NOT_INUSE" && state != "INUSE") return;
  device.remove_prefix(kPrefix.size()), device.remove_suffix(kSuffix.size());
  c.add(QueueAvailability{clean_text(device), state == "NOT_INUSE"});
}

void map_agent_called(const AmiContext& c) {
  c.add(MemberOffered{c.text(K::uniqueid), c.text(K::queue), c.text(K::interface), c.text(K::destuniqueid)});
}

void map_agent_connect(const AmiContext& c) {
  c.add(MemberConnected{c.text(K::uniqueid), c.text(K::queue), c.text(K::interface), c.text(K::membername),
                        c.text(K::destuniqueid), c.seconds(K::holdtime), c.seconds(K::ringtime)});
}

// When both channels are gone already the channel keys are missing (16 and 22: one in a hundred): queue and interface
// name the call. Without /n a Local channel is optimised away and the interface is the phone's, not the Local string
// AgentConnect had.
void map_agent_complete(const AmiContext& c) {
  c.add(MemberDone{c.text(K::uniqueid), c.text(K::queue), c.text(K::interface), c.text(K::destuniqueid),
                   c.seconds(K::holdtime), c.seconds(K::talktime), talk_end(c.fields[K::reason])});
}

void map_ring_no_answer(const AmiContext& c) {
  // Milliseconds here, seconds in AgentConnect (16 and 22).
  const auto rang = std::chrono::milliseconds(c.count(K::ringtime));
  c.add(MemberMissed{c.text(K::uniqueid), c.text(K::queue), c.text(K::interface), c.text(K::destuniqueid), rang});
}

void map_member(const AmiContext& c) { c.add(member_state(c, K::membername, K::interface)); }

void map_member_added(const AmiContext& c) {
  MemberState m = member_state(c, K::membername, K::interface);
  m.added = true;
  c.add(std::move(m));
}

void map_member_removed(const AmiContext& c) { c.add(MemberRemoved{c.text(K::queue), c.text(K::interface)}); }

// Sent by the dialplan: UserEvent(Survey,Question: csat,Score: ${DIGIT},Scale: 1-5,Queue: sales), or UserEvent(CSAT,Score: ...).
// Asterisk adds the caller's channel; without a queue the one that answered it is meant. "SurveyResult" with Metric is how a real site
// of 16 and 22 told it; there a caller who pressed nothing has an empty Score.
void map_user_event(const AmiContext& c) {
  const std::string_view name = c.fields[K::userevent];
  const bool named = survey_question(name) != SurveyQuestion::untold;
  if ((!named && !is_survey(name)) || nothing_pressed(c.fields[K::score])) return;
  const std::string_view question = named ? name : c.fields[c.fields.has(K::question) ? K::question : K::metric];
  SurveyAnswered answer = survey_answer(question, c.fields[K::score], c.fields[K::scale]);
  answer.channel = c.text(K::uniqueid), answer.queue = c.text(K::queue);
  c.add(std::move(answer));
}

// The list answer calls them Name and Location where the events say MemberName and Interface.
void map_listed_member(const AmiContext& c) { c.add(member_state(c, K::name, K::location)); }

}  // namespace hf::pbx
