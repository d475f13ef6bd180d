#include "hal/pbx/asterisk/ami_fields.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kKeys = static_cast<size_t>(AmiKey::size);
constexpr std::array<std::string_view, kKeys> kNames = {"",
                                                        "actionid",
                                                        "appdata",
                                                        "application",
                                                        "applicationdata",
                                                        "asteriskversion",
                                                        "bridgeid",
                                                        "bridgenumchannels",
                                                        "bridgeuniqueid",
                                                        "calleridnum",
                                                        "calls",
                                                        "cause",
                                                        "challenge",
                                                        "channel",
                                                        "channelstate",
                                                        "context",
                                                        "corestartupdate",
                                                        "corestartuptime",
                                                        "count",
                                                        "destuniqueid",
                                                        "device",
                                                        "dialstatus",
                                                        "duration",
                                                        "event",
                                                        "exten",
                                                        "extension",
                                                        "holdtime",
                                                        "incall",
                                                        "interface",
                                                        "lastcall",
                                                        "linkedid",
                                                        "location",
                                                        "max",
                                                        "membername",
                                                        "message",
                                                        "metric",
                                                        "module",
                                                        "name",
                                                        "origtransfereruniqueid",
                                                        "paused",
                                                        "pausedreason",
                                                        "penalty",
                                                        "position",
                                                        "question",
                                                        "queue",
                                                        "reason",
                                                        "response",
                                                        "result",
                                                        "ringtime",
                                                        "scale",
                                                        "score",
                                                        "servicelevel",
                                                        "state",
                                                        "stateinterface",
                                                        "status",
                                                        "talktime",
                                                        "timestamp",
                                                        "transfereeuniqueid",
                                                        "transfereruniqueid",
                                                        "transfertargetuniqueid",
                                                        "uniqueid",
                                                        "userevent",
                                                        "value",
                                                        "variable",
                                                        "wait",
                                                        "wrapuptime"};

constexpr unsigned lower(char c) {
  return static_cast<unsigned char>(c) | 0x20u;
}  // exact for letters, and all known keys are letters

constexpr size_t kSlots = 256;
constexpr size_t slot_of(std::string_view s) {
  return (s.size() * 37 + lower(s.front()) * 5 + lower(s.back()) * 59 + lower(s[s.size() / 2]) * 11) % kSlots;
}

constexpr std::array<uint8_t, kSlots> make_table() {
  std::array<uint8_t, kSlots> table{};
  for (size_t key = 1; key < kKeys; ++key) {
    size_t slot = slot_of(kNames[key]);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<uint8_t>(key);
  }
  return table;
}
constexpr std::array<uint8_t, kSlots> kTable = make_table();

bool same(std::string_view name, std::string_view known) {
  if (name.size() != known.size()) return false;
  for (size_t i = 0; i < name.size(); ++i)
    if (lower(name[i]) != static_cast<unsigned char>(known[i])) return false;
  return true;
}

}  // namespace

AmiKey ami_key(std::string_view name) {
  if (name.empty()) return AmiKey::none;
  for (size_t slot = slot_of(name); kTable[slot] != 0; slot = (slot + 1) % kSlots)
    if (same(name, kNames[kTable[slot]])) return static_cast<AmiKey>(kTable[slot]);
  return AmiKey::none;
}

bool split_ami_line(std::string_view line, std::string_view& key, std::string_view& value) {
  const size_t colon = line.find(':');
  if (colon == line.npos) return false;
  key = line.substr(0, colon);
  value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (value.ends_with('\r')) value.remove_suffix(1);
  return true;
}

void AmiFields::split(std::string_view message) {
  present_.reset();
  while (!message.empty()) {
    const size_t end = message.find('\n');
    std::string_view key, value;
    if (split_ami_line(message.substr(0, end), key, value)) {
      const auto at = static_cast<size_t>(ami_key(key));
      if (at != 0 && !present_[at]) values_[at] = value, present_.set(at);
    }
    message = end == message.npos ? std::string_view{} : message.substr(end + 1);
  }
}

}  // namespace hf::pbx
