#include "hal/pbx/asterisk/ami_map.hpp"

#include <array>

#include "hal/pbx/asterisk/ami_map_detail.hpp"

namespace hf::pbx {

namespace {

struct Entry {
  std::string_view name;
  AmiHandler handler;  // null: known, and says nothing about waiting
};

constexpr auto kEvents = std::to_array<Entry>({
    {"AgentCalled", map_agent_called},
    {"AgentComplete", map_agent_complete},
    {"AgentConnect", map_agent_connect},
    {"AgentRingNoAnswer", map_ring_no_answer},
    {"AttendedTransfer", map_attended_transfer},
    {"BlindTransfer", map_blind_transfer},
    {"BridgeCreate", nullptr},
    {"BridgeDestroy", nullptr},
    {"BridgeEnter", map_bridge_enter},
    {"BridgeLeave", map_bridge_leave},
    {"BridgeMerge", nullptr},
    {"CEL", map_new_exten},  // its start of an application, where nothing else tells it: see is_cel_step
    {"Cdr", nullptr},        // of a call that is over: all that it says has been said
    {"ChallengeResponseFailed", nullptr},
    {"ChallengeSent", nullptr},
    {"ContactStatus", nullptr},
    {"CoreShowChannel", map_listed_channel},
    {"CoreShowChannelsComplete", map_channels_complete},
    {"DTMFBegin", nullptr},  // the digits may be a caller's secret: never read
    {"DTMFEnd", nullptr},
    {"DeviceStateChange", map_device_state},
    {"DialBegin", nullptr},
    {"DialEnd", map_dial_end},
    {"DialState", nullptr},
    {"ExtensionStatus", nullptr},
    {"FullyBooted", map_fully_booted},
    {"Hangup", map_hangup},
    {"HangupRequest", map_hangup_request},
    {"Hold", map_hold},
    {"InvalidAccountID", nullptr},
    {"InvalidPassword", nullptr},
    {"LocalBridge", nullptr},
    {"LocalOptimizationBegin", nullptr},
    {"LocalOptimizationEnd", nullptr},
    {"MusicOnHoldStart", map_music_start},
    {"MusicOnHoldStop", map_music_stop},
    {"NewAccountCode", nullptr},
    {"NewCallerid", nullptr},
    {"NewConnectedLine", nullptr},
    {"Newchannel", map_new_channel},
    {"Newexten", map_new_exten},
    {"Newstate", map_new_state},
    {"PeerStatus", nullptr},
    {"QueueCallerAbandon", map_caller_abandon},
    {"QueueCallerJoin", map_caller_join},
    {"QueueCallerLeave", map_caller_leave},
    {"QueueEntry", map_queue_entry},
    {"QueueMember", map_listed_member},
    {"QueueMemberAdded", map_member_added},
    {"QueueMemberPause", map_member},
    {"QueueMemberPenalty", map_member},
    {"QueueMemberRemoved", map_member_removed},
    {"QueueMemberRinginuse", map_member},
    {"QueueMemberStatus", map_member},
    {"QueueParams", map_queue_params},
    {"QueueStatusComplete", map_queues_complete},
    {"QueueSummary", nullptr},
    {"QueueSummaryComplete", nullptr},
    {"RTCPReceived", nullptr},
    {"RTCPSent", nullptr},
    {"Registry", nullptr},
    {"Reload", map_reload},
    {"RequestBadFormat", nullptr},
    {"RequestNotAllowed", nullptr},
    {"Shutdown", map_shutdown},
    {"SoftHangupRequest", map_soft_hangup_request},
    {"SuccessfulAuth", nullptr},
    {"TestEvent", nullptr},  // Debian builds Asterisk with TEST_FRAMEWORK: a tenth of all messages
    {"Unhold", map_unhold},
    {"UserEvent", map_user_event},
    {"VarSet", map_var_set},
});
// Open addressing over the names, as for the keys in ami_fields: one comparison for nearly every message.
constexpr size_t kSlots = 256;
constexpr size_t slot_of(std::string_view s) {
  const auto letter = [s](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(s[at])); };
  return (s.size() * 37 + letter(0) * 5 + letter(s.size() - 1) * 59 + letter(s.size() / 2) * 11) % kSlots;
}
constexpr std::array<uint8_t, kSlots> kTable = [] {  // index into kEvents, plus one
  std::array<uint8_t, kSlots> table{};
  for (size_t event = 0; event < kEvents.size(); ++event) {
    size_t slot = slot_of(kEvents[event].name);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<uint8_t>(event + 1);
  }
  return table;
}();

const Entry* find_event(std::string_view name) {  // not empty
  for (size_t slot = slot_of(name); kTable[slot] != 0; slot = (slot + 1) % kSlots)
    if (const Entry& event = kEvents[kTable[slot] - 1u]; event.name == name) return &event;
  return nullptr;
}

// Two of three messages with the dialplan class are VarSet, and only a few variables in thousands tell something: look at
// the last but one line before the message is split. A message that is not built so is split as any other.
bool other_variable(std::string_view message) {
  const size_t last = message.rfind('\n');
  if (last == message.npos || last == 0) return false;
  const size_t before = message.rfind('\n', last - 1);
  if (before == message.npos) return false;
  std::string_view line = message.substr(before + 1, last - before - 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line.starts_with("Variable: ") && line != "Variable: QUEUESTATUS" && line != "Variable: RTPAUDIOQOS";
}

// CEL (class call) has the keys of a Newexten in the start of an application. All else that it tells comes as an event of its own in the same class.
bool is_cel_step(std::string_view message) {
  const size_t second = message.find("\nEventName: APP_START");
  return second != message.npos && second < 120;
}

}  // namespace

std::string_view ami_first_value(std::string_view message, std::string_view key) {
  const std::string_view line = message.substr(0, message.find('\n'));
  std::string_view name, value;
  return split_ami_line(line, name, value) && name == key ? value : std::string_view{};
}

void AmiMapper::map(std::string_view message, Time at, std::vector<CallEvent>& out) {
  AmiHandler handler = map_response;
  if (const std::string_view event = ami_first_value(message, "Event"); !event.empty()) {
    const Entry* known = find_event(event);
    if (known == nullptr) ++unknown_;
    if (known == nullptr || known->handler == nullptr) return;
    handler = known->handler;
    if (event == "CEL" && (!cel_steps_ || !is_cel_step(message))) return;
    if (handler == map_var_set && other_variable(message)) return;
  } else if (ami_first_value(message, "Response").empty()) {
    ++unknown_;
    return;
  }
  fields_.split(message);
  handler(AmiContext{fields_, key_, at, to_time(fields_[AmiKey::timestamp]), out});
}

}  // namespace hf::pbx
