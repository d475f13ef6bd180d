#include "hal/pbx/sip/sip_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "hal/pbx/sip/sip_scan.hpp"

namespace hf::pbx {

namespace {

enum class Header : uint8_t {
  other,
  call_id,
  cseq,
  from,
  to,
  content_length,
  content_type,
  contact,
  refer_to,
  replaces,
  reason,
  asserted,
  remote_party,
  session_expires,
  correlation,
  session_id,
  charging
};

struct Name {
  std::string_view text;  // lower case
  Header header;
};

// The compact forms are RFC 3261's (7.3.3) and RFC 3515's. X-CID and its like are what PBXs and session border
// controllers are set up to write for Homer.
constexpr auto kNames = std::to_array<Name>({
    {"i", Header::call_id},
    {"f", Header::from},
    {"t", Header::to},
    {"l", Header::content_length},
    {"c", Header::content_type},
    {"m", Header::contact},
    {"r", Header::refer_to},
    {"call-id", Header::call_id},
    {"cseq", Header::cseq},
    {"from", Header::from},
    {"to", Header::to},
    {"content-length", Header::content_length},
    {"content-type", Header::content_type},
    {"contact", Header::contact},
    {"refer-to", Header::refer_to},
    {"replaces", Header::replaces},
    {"reason", Header::reason},
    {"p-asserted-identity", Header::asserted},
    {"remote-party-id", Header::remote_party},
    {"x", Header::session_expires},
    {"session-expires", Header::session_expires},
    {"x-cid", Header::correlation},
    {"x-call-id", Header::correlation},
    {"x-original-call-id", Header::correlation},
    {"x-linked-call-id", Header::correlation},
    {"session-id", Header::session_id},
    {"p-charging-vector", Header::charging},
});

// By their length, which tells most of them apart: kBegin[n] is the first of n signs.
constexpr auto kByLength = [] {
  auto names = kNames;
  std::ranges::sort(names, {}, [](const Name& n) { return n.text.size(); });
  return names;
}();
constexpr size_t kLongest = kByLength.back().text.size();
constexpr auto kBegin = [] {
  std::array<uint8_t, kLongest + 2> begin{};
  for (size_t length = 0, i = 0; length < begin.size(); ++length) {
    while (i < kByLength.size() && kByLength[i].text.size() < length) ++i;
    begin[length] = static_cast<uint8_t>(i);
  }
  return begin;
}();

Header header_of(std::string_view name) {
  if (name.size() > kLongest) return Header::other;
  for (size_t i = kBegin[name.size()]; i < kBegin[name.size() + 1]; ++i)
    if ((name[0] | 0x20) == kByLength[i].text[0] && sip_equal(name, kByLength[i].text)) return kByLength[i].header;
  return Header::other;
}

struct Method {
  std::string_view text;
  SipMethod method;
};
constexpr auto kMethods = std::to_array<Method>({
    {"INVITE", SipMethod::invite},
    {"ACK", SipMethod::ack},
    {"BYE", SipMethod::bye},
    {"CANCEL", SipMethod::cancel},
    {"REFER", SipMethod::refer},
    {"UPDATE", SipMethod::update},
    {"REGISTER", SipMethod::registration},
});

SipMethod method_of(std::string_view text) {
  for (const Method& known : kMethods)
    if (known.text == text) return known.method;
  return SipMethod::other;
}

constexpr std::string_view kVersion = "SIP/2.0";

Status take_start(std::string_view line, SipMessage& m, SipMethod& requested) {
  if (line.starts_with(kVersion)) {
    const auto status = line.size() >= 11 && line[7] == ' ' ? sip_number<uint16_t>(line.substr(8, 3)) : std::nullopt;
    if (!status || *status < 100 || *status > 699)
      return fail(ErrorKind::invalid_input, "SIP: the status line has no status of 100 to 699");
    m.status = *status;
    return {};
  }
  const size_t first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || first == last || sip_trim(line.substr(last)) != kVersion)
    return fail(ErrorKind::invalid_input, "SIP: neither a request line nor a status line of SIP/2.0");
  requested = method_of(line.substr(0, first));
  m.uri = sip_trim(line.substr(first, last - first));
  return {};
}

// "314159 INVITE"
Status take_cseq(std::string_view value, SipMessage& m) {
  const size_t gap = sip_find<' ', '\t', '\r', '\n'>(value);
  const auto number = sip_number<uint32_t>(value.substr(0, gap));
  if (!number || gap == value.npos) return fail(ErrorKind::invalid_input, "SIP: CSeq is no number and method");
  m.cseq = *number;
  m.method = method_of(sip_trim(value.substr(gap)));
  return {};
}

struct Seen {  // headers of which one alone may be there
  std::string_view call_id, cseq, from, to;
  std::optional<size_t> length;
};

Status take_once(std::string_view& place, std::string_view value, std::string_view name) {
  if (!place.empty() && place != value)
    return fail(ErrorKind::invalid_input, fmt::format("SIP: {} is given twice", name));
  if (value.empty()) return fail(ErrorKind::invalid_input, fmt::format("SIP: {} is empty", name));
  place = value;
  return {};
}

void take_first(std::string_view& place, std::string_view value) {
  if (place.empty()) place = value;
}

// Later headers only where they tell what the first did not.
void take_optional(Header header, std::string_view value, SipMessage& m) {
  switch (header) {
    case Header::contact:
      return take_first(m.contact, value);
    case Header::content_type:
      return take_first(m.content_type, value);
    case Header::refer_to:
      return take_first(m.refer_to, value);
    case Header::replaces:
      return take_first(m.replaces, value);
    case Header::remote_party:
      return take_first(m.asserted, value);
    case Header::session_id:
      return take_first(m.correlation, value.substr(0, value.find(';')));
    case Header::charging:
      return take_first(m.correlation, sip_parameter(value, "icid-value"));
    case Header::asserted:
      m.asserted = value;
      return;
    case Header::correlation:
      m.correlation = value;
      return;
    case Header::session_expires:
      m.session_expires = sip_number<uint32_t>(sip_trim(value.substr(0, value.find(';'))));
      return;
    case Header::reason:
      if (m.reason.empty() || q850_cause(value)) m.reason = value;
      return;
    case Header::other:
    case Header::call_id:
    case Header::cseq:
    case Header::from:
    case Header::to:
    case Header::content_length:
      return;
  }
}

Status take_header(Header header, std::string_view value, SipMessage& m, Seen& seen) {
  switch (header) {
    case Header::call_id:
      return take_once(seen.call_id, value, "Call-ID");
    case Header::cseq:
      return take_once(seen.cseq, value, "CSeq");
    case Header::from:
      return take_once(seen.from, value, "From");
    case Header::to:
      return take_once(seen.to, value, "To");
    case Header::content_length: {
      const auto length = sip_number<size_t>(value);
      if (!length || (seen.length && *seen.length != *length))
        return fail(ErrorKind::invalid_input, "SIP: Content-Length is no number or given twice");
      seen.length = length;
      return {};
    }
    default:
      take_optional(header, value, m);
      return {};
  }
}

Status finish(std::string_view bytes, size_t at, SipMethod requested, const Seen& seen, SipMessage& m) {
  if (seen.call_id.empty() || seen.cseq.empty() || seen.from.empty() || seen.to.empty())
    return fail(ErrorKind::invalid_input, fmt::format("SIP: {} is missing", seen.call_id.empty() ? "Call-ID"
                                                                            : seen.cseq.empty()  ? "CSeq"
                                                                            : seen.from.empty()  ? "From"
                                                                                                 : "To"));
  if (auto good = take_cseq(seen.cseq, m); !good) return good;
  if (m.request() && m.method != requested)
    return fail(ErrorKind::invalid_input, "SIP: the method of CSeq is not that of the request");
  m.call_id = seen.call_id, m.from = parse_sip_party(seen.from), m.to = parse_sip_party(seen.to);
  m.body = bytes.substr(at);
  m.cut = seen.length && *seen.length > m.body.size();
  if (seen.length) m.body = m.body.substr(0, std::min(*seen.length, m.body.size()));
  return {};
}

Status read_into(std::string_view bytes, SipMessage& m) {
  if (bytes.size() > kMaxSipMessage)
    return fail(ErrorKind::invalid_input, fmt::format("SIP: {} bytes, more than {}", bytes.size(), kMaxSipMessage));
  Seen seen;
  SipMethod requested{};
  size_t at = 0;
  std::string_view line;
  if (!sip_line(bytes, at, line)) return fail(ErrorKind::invalid_input, "SIP: the first line has no end");
  if (auto good = take_start(sip_trim(line), m, requested); !good) return good;
  for (size_t headers = 0;; ++headers) {
    if (!sip_line(bytes, at, line) || line.empty()) break;  // cut within the headers: what is there may do
    if (headers >= kMaxSipHeaders)
      return fail(ErrorKind::invalid_input, fmt::format("SIP: more than {} headers", kMaxSipHeaders));
    if (line.size() > kMaxSipLine)
      return fail(ErrorKind::invalid_input, fmt::format("SIP: a header of more than {} bytes", kMaxSipLine));
    const size_t colon = line.find(':');
    const std::string_view name = sip_trim(line.substr(0, colon));
    if (colon == line.npos || name.empty())
      return fail(ErrorKind::invalid_input, fmt::format("SIP: header {} has no name", headers + 1));
    const Header header = header_of(name);
    if (header == Header::other) continue;
    if (auto good = take_header(header, sip_trim(line.substr(colon + 1)), m, seen); !good) return good;
  }
  return finish(bytes, at, requested, seen, m);
}

}  // namespace

bool looks_like_sip(std::string_view bytes) {
  if (bytes.starts_with("SIP/2.0 ")) return true;
  const size_t gap = bytes.substr(0, 20).find(' ');
  if (gap == bytes.npos || gap < 3) return false;
  for (const char c : bytes.substr(0, gap))
    if (c < 'A' || c > 'Z') return false;
  const std::string_view line = bytes.substr(0, std::min(bytes.find('\n'), kMaxSipLine));
  return sip_trim(line).ends_with(" SIP/2.0");
}

// Read where it is returned: half a kilobyte is not copied.
Result<SipMessage> parse_sip(std::string_view bytes) {
  Result<SipMessage> message;
  if (auto good = read_into(bytes, *message); !good) message = fail(std::move(good.error()));
  return message;
}

}  // namespace hf::pbx
