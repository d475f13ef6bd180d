// mod_callcenter: callers in queues and the agents who are rung for them.
#include <algorithm>
#include <array>

#include "hal/pbx/freeswitch/esl_map_detail.hpp"
#include "hal/pbx/survey_words.hpp"

namespace hf::pbx {

namespace {

using K = EslKey;

std::string session(const EslContext& c) { return c.text(K::cc_member_session_uuid); }
std::string queue(const EslContext& c) { return c.text(K::cc_queue); }
std::string agent(const EslContext& c) { return c.text(K::cc_agent); }

// Ended by somebody else: the caller left, another agent of a ring-all queue was faster.
bool no_fault(std::string_view cause) {
  return cause == "ORIGINATOR_CANCEL" || cause == "LOSE_RACE" || cause == "PICKED_OFF";
}

// A caller who comes back within the time of abandoned-resume-allowed has a new session and the place of the first: a
// call of its own here.
void member_joined(const EslContext& c) { c.add(QueueJoined{session(c), queue(c)}); }

void agent_offered(const EslContext& c) { c.add(MemberOffered{session(c), queue(c), agent(c), {}}); }

void agent_connected(const EslContext& c) {
  c.add(MemberConnected{session(c), queue(c), agent(c), agent(c), c.text(K::cc_agent_uuid),
                        c.between(K::cc_member_joined_time, K::cc_agent_answered_time),
                        c.between(K::cc_agent_called_time, K::cc_agent_answered_time)});
  c.add(QueueLeft{session(c), queue(c)});  // others who were rung are not any more
}

// Times are whole seconds: a refusal that took milliseconds may read 1 s.
void agent_failed(const EslContext& c) {
  const std::string cause = c.fields[K::cc_hangup_cause];
  if (no_fault(cause)) return;
  Duration rang = c.between(K::cc_agent_called_time, K::cc_agent_aborted_time).value_or(Duration{});
  const bool refused = cause == "USER_BUSY" || cause == "CALL_REJECTED" || cause == "USER_NOT_REGISTERED";
  if (refused && rang <= std::chrono::seconds(1)) rang = {};
  c.add(MemberMissed{session(c), queue(c), agent(c), {}, rang});
  std::vector<CallEventBody> told;
  c.memory.floor.missed(agent(c), cause, c.at, told);
  c.add_all(std::move(told));
}

// CC-Hangup-Cause is SUCCESS for every served call; who ended it stands on the agent's leg, whose channel the event is
// about. The caller who hung up ended the bridge; a transfer took the caller out of it and leaves no such mark.
TalkEnd talk_end(const EslContext& c) {
  const std::string disposition = c.fields[K::var_sip_hangup_disposition];
  if (disposition.starts_with("recv_")) return TalkEnd::agent;
  if (!c.fields[K::var_last_bridge_hangup_cause].empty()) return TalkEnd::caller;
  return disposition.starts_with("send_") ? TalkEnd::transfer : TalkEnd::unknown;
}

void agent_done(const EslContext& c) {
  const TalkEnd end = talk_end(c);
  c.add(MemberDone{session(c), queue(c), agent(c), c.text(K::cc_agent_uuid),
                   c.between(K::cc_member_joined_time, K::cc_agent_answered_time),
                   c.between(K::cc_agent_answered_time, K::cc_bridge_terminated_time), end});
  if (end == TalkEnd::transfer) c.add(Transferred{TransferKind::blind, c.text(K::cc_agent_uuid), session(c), {}, {}});
  std::vector<CallEventBody> told;
  c.memory.floor.talked(agent(c), c.at, told);
  c.add_all(std::move(told));
}

// BREAK_OUT is three things: the channel lives and was transferred; the PBX is being shut down; the caller hung up, or
// was hung up on. A SIP caller's BYE is known by now, the PBX's own is not sent yet.
void broke_out(const EslContext& c) {
  if (c.fields[K::answer_state] != "hangup") {
    c.add(Transferred{TransferKind::blind, {}, session(c), {}, {}});
    c.add(QueueExited{session(c), queue(c), QueueExit::withdrawn});
    return;
  }
  const std::string disposition = c.fields[K::var_sip_hangup_disposition];
  HangupSide side = hangup_side(disposition);
  if (disposition.empty() && c.fields[K::var_sip_call_id].empty()) side = HangupSide::far_end;  // no SIP: not told
  if (c.fields[K::hangup_cause] == "SYSTEM_SHUTDOWN") side = HangupSide::pbx;
  c.add(HangupRequested{session(c), side});
  c.add(QueueAbandoned{session(c), queue(c), {}});
}

// A served caller's end comes with the agent's leg, and after the start in the next queue when the call was transferred
// there: it says nothing that bridge-agent-end has not said.
void member_left(const EslContext& c) {
  if (c.fields[K::cc_cause] != "Cancel") return;
  const std::string reason = c.fields[K::cc_cancel_reason];
  if (reason == "BREAK_OUT") return broke_out(c);
  if (reason == "EXIT_WITH_KEY") return c.add(QueueExited{session(c), queue(c), QueueExit::key});
  if (reason == "NO_AGENT_TIMEOUT") return c.add(QueueExited{session(c), queue(c), QueueExit::leave_empty});
  if (reason == "TIMEOUT") return c.add(QueueExited{session(c), queue(c), QueueExit::timeout});
  c.add(QueueLeft{session(c), queue(c)});
}

void status_changed(const EslContext& c) {
  std::vector<CallEventBody> told;
  c.memory.floor.status(agent(c), c.text(K::cc_agent_status), told);
  c.add_all(std::move(told));
}

void state_changed(const EslContext& c) {
  std::vector<CallEventBody> told;
  c.memory.floor.state(agent(c), c.text(K::cc_agent_state), told);
  c.add_all(std::move(told));
}

void contact_changed(const EslContext& c) { c.memory.floor.contact(agent(c), c.fields[K::cc_agent_contact]); }

// Sent by the dialplan: <action application="event" data="Event-Name=CUSTOM,Event-Subclass=holdfast::survey,
// Survey-Question=csat,Survey-Score=${digit},Survey-Scale=1-5"/>; FreeSWITCH adds the caller's channel. Without a digit
// there is no Survey-Score [1.10.12].
void survey_told(const EslContext& c) {
  if (nothing_pressed(c.fields[K::survey_score])) return;
  const std::string question = c.fields[c.fields.has(K::survey_question) ? K::survey_question : K::survey_id];
  SurveyAnswered answer = survey_answer(question, c.fields[K::survey_score], c.fields[K::survey_scale]);
  answer.channel = c.text(K::unique_id), answer.queue = c.text(K::survey_queue);
  c.add(std::move(answer));
}

constexpr auto kActions = std::to_array<EslEntry>({
    {"agent-add", nullptr},  // the next tables tell
    {"agent-contact-change", contact_changed},
    {"agent-del", nullptr},
    {"agent-max-no-answer", nullptr},  // the change of status follows
    {"agent-offering", agent_offered},
    {"agent-state-change", state_changed},
    {"agent-state-get", nullptr},
    {"agent-status-change", status_changed},
    {"agent-status-get", nullptr},  // somebody asked
    {"bridge-agent-end", agent_done},
    {"bridge-agent-fail", agent_failed},
    {"bridge-agent-start", agent_connected},
    {"member-queue-end", member_left},
    {"member-queue-resume", member_joined},
    {"member-queue-start", member_joined},
    {"members-count", nullptr},
});
static_assert(std::ranges::is_sorted(kActions, {}, &EslEntry::name));

const EslEntry* find_action(std::string_view name) {
  const auto at = std::ranges::lower_bound(kActions, name, {}, &EslEntry::name);
  return at != kActions.end() && at->name == name ? &*at : nullptr;
}

}  // namespace

bool callcenter_action_known(std::string_view action) { return find_action(action) != nullptr; }

void map_custom(const EslContext& c) {
  if (c.fields[K::event_subclass] == "holdfast::survey") return survey_told(c);
  if (c.fields[K::event_subclass] != "callcenter::info") return;
  const EslEntry* action = find_action(c.fields[K::cc_action]);
  if (action != nullptr && action->handler != nullptr) action->handler(c);
}

}  // namespace hf::pbx
