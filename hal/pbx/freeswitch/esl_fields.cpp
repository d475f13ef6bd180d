#include "hal/pbx/freeswitch/esl_fields.hpp"

#include "hal/pbx/json_members.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kKeys = static_cast<size_t>(EslKey::size);
constexpr std::array<std::string_view, kKeys> kNames = {
    "",
    "Answer-State",
    "Application",
    "Application-Data",
    "Bridge-A-Unique-ID",
    "Bridge-B-Unique-ID",
    "CC-Action",
    "CC-Agent",
    "CC-Agent-Aborted-Time",
    "CC-Agent-Answered-Time",
    "CC-Agent-Called-Time",
    "CC-Agent-Contact",
    "CC-Agent-State",
    "CC-Agent-Status",
    "CC-Agent-UUID",
    "CC-Bridge-Terminated-Time",
    "CC-Cancel-Reason",
    "CC-Cause",
    "CC-Hangup-Cause",
    "CC-Member-Joined-Time",
    "CC-Member-Session-UUID",
    "CC-Queue",
    "Call-Direction",
    "Caller-Caller-ID-Number",
    "Caller-Channel-Answered-Time",
    "Caller-Context",
    "Caller-Destination-Number",
    "Caller-Network-Addr",
    "Channel-Name",
    "Event-Calling-Function",
    "Event-Date-Timestamp",
    "Event-Name",
    "Event-Subclass",
    "FreeSWITCH-Version",
    "Hangup-Cause",
    "Job-Command",
    "Job-Command-Arg",
    "Job-UUID",
    "Other-Leg-Unique-ID",
    "Playback-File-Path",
    "Survey-Id",
    "Survey-Question",
    "Survey-Queue",
    "Survey-Scale",
    "Survey-Score",
    "Unique-ID",
    "Uptime-msec",
    "_body",
    "variable_cc_agent",
    "variable_cc_member_session_uuid",
    "variable_dialed_domain",
    "variable_dialed_user",
    "variable_domain_name",
    "variable_hangup_cause_q850",
    "variable_last_bridge_hangup_cause",
    "variable_sip_call_id",
    "variable_sip_gateway_name",
    "variable_sip_hangup_disposition",
    "variable_user_name",
};
constexpr int kNameWithin = 48;  // the dialplan's "event" application puts the event's name behind its own headers

constexpr size_t kSlots = 512;
constexpr size_t slot_of(std::string_view s) {
  const auto sign = [s](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(s[at])); };
  return (s.size() * 37 + sign(0) * 5 + sign(s.size() - 1) * 59 + sign(s.size() / 2) * 11) % kSlots;
}

constexpr std::array<uint8_t, kSlots> kTable = [] {
  std::array<uint8_t, kSlots> table{};
  for (size_t key = 1; key < kKeys; ++key) {
    size_t slot = slot_of(kNames[key]);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<uint8_t>(key);
  }
  return table;
}();

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Cuts the next line off; false without "Name: value".
bool next_line(std::string_view& rest, std::string_view& name, std::string_view& value) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  const size_t colon = line.find(':');
  if (colon == line.npos) return false;
  name = line.substr(0, colon);
  value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return true;
}

// FreeSWITCH's form of a list: "ARRAY::a|:b".
std::string first_of_list(std::string text) {
  constexpr std::string_view kList = "ARRAY::";
  if (!text.starts_with(kList)) return text;
  const size_t end = text.find("|:");
  return text.substr(kList.size(), end == text.npos ? end : end - kList.size());
}

}  // namespace

EslKey esl_key(std::string_view name) {
  if (name.empty()) return EslKey::none;
  for (size_t slot = slot_of(name); kTable[slot] != 0; slot = (slot + 1) % kSlots)
    if (kNames[kTable[slot]] == name) return static_cast<EslKey>(kTable[slot]);
  return EslKey::none;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
    if (low < 0) {
      out += text[at];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return out;
}

std::string_view esl_event_name(std::string_view event, bool json) {
  std::string_view name, value;
  if (!json) {
    for (int line = 0; line < kNameWithin && !event.empty() && event.front() != '\n'; ++line)
      if (next_line(event, name, value) && name == "Event-Name") return value;
    return {};
  }
  JsonMembers members(event);
  for (int member = 0; member < kNameWithin && members.next(name, value); ++member)
    if (name == "Event-Name" && value.size() > 2 && value.starts_with('"')) return value.substr(1, value.size() - 2);
  return {};
}

void EslFields::keep(EslKey key, std::string_view value) {
  const auto at = static_cast<size_t>(key);
  if (at != 0 && !present_[at]) values_[at] = value, present_.set(at);
}

void EslFields::split_plain(std::string_view event) {
  present_.reset();
  json_ = false;
  while (!event.empty() && event.front() != '\n') {
    std::string_view name, value;
    if (next_line(event, name, value) && name != "_body") keep(esl_key(name), value);
  }
  if (event.size() > 1) keep(EslKey::body, event.substr(1));
}

void EslFields::split_json(std::string_view event) {
  present_.reset();
  json_ = true;
  JsonMembers members(event);
  for (std::string_view name, value; members.next(name, value);) keep(esl_key(name), value);
}

std::string EslFields::operator[](EslKey key) const {
  if (!has(key)) return {};
  const std::string_view value = raw(key);
  return json_ ? json_text(value) : first_of_list(percent_decoded(value));
}

std::string EslFields::body() const {
  const std::string_view value = raw(EslKey::body);
  return json_ ? json_text(value) : std::string(value);
}

}  // namespace hf::pbx
