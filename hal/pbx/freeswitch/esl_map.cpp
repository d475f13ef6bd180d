#include "hal/pbx/freeswitch/esl_map.hpp"

#include <algorithm>
#include <array>

#include "hal/pbx/freeswitch/esl_map_detail.hpp"

namespace hf::pbx {

namespace {

constexpr auto kEvents = std::to_array<EslEntry>({
    {"API", nullptr},  // any client's question, ours too
    {"BACKGROUND_JOB", map_job},
    {"CALL_SECURE", nullptr},
    {"CALL_UPDATE", nullptr},
    {"CHANNEL_ANSWER", map_answer},
    {"CHANNEL_APPLICATION", nullptr},
    {"CHANNEL_BRIDGE", map_bridge},
    {"CHANNEL_CALLSTATE", nullptr},
    {"CHANNEL_CREATE", map_create},
    {"CHANNEL_DESTROY", nullptr},
    {"CHANNEL_EXECUTE", map_execute},
    {"CHANNEL_EXECUTE_COMPLETE", nullptr},
    {"CHANNEL_HANGUP", nullptr},  // does not say yet who hung up
    {"CHANNEL_HANGUP_COMPLETE", map_hangup_complete},
    {"CHANNEL_HOLD", map_hold},
    {"CHANNEL_ORIGINATE", nullptr},
    {"CHANNEL_OUTGOING", nullptr},
    {"CHANNEL_PARK", nullptr},
    {"CHANNEL_PROGRESS", map_progress},
    {"CHANNEL_PROGRESS_MEDIA", map_progress},
    {"CHANNEL_STATE", nullptr},  // a sixth of all events
    {"CHANNEL_UNBRIDGE", map_unbridge},
    {"CHANNEL_UNHOLD", map_unhold},
    {"CHANNEL_UNPARK", nullptr},
    {"CHANNEL_UUID", nullptr},  // the dialler chose the id: before CHANNEL_CREATE, which has the new one
    {"CODEC", nullptr},
    {"COMMAND", nullptr},
    {"CUSTOM", map_custom},
    {"DETECTED_SPEECH", nullptr},
    {"DETECTED_TONE", nullptr},
    {"DTMF", nullptr},  // the digits may be a caller's secret: never read
    {"GENERAL", nullptr},
    {"HEARTBEAT", map_heartbeat},
    {"LOG", nullptr},
    {"MEDIA_BUG_START", nullptr},
    {"MEDIA_BUG_STOP", nullptr},
    {"MESSAGE", nullptr},
    {"MESSAGE_QUERY", nullptr},
    {"MESSAGE_WAITING", nullptr},
    {"MODULE_LOAD", nullptr},
    {"MODULE_UNLOAD", nullptr},
    {"NOTIFY", nullptr},
    {"PHONE_FEATURE", nullptr},
    {"PHONE_FEATURE_SUBSCRIBE", nullptr},
    {"PLAYBACK_START", map_playback_start},
    {"PLAYBACK_STOP", map_playback_stop},
    {"PRESENCE_IN", nullptr},
    {"PRESENCE_OUT", nullptr},
    {"PRESENCE_PROBE", nullptr},
    {"PRIVATE_COMMAND", nullptr},
    {"PUBLISH", nullptr},
    {"RECORD_START", nullptr},
    {"RECORD_STOP", nullptr},
    {"RECV_INFO", nullptr},  // the digits again
    {"RECV_MESSAGE", nullptr},
    {"RELOADXML", map_reload},
    {"REQUEST_PARAMS", nullptr},
    {"RE_SCHEDULE", nullptr},
    {"ROSTER", nullptr},
    {"SEND_INFO", nullptr},
    {"SEND_MESSAGE", nullptr},
    {"SESSION_HEARTBEAT", nullptr},
    {"SHUTDOWN", map_shutdown},
    {"STARTUP", nullptr},
    {"TALK", nullptr},
    {"TRAP", nullptr},
    {"UNPUBLISH", nullptr},
});
static_assert(std::ranges::is_sorted(kEvents, {}, &EslEntry::name));

const EslEntry* find_event(std::string_view name) {
  const auto at = std::ranges::lower_bound(kEvents, name, {}, &EslEntry::name);
  return at != kEvents.end() && at->name == name ? &*at : nullptr;
}

// Microseconds since 1970, in steps of about 20 ms: the PBX's timer tick [1.10.12].
std::optional<Time> timestamp(const EslFields& fields) {
  const auto micros = to_number<int64_t>(fields[EslKey::event_date_timestamp]);
  if (!micros || *micros <= 0 || *micros / 1'000'000 > 253'402'300'799) return {};
  return Time(Duration(*micros));
}

}  // namespace

std::optional<Duration> EslContext::between(EslKey from, EslKey to) const {
  const auto begin = to_time(fields[from]), end = to_time(fields[to]);
  if (!begin || !end || *begin == Time{} || *end < *begin) return {};
  return *end - *begin;
}

void EslMapper::map(const EslFrame& frame, Time at, std::vector<CallEvent>& out) {
  const bool json = frame.content == EslContent::event_json;
  if (!json && frame.content != EslContent::event_plain) return;
  const std::string_view name = esl_event_name(frame.body, json);
  const EslEntry* known = find_event(name);
  if (known == nullptr) ++unknown_;
  const bool wanted = known != nullptr && known->handler != nullptr;
  if (!wanted && memory_.clock.known()) return;
  if (json)
    fields_.split_json(frame.body);
  else
    fields_.split_plain(frame.body);
  const EslContext c{fields_, key_, at, timestamp(fields_), memory_, out};
  if (c.pbx_at) {
    const bool first = !memory_.clock.known();
    memory_.clock.learn(at, *c.pbx_at);
    if (first) clock_known(c);
  }
  if (!wanted) return;
  if (known->handler == map_custom && fields_[EslKey::event_subclass] == "callcenter::info" &&
      !callcenter_action_known(fields_[EslKey::cc_action]))
    ++unknown_;
  known->handler(c);
}

void EslMapper::answer(std::string_view question, std::string_view text, Time at, std::vector<CallEvent>& out) {
  fields_.split_plain({});
  map_question(EslContext{fields_, key_, at, {}, memory_, out}, question, text);
}

}  // namespace hf::pbx
