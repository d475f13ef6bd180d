#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "agent/wire/decode.hpp"
#include "agent/wire/json_reader.hpp"
#include "agent/wire/label_rules.hpp"

namespace hf::wire {
namespace {

Bins bins(JsonReader& in, std::string_view name) {
  const auto& flat = in.list(name, 2 * kBins);
  Bins out;
  int64_t least = 0;
  for (size_t i = 0; i < flat.size(); i += 2) {
    const auto bin = integer_in(flat[i], least, kBins - 1);
    const auto count = i + 1 < flat.size() ? integer_in(flat[i + 1], 1, UINT32_MAX) : std::nullopt;
    if (!bin || !count) return in.fault(name, "is not a list of rising bins with counts"), Bins();
    out.emplace_back(static_cast<uint8_t>(*bin), static_cast<uint32_t>(*count));
    least = *bin + 1;
  }
  return out;
}

Scope scope(JsonReader& in) {
  const auto value = scope_from(in.text("scope"));
  if (!value) in.fault("scope", "is not one of queue, line");
  return value.value_or(Scope{});
}

void counts(JsonReader& in, Summary& s) {
  s.revision = in.count("rev"), s.observed_seconds = in.count("observed");
  s.offered = in.count("offered"), s.answered = in.count("answered"), s.abandoned = in.count("abandoned");
  s.short_abandoned = in.count("short_abandoned"), s.timeout = in.count("timeout"), s.exit_key = in.count("exit_key");
  s.refused = in.count("refused"), s.lost = in.count("lost");
  s.answered_within = in.count("answered_within"), s.abandoned_within = in.count("abandoned_within");
}

void durations(JsonReader& in, Summary& s) {
  s.service_level = in.span("service_level"), s.answered_wait = in.span("answered_wait");
  s.abandoned_wait = in.span("abandoned_wait"), s.hold = in.span("hold"), s.talk = in.span("talk");
  s.longest_wait = in.span("longest_wait"), s.waiting = in.span("waiting");
  s.staffed = in.span_or_null("staffed"), s.busy = in.span_or_null("busy"), s.free = in.span_or_null("free");
  s.avoidable_wait = in.span_or_null("avoidable");
}

Summary summary(JsonReader& in) {
  Summary s;
  s.scope = scope(in), s.id = in.id("id"), s.start = in.time("start");
  const auto span = span_of(in.integer("span", 1, 60));
  if (!span) in.fault("span", "is not 1, 15 or 60");
  s.span = span.value_or(Span{});
  s.cover = in.hex("cover", 1, 16);
  const uint32_t minutes = minutes_of(s.span);
  if (s.cover == 0 || (minutes == 1 && s.cover != 1) || s.cover >> minutes != 0)
    in.fault("cover", "does not fit the span");
  if (s.start.time_since_epoch() % std::chrono::minutes(minutes) != Duration::zero())
    in.fault("start", "does not fit the span");
  counts(in, s), durations(in, s);
  if (s.observed_seconds > minutes * 60) in.fault("observed", "is longer than the span");
  s.answered_waits = bins(in, "answered_waits"), s.abandoned_waits = bins(in, "abandoned_waits"),
  s.holds = bins(in, "holds");
  return s;
}

// Each element of the list as an object, read by `read`.
template <class T, class F>
std::vector<T> objects(JsonReader& in, std::string_view name, size_t most, F&& read) {
  std::vector<T> out;
  for (const auto& element : in.list(name, most)) {
    if (!element.is_object()) return in.fault(name, "holds something that is no object"), out;
    JsonReader inner(element.get_object());
    out.push_back(read(inner));
    in.adopt(inner, fmt::format("{} {}", name, out.size()));
    if (!in.ok()) break;
  }
  return out;
}

Minutes minutes(JsonReader& in) {
  Minutes m{objects<Summary>(in, "sums", kMaxSums, summary)};
  if (m.sums.empty()) in.fault("sums", "is empty");
  return m;
}

std::vector<Id> ids(JsonReader& in, std::string_view name) {
  std::vector<Id> out;
  for (const auto& element : in.list(name, kMaxIds)) {
    const auto id = element.is_string() ? hex_in(std::string_view(element.get_string()), 16, 16) : std::nullopt;
    if (!id) return in.fault(name, "holds something that is no id"), out;
    out.push_back(Id{*id});
  }
  return out;
}

std::vector<Time> times(JsonReader& in, std::string_view name) {
  std::vector<Time> out;
  const auto milliseconds = [](Time t) { return t.time_since_epoch() / std::chrono::milliseconds(1); };
  for (const auto& element : in.list(name, kMaxIds)) {
    const auto ms = integer_in(element, milliseconds(kFirstTime), milliseconds(kLastTime));
    if (!ms) return in.fault(name, "holds something that is no time"), out;
    out.emplace_back(std::chrono::milliseconds(*ms));
  }
  return out;
}

std::vector<Value> values(JsonReader& in, bool newer) {
  std::vector<Value> out;
  const auto& object = in.object("values");
  if (object.size() > kMaxValues) in.fault("values", "holds more than 16");
  for (const auto& member : object) {
    const auto name = value_named(member.key());
    if (!name && newer) continue;
    const auto milli = integer_in(member.value(), -kMaxMilli, kMaxMilli);
    if (!name || !milli) return in.fault("values", "holds an unknown name or a number out of range"), out;
    out.push_back(Value{*name, *milli});
  }
  return out;
}

std::vector<Evidence> evidence(JsonReader& in, bool newer) {
  auto all = objects<Evidence>(in, "evidence", kMaxEvidence, [newer](JsonReader& one) {
    Evidence e;
    const auto known = template_named(one.text("template"));
    if (!known && !newer) one.fault("template", "is not known");
    e.template_id = known.value_or("");
    e.sample_size = one.count("n"), e.at = one.time("at"), e.values = values(one, newer);
    return e;
  });
  std::erase_if(all, [](const Evidence& e) { return e.template_id.empty(); });
  return all;
}

Incident incident(JsonReader& in, bool newer) {
  Incident i;
  const auto kind = incident_kind_from(in.text("what"));
  if (!kind && !newer) in.fault("what", "is no known kind of incident");
  i.kind = kind.value_or(IncidentKind::unknown);
  i.id = in.id("id"), i.revision = in.count("rev");
  i.lines = ids(in, "lines"), i.line_named = times(in, "line_named"), i.queues = ids(in, "queues");
  i.onset = in.time("onset"), i.onset_low = in.time("onset_low"), i.onset_high = in.time("onset_high");
  i.signalled = in.time("signalled"), i.closed = in.time_or_null("closed"),
  i.acknowledged = in.time_or_null("acknowledged");
  i.imposed_wait = in.span_or_null("imposed_wait"), i.affected_calls = in.count("calls");
  i.avoidable = in.span_or_null("avoidable"), i.imposed = in.span("imposed");
  i.evidence = evidence(in, newer);
  return i;
}

Labels labels(JsonReader& in) {
  Labels l;
  l.revision = in.count("rev");
  l.labels = objects<Label>(in, "labels", kMaxLabels, [](JsonReader& one) {
    Label label{scope(one), one.id("id"), std::string(one.text("label"))};
    if (auto good = check_label(label.text); !good) one.fault("label", good.error().what);
    return label;
  });
  return l;
}

Gap gap(JsonReader& in) {
  const auto why = gap_reason_from(in.text("why"));
  if (!why) in.fault("why", "is not one of over_budget, damaged");
  return Gap{why.value_or(GapReason{}), in.time("from"), in.time("to")};
}

// A question of a newer minor version is left out: then there are no answers.
SurveyDay survey_day(JsonReader& in, bool newer) {
  SurveyDay d;
  d.queue = in.id_or_null("queue"), d.start = in.time("start");
  const auto question = survey_question_from(in.text("question"));
  if (!question && newer) return d;
  if (!question) in.fault("question", "is not one of csat, nps, ces");
  d.question = question.value_or(SurveyQuestion{});
  d.low = in.small("low"), d.high = in.small("high");
  d.answers = in.count("answers"), d.sum = in.count("sum"), d.top = in.count("top"), d.bottom = in.count("bottom");
  if (const auto fault = fault_of(d); in.ok() && !fault.empty()) in.fault("answers", fault);
  return d;
}

// A message of questions that are all newer than this program says nothing here.
Body surveys(JsonReader& in, bool newer) {
  Surveys s{objects<SurveyDay>(in, "sums", kMaxSurveys, [newer](JsonReader& one) { return survey_day(one, newer); })};
  if (s.sums.empty()) in.fault("sums", "is empty");
  std::erase_if(s.sums, [](const SurveyDay& d) { return d.answers == 0; });
  if (s.sums.empty()) return Ignored{};
  return s;
}

Body by_kind(JsonReader& in, bool newer) {
  const auto kind = in.text("kind");
  if (kind == "minutes") return minutes(in);
  if (kind == "incident") return incident(in, newer);
  if (kind == "labels") return labels(in);
  if (kind == "gap") return gap(in);
  if (kind == "surveys") return surveys(in, newer);
  if (!newer) in.fault("kind", "is no known kind of message");
  return Ignored{};
}

}  // namespace

Result<Body> decode_body(std::string_view text) {
  const auto version = version_of(text);
  if (!version) return fail(version.error());
  auto object = parse_object(text, kMaxLineBytes);
  if (!object) return fail(std::move(object.error()));
  JsonReader in(*object);
  Body body = by_kind(in, version->minor > kVersion.minor);
  if (auto good = in.status(); !good) return fail(std::move(good.error()));
  return body;
}

}  // namespace hf::wire
