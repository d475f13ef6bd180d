// Answers to the agent's own questions (full pictures), and what the PBX says about itself.
#include "hal/pbx/asterisk/ami_map_detail.hpp"

namespace hf::pbx {

namespace {

using K = AmiKey;

// "2026-11-21" and "23:46:11" in the PBX's own time zone, taken as UTC: good for telling one start from another, for
// nothing else.
std::optional<Time> startup_time(std::string_view date, std::string_view clock) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return {};
  const auto year = to_number<int>(date.substr(0, 4));
  const auto month = to_number<unsigned>(date.substr(5, 2)), day = to_number<unsigned>(date.substr(8, 2));
  const auto of_day = to_age(clock);
  if (!year || *year < 1970 || !month || !day || !of_day) return {};
  const std::chrono::year_month_day ymd{std::chrono::year(*year), std::chrono::month(*month), std::chrono::day(*day)};
  if (!ymd.ok()) return {};
  return Time(std::chrono::sys_days(ymd)) + *of_day;
}

// Arguments of other steps can hold numbers, mailboxes, names.
bool argument_is_harmless(StepKind kind) {
  return kind == StepKind::announcement || kind == StepKind::music || kind == StepKind::wait;
}

}  // namespace

// List items carry no sign of their list but the ActionID; the answer's own text tells which list begins (the same
// words in 16 and 22).
void map_response(const AmiContext& c) {
  if (c.fields[K::response] != "Success") return;
  const std::string_view message = c.fields[K::message];
  if (message == "Queue status will follow") return c.add(ResyncStarted{ResyncScope::queues});
  if (message == "Channels will follow") return c.add(ResyncStarted{ResyncScope::channels});
  if (const auto booted = startup_time(c.fields[K::corestartupdate], c.fields[K::corestartuptime]))
    c.add(PbxLife{PbxState::running, booted});
}

void map_queue_params(const AmiContext& c) {
  c.add(QueueSeen{c.text(K::queue), c.count(K::calls), to_number<uint32_t>(c.fields[K::max]),
                  c.seconds(K::servicelevel)});
}
void map_queue_entry(const AmiContext& c) {
  c.add(CallerSeen{c.text(K::uniqueid), c.text(K::queue), c.seconds(K::wait).value_or(Duration{})});
}
void map_queues_complete(const AmiContext& c) { c.add(ResyncEnded{ResyncScope::queues}); }

void map_listed_channel(const AmiContext& c) {
  ChannelSeen s;
  s.channel = c.text(K::uniqueid), s.linked = c.text(K::linkedid),
  s.device = clean_text(device_of(c.fields[K::channel]));
  s.dialled = c.text(K::exten), s.context = c.text(K::context), s.application = c.text(K::application);
  if (const auto kind = step_kind(s.application); kind && argument_is_harmless(*kind))
    s.argument = c.text(K::applicationdata);
  s.state = channel_state(c.fields[K::channelstate]);
  s.age = to_age(c.fields[K::duration]).value_or(Duration{});
  s.caller = c.caller(), s.bridge = c.text(K::bridgeid);
  c.add(std::move(s));
}
void map_channels_complete(const AmiContext& c) { c.add(ResyncEnded{ResyncScope::channels}); }

void map_fully_booted(const AmiContext& c) { c.add(PbxLife{PbxState::running, {}}); }
void map_shutdown(const AmiContext& c) { c.add(PbxLife{PbxState::stopping, {}}); }
void map_reload(const AmiContext& c) { c.add(ConfigurationChanged{c.text(K::module)}); }

}  // namespace hf::pbx
