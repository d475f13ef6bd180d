// Answers to questions (full pictures), and what the PBX says about itself.
#include <algorithm>
#include <array>

#include "hal/pbx/freeswitch/esl_map_detail.hpp"
#include "hal/pbx/json_members.hpp"

namespace hf::pbx {

namespace {

using K = EslKey;

constexpr Duration kSameBoot = std::chrono::seconds(1);
constexpr size_t kMaxRows = 20'000;

// Told once, and again when it changed; then what waited for it.
void tell_booted(const EslContext& c, Time booted) {
  auto& told = c.memory.booted;
  const bool same = told && std::chrono::abs(*told - booted) <= kSameBoot;
  if (!same && booted >= Time{}) c.add(PbxLife{PbxState::running, told = booted});  // no PBX has run since before 1970
  c.add_all(std::exchange(c.memory.channels, {}));
}

// "UP 0 years, 0 days, 1 hour, 2 minutes, 20 seconds, 39 milliseconds, 529 microseconds".
std::optional<Duration> up_time(std::string_view answer) {
  constexpr auto kUnits = std::to_array<std::pair<std::string_view, int64_t>>({{"year", 365 * 86'400'000'000},
                                                                               {"day", 86'400'000'000},
                                                                               {"hour", 3'600'000'000},
                                                                               {"minute", 60'000'000},
                                                                               {"second", 1'000'000},
                                                                               {"millisecond", 1000},
                                                                               {"microsecond", 1}});
  if (!answer.starts_with("UP ")) return {};
  std::string_view rest = answer.substr(3, answer.find('\n') - 3);
  constexpr int64_t kLongestUp = 1'000'000'000'000'000'000;  // microseconds: far beyond any PBX, and far from what an integer holds
  int64_t sum = 0;
  while (!rest.empty()) {
    const size_t blank = rest.find(' '), comma = std::min(rest.find(", "), rest.size());
    const auto number = to_number<uint32_t>(rest.substr(0, blank));
    if (!number || blank >= comma || *number > 10'000 || sum > kLongestUp) return {};
    const std::string_view word = rest.substr(blank + 1, comma - blank - 1);
    for (const auto& [unit, micros] : kUnits)
      if (word == unit || (word.size() == unit.size() + 1 && word.starts_with(unit))) sum += *number * micros;
    rest.remove_prefix(std::min(comma + 2, rest.size()));
  }
  return Duration(sum);
}

void map_status(const EslContext& c, std::string_view answer) {
  const auto up = up_time(answer);
  if (!up) return;
  c.memory.up_since = up, c.memory.up_said = c.at;
  if (c.memory.clock.known()) clock_known(c);
}

ChannelState call_state(std::string_view state) {
  if (state == "ACTIVE" || state == "HELD" || state == "UNHELD") return ChannelState::up;
  if (state == "RINGING" || state == "EARLY" || state == "DIALING" || state == "RING_WAIT")
    return ChannelState::ringing;
  return ChannelState::down;
}

struct Row {  // of "show channels as json"
  std::string uuid, direction, created_epoch, name, initial_cid_num, ip_addr, initial_dest, application,
      application_data;
  std::string context, callstate, presence_id, call_uuid;
};

Row read_row(std::string_view object) {
  Row row;
  const std::pair<std::string_view, std::string*> columns[] = {{"uuid", &row.uuid},
                                                               {"direction", &row.direction},
                                                               {"created_epoch", &row.created_epoch},
                                                               {"name", &row.name},
                                                               {"initial_cid_num", &row.initial_cid_num},
                                                               {"ip_addr", &row.ip_addr},
                                                               {"initial_dest", &row.initial_dest},
                                                               {"application", &row.application},
                                                               {"application_data", &row.application_data},
                                                               {"context", &row.context},
                                                               {"callstate", &row.callstate},
                                                               {"presence_id", &row.presence_id},
                                                               {"call_uuid", &row.call_uuid}};
  JsonMembers members(object);
  for (std::string_view key, value; members.next(key, value);)
    for (const auto& [name, target] : columns)
      if (name == key) *target = json_text(value);
  return row;
}

// call_uuid is the id of the caller's leg while two legs are bridged, else empty or the leg's own [1.10.12].
ChannelSeen channel_seen(const EslContext& c, const Row& row) {
  const bool inbound = row.direction == "inbound";
  ChannelSeen s;
  s.channel = clean_text(row.uuid);
  const std::string call = clean_text(row.call_uuid);
  if (inbound)
    s.linked = s.channel;
  else
    s.linked = call.empty() || call == s.channel ? "-" : call;  // dialled by somebody who is not told
  s.device = device_of_row(c.memory.floor, row.name, inbound, row.ip_addr, row.presence_id);
  if (inbound) s.dialled = clean_text(row.initial_dest), s.caller = caller_key(c.key, row.initial_cid_num);
  s.context = clean_text(row.context), s.application = clean_text(row.application);
  if (s.application == "playback") s.argument = clean_text(row.application_data);
  s.state = call_state(row.callstate);
  s.age = std::max(c.at - c.memory.clock.ours(row.created_epoch).value_or(c.at), Duration{});
  if (inbound ? !call.empty() : s.linked == call) s.bridge = call;
  return s;
}

void map_channels(const EslContext& c, std::string_view answer) {
  std::string_view rows, key, value;
  bool counted = false;
  JsonMembers members(answer);
  while (members.next(key, value)) {
    if (key == "rows") rows = value;
    counted = counted || key == "row_count";
  }
  if (!members.good() || !counted) return;  // "-ERR ..."
  std::vector<CallEventBody> picture{ResyncStarted{ResyncScope::channels}};
  for (std::string_view row; picture.size() < kMaxRows && next_json_object(rows, row);)
    if (const Row read = read_row(row); !read.uuid.empty() && read.callstate != "HANGUP")
      picture.emplace_back(channel_seen(c, read));
  picture.emplace_back(ResyncEnded{ResyncScope::channels});
  if (c.memory.booted)
    c.add_all(std::move(picture));
  else
    c.memory.channels = std::move(picture);
}

}  // namespace

void clock_known(const EslContext& c) {
  if (!c.memory.up_since) return;
  tell_booted(c, c.memory.clock.pbx(c.memory.up_said) - *std::exchange(c.memory.up_since, std::nullopt));
}

void map_question(const EslContext& c, std::string_view question, std::string_view answer) {
  constexpr std::string_view kMembers = "callcenter_config queue list members ";
  EslFloor& floor = c.memory.floor;
  std::vector<CallEventBody> told;
  if (question == "status") return map_status(c, answer);
  if (question == "show channels as json") return map_channels(c, answer);
  if (question == "callcenter_config queue list") floor.queues(answer, told);
  if (question == "callcenter_config agent list") floor.agents(answer, c.memory.clock, told);
  if (question == "callcenter_config tier list") floor.tiers(answer, told);
  if (question.starts_with(kMembers))
    floor.members(clean_text(question.substr(kMembers.size())), answer, c.at, c.memory.clock, told);
  c.add_all(std::move(told));
}

void map_job(const EslContext& c) {
  std::string question = c.fields[K::job_command];
  if (const std::string argument = c.fields[K::job_command_arg]; !argument.empty()) question += " " + argument;
  map_question(c, question, c.fields.body());
}

void map_heartbeat(const EslContext& c) {
  const auto up = to_number<int64_t>(c.fields[K::uptime_msec]);
  if (up && *up >= 0 && *up < int64_t{1} << 40 && c.pbx_at) tell_booted(c, *c.pbx_at - std::chrono::milliseconds(*up));
}

void map_shutdown(const EslContext& c) { c.add(PbxLife{PbxState::stopping, {}}); }
void map_reload(const EslContext& c) { c.add(ConfigurationChanged{"xml"}); }

// "FreeSWITCH (Version 1.10.12-release git a88d069 ...", "FreeSWITCH Version 1.10.12-release+git~...", or the version
// alone.
std::string esl_product(std::string_view text) {
  constexpr std::string_view kVersion = "Version ";
  if (const size_t at = text.find(kVersion); at != text.npos) text.remove_prefix(at + kVersion.size());
  const std::string_view version = text.substr(0, text.find_first_of(" +~)\n"));
  const bool good = !version.empty() && version.front() >= '0' && version.front() <= '9';
  return good ? "FreeSWITCH " + clean_text(version) : std::string{};
}

}  // namespace hf::pbx
