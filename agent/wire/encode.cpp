#include "agent/wire/encode.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <iterator>

#include "agent/wire/label_rules.hpp"

namespace hf::wire {
namespace {

constexpr int kCompression = 3;

using Out = fmt::memory_buffer;

template <class... A>
void put(Out& out, fmt::format_string<A...> form, A&&... args) {
  fmt::format_to(std::back_inserter(out), form, std::forward<A>(args)...);
}

int64_t milliseconds(Duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(whole_ms(d)).count(); }
int64_t milliseconds(Time t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(whole_ms(t).time_since_epoch()).count();
}

template <class T>
std::string or_null(const std::optional<T>& value) {
  return value ? fmt::format_int(milliseconds(*value)).str() : "null";
}

template <class C, class F>
void list(Out& out, std::string_view name, const C& items, F&& item) {
  put(out, ",\"{}\":[", name);
  bool first = true;
  for (const auto& x : items) {
    if (!std::exchange(first, false)) out.push_back(',');
    item(x);
  }
  out.push_back(']');
}

void ids(Out& out, std::string_view name, const std::vector<Id>& all) {
  list(out, name, all, [&out](Id id) { put(out, "\"{:016x}\"", id.value); });
}

void bins(Out& out, std::string_view name, const Bins& all) {
  list(out, name, all, [&out](const Bin& bin) { put(out, "{},{}", bin.first, bin.second); });
}

void summary(Out& out, const Summary& s) {
  put(out,
      "{{\"scope\":\"{}\",\"id\":\"{:016x}\",\"start\":{},\"span\":{},\"cover\":\"{:x}\",\"rev\":{},\"observed\":{}",
      to_string(s.scope), s.id.value, milliseconds(s.start), minutes_of(s.span), s.cover, s.revision,
      s.observed_seconds);
  put(out,
      ",\"offered\":{},\"answered\":{},\"abandoned\":{},\"short_abandoned\":{},\"timeout\":{},\"exit_key\":{},"
      "\"refused\":{}",
      s.offered, s.answered, s.abandoned, s.short_abandoned, s.timeout, s.exit_key, s.refused);
  put(out, ",\"lost\":{},\"answered_within\":{},\"abandoned_within\":{},\"service_level\":{},\"answered_wait\":{}",
      s.lost, s.answered_within, s.abandoned_within, milliseconds(s.service_level), milliseconds(s.answered_wait));
  put(out, ",\"abandoned_wait\":{},\"hold\":{},\"talk\":{},\"longest_wait\":{},\"waiting\":{}",
      milliseconds(s.abandoned_wait), milliseconds(s.hold), milliseconds(s.talk), milliseconds(s.longest_wait),
      milliseconds(s.waiting));
  put(out, ",\"staffed\":{},\"busy\":{},\"free\":{},\"avoidable\":{}", or_null(s.staffed), or_null(s.busy),
      or_null(s.free), or_null(s.avoidable_wait));
  bins(out, "answered_waits", s.answered_waits);
  bins(out, "abandoned_waits", s.abandoned_waits);
  bins(out, "holds", s.holds);
  out.push_back('}');
}

bool aligned(const Summary& s) {
  const auto block = std::chrono::minutes(minutes_of(s.span));
  return s.start >= kFirstTime && s.start < kLastTime && s.start.time_since_epoch() % block == Duration::zero();
}

bool covered(const Summary& s) {
  return s.cover != 0 && (minutes_of(s.span) == 1 ? s.cover == 1 : s.cover >> minutes_of(s.span) == 0);
}

Status write(Out& out, const Minutes& m) {
  if (m.sums.empty() || m.sums.size() > kMaxSums)
    return fail(ErrorKind::invalid_input, "a message holds 1 to 256 summaries");
  for (const auto& s : m.sums)
    if (!aligned(s) || !covered(s))
      return fail(ErrorKind::invalid_input, "a summary's start or cover does not fit its span");
  list(out, "sums", m.sums, [&out](const Summary& s) { summary(out, s); });
  return {};
}

void evidence(Out& out, const Evidence& e) {
  put(out, "{{\"template\":\"{}\",\"n\":{},\"at\":{},\"values\":{{", e.template_id, e.sample_size, milliseconds(e.at));
  bool first = true;
  for (const auto& v : e.values) put(out, "{}\"{}\":{}", std::exchange(first, false) ? "" : ",", v.name, v.milli);
  put(out, "}}}}");
}

Status check(const Incident& i) {
  if (i.lines.size() > kMaxIds || i.queues.size() > kMaxIds || i.line_named.size() > kMaxIds ||
      i.evidence.size() > kMaxEvidence)
    return fail(ErrorKind::invalid_input, "an incident's list is too long");
  for (const auto& e : i.evidence) {
    if (e.values.size() > kMaxValues || !template_named(e.template_id))
      return fail(ErrorKind::invalid_input, "evidence is not of the wire's list");
    for (const auto& v : e.values)
      if (!value_named(v.name) || v.milli > kMaxMilli || v.milli < -kMaxMilli)
        return fail(ErrorKind::invalid_input, "a value of the evidence is not of the wire's list or range");
  }
  return {};
}

Status write(Out& out, const Incident& i) {
  if (auto checked = check(i); !checked) return checked;
  put(out, ",\"id\":\"{:016x}\",\"what\":\"{}\",\"rev\":{}", i.id.value, to_string(i.kind), i.revision);
  ids(out, "lines", i.lines);
  list(out, "line_named", i.line_named, [&out](Time t) { put(out, "{}", milliseconds(t)); });
  ids(out, "queues", i.queues);
  put(out, ",\"onset\":{},\"onset_low\":{},\"onset_high\":{},\"signalled\":{}", milliseconds(i.onset),
      milliseconds(i.onset_low), milliseconds(i.onset_high), milliseconds(i.signalled));
  put(out, ",\"closed\":{},\"acknowledged\":{},\"imposed_wait\":{},\"calls\":{},\"avoidable\":{},\"imposed\":{}",
      or_null(i.closed), or_null(i.acknowledged), or_null(i.imposed_wait), i.affected_calls, or_null(i.avoidable),
      milliseconds(i.imposed));
  list(out, "evidence", i.evidence, [&out](const Evidence& e) { evidence(out, e); });
  return {};
}

std::string in_quotes(std::string_view label) {  // check_label() let no control character through
  std::string out = "\"";
  for (const char c : label) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

Status write(Out& out, const Labels& l) {
  if (l.labels.size() > kMaxLabels) return fail(ErrorKind::invalid_input, "more than 700 labels");
  for (const auto& label : l.labels)
    if (auto good = check_label(label.text); !good) return good;
  put(out, ",\"rev\":{}", l.revision);
  list(out, "labels", l.labels, [&out](const Label& x) {
    put(out, "{{\"scope\":\"{}\",\"id\":\"{:016x}\",\"label\":{}}}", to_string(x.scope), x.id.value, in_quotes(x.text));
  });
  return {};
}

Status write(Out& out, const Gap& g) {
  put(out, ",\"why\":\"{}\",\"from\":{},\"to\":{}", to_string(g.why), milliseconds(g.from), milliseconds(g.to));
  return {};
}

Status write(Out& out, const Surveys& s) {
  if (s.sums.empty() || s.sums.size() > kMaxSurveys)
    return fail(ErrorKind::invalid_input, "a message holds 1 to 256 sums of surveys");
  for (const auto& d : s.sums)
    if (const auto fault = fault_of(d); !fault.empty())
      return fail(ErrorKind::invalid_input, fmt::format("a sum of a survey {}", fault));
  list(out, "sums", s.sums, [&out](const SurveyDay& d) {
    put(out, "{{\"queue\":{},\"start\":{},\"question\":\"{}\",\"low\":{},\"high\":{}",
        d.queue ? fmt::format("\"{:016x}\"", d.queue->value) : "null", milliseconds(d.start), to_string(d.question),
        d.low, d.high);
    put(out, ",\"answers\":{},\"sum\":{},\"top\":{},\"bottom\":{}}}", d.answers, d.sum, d.top, d.bottom);
  });
  return {};
}

Status write(Out&, const Ignored&) {
  return fail(ErrorKind::invalid_input, "a body of an unknown kind cannot be written");
}

std::string_view kind_of(const Body& body) {
  constexpr std::array<std::string_view, 6> kKinds{"minutes", "incident", "labels", "gap", "surveys", "ignored"};
  return kKinds[body.index()];
}

}  // namespace

Result<std::string> encode(const Body& body) {
  Out out;
  put(out, "{{\"v\":[{},{}],\"kind\":\"{}\"", kVersion.major, kVersion.minor, kind_of(body));
  const Status status = std::visit([&out](const auto& b) { return write(out, b); }, body);
  if (!status) return fail(status.error());
  out.push_back('}');
  return fmt::to_string(out);
}

std::string message_line(uint64_t sequence, const std::vector<Range>& replaces, std::string_view body) {
  Out out;
  put(out, "{{\"seq\":{}", sequence);
  if (!replaces.empty())
    list(out, "replaces", replaces, [&out](const Range& r) { put(out, "[{},{}]", r.first, r.second); });
  put(out, ",\"m\":{}}}", body);
  return fmt::to_string(out);
}

std::string head_line(const Head& head) {
  return fmt::format(R"({{"v":[{},{}],"site":"{}","epoch":"{:016x}","agent":[{},{},{}],"oldest":{},"newest":{}}})",
                     head.version.major, head.version.minor, head.site, head.epoch, head.agent[0], head.agent[1],
                     head.agent[2], head.oldest, head.newest);
}

Result<std::string> compress(std::string_view text) {
  if (text.size() > kMaxBatchBytes) return fail(ErrorKind::invalid_input, "more than 4 MiB to compress");
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  const size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), kCompression);
  if (ZSTD_isError(size)) return fail(ErrorKind::internal, fmt::format("compressing: {}", ZSTD_getErrorName(size)));
  packed.resize(size);
  return packed;
}

Result<std::string> pack(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) {
    if (line.size() > kMaxLineBytes) return fail(ErrorKind::invalid_input, "a line of a batch is longer than 256 KiB");
    text.append(line).push_back('\n');
  }
  if (lines.size() > kMaxMessages + 1) return fail(ErrorKind::invalid_input, "a batch holds more than 500 messages");
  auto packed = compress(text);
  if (packed && packed->size() > kMaxRequestBytes)
    return fail(ErrorKind::invalid_input, "a batch is larger than 1 MiB compressed");
  return packed;
}

}  // namespace hf::wire
