// The values of SIP headers: addresses, parameters and reasons.
#include <algorithm>
#include <array>
#include <cstring>

#include "hal/pbx/sip/sip_message.hpp"
#include "hal/pbx/sip/sip_scan.hpp"

namespace hf::pbx {

namespace {

// Behind a quoted display name, which may hold any sign: "a <b> ;c" <sip:...>.
std::string_view behind_display(std::string_view value) {
  if (!value.starts_with('"')) return value;
  for (size_t i = 1; i < value.size(); ++i) {
    if (value[i] == '\\')
      ++i;
    else if (value[i] == '"')
      return value.substr(i + 1);
  }
  return {};
}

struct Cause {
  uint16_t status, cause;
};
constexpr auto kCauses = std::to_array<Cause>({
    // RFC 3398, 8.2.6.1; 487 is what answers a CANCEL: a normal end
    {400, 41},  {401, 21}, {402, 21},  {403, 21},  {404, 1},  {405, 63},  {406, 79},  {407, 21},
    {408, 102}, {410, 22}, {413, 127}, {414, 127}, {415, 79}, {416, 127}, {420, 127}, {421, 127},
    {423, 127}, {480, 18}, {481, 41},  {482, 25},  {483, 25}, {484, 28},  {485, 1},   {486, 17},
    {487, 16},  {488, 65}, {500, 41},  {501, 79},  {502, 38}, {503, 41},  {504, 102}, {505, 127},
    {513, 127}, {600, 17}, {603, 21},  {604, 1},   {606, 65},
});

// "%3B" becomes ";"; what is no escape stays.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      plain += static_cast<char>(value);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

std::string_view sip_parameter(std::string_view value, std::string_view name) {
  std::string_view rest = behind_display(value);
  if (const size_t close = rest.find('>'); close != rest.npos)
    rest.remove_prefix(close + 1);  // those inside belong to the URI
  for (size_t at = rest.find(';'); at != rest.npos; at = rest.find(';')) {
    rest.remove_prefix(at + 1);
    const std::string_view one = rest.substr(0, sip_find<';', ','>(rest));
    const size_t equals = one.find('=');
    if (equals == one.npos || !sip_equal(sip_trim(one.substr(0, equals)), name)) continue;
    std::string_view found = sip_trim(one.substr(equals + 1));
    if (found.size() >= 2 && found.front() == '"' && found.back() == '"') found = found.substr(1, found.size() - 2);
    return found;
  }
  return {};
}

SipParty parse_sip_party(std::string_view value) {
  SipParty party;
  party.tag = sip_parameter(value, "tag");
  std::string_view uri = behind_display(value);
  if (const size_t open = uri.find('<'); open != uri.npos)
    uri = uri.substr(open + 1, uri.find('>', open) - open - 1);
  else
    uri = uri.substr(0, uri.find(';'));
  uri = sip_trim(uri);
  const size_t colon = sip_find<':'>(uri);
  if (colon == uri.npos) return party;
  const bool phone = sip_equal(uri.substr(0, colon), "tel");
  uri.remove_prefix(colon + 1);
  const size_t at = sip_find<'@', '?'>(uri);
  const bool named = at != uri.npos && uri[at] == '@';
  if (phone || named) party.user = uri.substr(0, at);
  party.user = party.user.substr(0, sip_find<';', ':'>(party.user));
  return party;
}

std::string replaced_call_id(std::string_view replaces) {
  const std::string_view id = sip_trim(replaces.substr(0, replaces.find(';')));
  return id.size() > kMaxSipLine ? std::string() : std::string(id);
}

std::string replaced_call_id_of(std::string_view refer_to) {
  constexpr std::string_view kKey = "replaces=";
  for (size_t at = refer_to.find('?'); at != refer_to.npos; at = refer_to.find('&', at + 1)) {
    if (!sip_equal(refer_to.substr(at + 1, kKey.size()), kKey)) continue;
    std::string_view value = refer_to.substr(at + 1 + kKey.size());
    value = value.substr(0, sip_find<'&', '>', ' ', '\t', '\r', '\n'>(value));
    return value.size() > kMaxSipLine ? std::string() : replaced_call_id(unescaped(value));
  }
  return {};
}

std::optional<size_t> sip_header_end(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    if (found == nullptr) return std::nullopt;
    at = static_cast<size_t>(static_cast<const char*>(found) - bytes.data()) + 1;
    if (bytes.substr(at).starts_with('\n')) return at + 1;
    if (bytes.substr(at).starts_with("\r\n")) return at + 2;
  }
  return std::nullopt;
}

std::optional<size_t> sip_content_length(std::string_view headers) {
  std::string_view line;
  for (size_t at = 0; sip_line(headers, at, line);) {
    const size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view name = sip_trim(line.substr(0, colon));
    if (sip_equal(name, "content-length") || sip_equal(name, "l"))
      return sip_number<size_t>(sip_trim(line.substr(colon + 1)));
  }
  return std::nullopt;
}

std::optional<uint16_t> q850_cause(std::string_view reason) {
  const std::string_view protocol = sip_trim(reason.substr(0, reason.find(';')));
  if (!sip_equal(protocol, "q.850")) return std::nullopt;
  const auto cause = sip_number<uint16_t>(sip_parameter(reason, "cause"));
  return cause && *cause <= 127 ? cause : std::nullopt;
}

uint16_t q850_of_status(uint16_t status) {
  const auto found = std::ranges::lower_bound(kCauses, status, {}, &Cause::status);
  if (found != kCauses.end() && found->status == status) return found->cause;
  return status < 400 ? 23 : status < 500 ? 127 : status < 600 ? 41 : 21;  // 3xx: redirected (23)
}

}  // namespace hf::pbx
