#include "agent/tool/ndjson_incidents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "agent/incidents/why_words.hpp"
#include "hal/platform/utf8.hpp"

namespace hf::app {
namespace {

std::string in_quotes(std::string_view rest) {
  std::string out = "\"";
  while (!rest.empty()) {
    const size_t length = utf8_length(rest);
    const std::string_view sign = rest.substr(0, std::max<size_t>(length, 1));
    rest.remove_prefix(sign.size());
    const auto byte = static_cast<unsigned char>(sign.front());
    if (length == 0)
      out += "\xEF\xBF\xBD";  // U+FFFD
    else if (byte < 0x20)
      out += fmt::format("\\u{:04x}", byte);
    else if (byte == '"' || byte == '\\')
      out += '\\', out += sign;
    else
      out += sign;
  }
  return out + '"';
}

template <class T, class F>
std::string list(const std::vector<T>& items, F text) {
  std::string out = "[";
  for (const T& item : items) out += (out.size() > 1 ? "," : "") + in_quotes(text(item));
  return out + "]";
}

std::string number(double v) { return std::isfinite(v) ? fmt::format("{:.3f}", v) : "null"; }
std::string number(const std::optional<Duration>& d) { return d ? number(seconds(*d)) : "null"; }
std::string time(const std::optional<Time>& t) { return t ? fmt::format("{:.6f}", unix_seconds(*t)) : "null"; }

std::string chain(const std::vector<incidents::Evidence>& links, incidents::Language language) {
  std::string out = "[";
  for (const auto& link : links)
    out += fmt::format("{}{{\"at\":{},\"template\":{},\"text\":{}}}", out.size() > 1 ? "," : "", time(link.at), in_quotes(link.template_id),
                       in_quotes(chain_words(link, language)));
  return out + "]";
}

std::string shares(const std::optional<incidents::Shares>& told, incidents::Language language) {
  if (!told) return "null";
  std::string parts;
  for (const auto& part : told->parts)
    parts += fmt::format("\"{}\":{{\"share\":{},\"low\":{},\"high\":{}}},", to_string(part.factor), number(part.share), number(part.low), number(part.high));
  return fmt::format("{{{}\"state\":\"{}\",\"calls\":{},\"measured_wait_s\":{},\"replayed_wait_s\":{},\"usual_wait_s\":{},\"text\":{}}}", parts,
                     to_string(told->state), told->calls, number(told->measured_s), number(told->replayed_s), number(told->usual_s),
                     in_quotes(shares_words(*told, language)));
}

}  // namespace

std::string ndjson(const incidents::Incident& i, incidents::Language language) {
  const auto same = [](const std::string& s) { return s; };
  return fmt::format(
      "{{\"id\":{},\"kind\":{},\"lines\":{},\"queues\":{},\"onset\":{},\"onset_low\":{},\"onset_high\":{},"
      "\"signalled\":{},\"closed\":{},"
      "\"imposed_wait_s\":{},\"affected_calls\":{},\"avoidable_caller_s\":{},\"imposed_caller_s\":{},\"evidence\":{},\"chain\":{},\"shares\":{}}}"
      "\n",
      in_quotes(i.id), in_quotes(to_string(i.kind)), list(i.lines, same), list(i.queues, same), time(i.onset),
      time(i.onset_low), time(i.onset_high), time(i.signalled), time(i.closed), number(i.imposed_wait),
      i.affected_calls, number(i.avoidable), number(seconds(i.imposed)),
      list(i.evidence, [&](const incidents::Evidence& e) { return evidence_words(e, language); }),
      chain(i.chain, language), shares(i.shares, language));
}

}  // namespace hf::app
