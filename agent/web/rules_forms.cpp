#include <fmt/format.h>

#include "agent/web/fields.hpp"
#include "agent/web/rules_json.hpp"

namespace hf::web {

namespace {

constexpr TextSize kName{1, 120}, kOwner{0, 120}, kRule{1, 500}, kWords{0, 2000};
constexpr double kLastTime = 4e9;  // unix seconds

void read_time(FieldReader& in, std::string_view name, Time& out) {
  Duration since{};
  in.seconds(name, since, 0, kLastTime);
  out = Time(since);
}

template <class E, class F>
void read_word(FieldReader& in, std::string_view name, E& out, F&& from, std::string_view words) {
  std::string word;
  in.text(name, word, {1, 32});
  const auto known = from(word);
  if (known) out = *known;
  else in.refuse(name, fmt::format("must be one of {}", words));
}

// Every week on the given days, or once from and to.
void read_maintenance(FieldReader in, const boost::json::value& entry, const std::string& path, std::optional<BadField>& bad, rules::Maintenance& out) {
  size_t number = 0;
  for (const auto& day : in.array("weekdays", 7)) {
    boost::json::error_code error;
    const auto index = day.to_number<int64_t>(error);
    if (error || index < 0 || index > 6) in.refuse(fmt::format("weekdays[{}]", number), "must be 0 (Monday) to 6");
    else out.weekdays = static_cast<uint8_t>(out.weekdays | 1 << index);
    ++number;
  }
  if (out.weekdays == 0) {
    read_time(in, "from", out.from), read_time(in, "to", out.to);
    if (!bad && out.to <= out.from) in.refuse("to", "must be after from");
    for (const auto unused : {"from_minute", "to_minute"}) (void)in.has(unused);
    return in.done();
  }
  int64_t from = 0, to = 0;
  in.integer("from_minute", from, 0, 1439), in.integer("to_minute", to, 0, 1440);
  out.from_minute = static_cast<uint16_t>(from), out.to_minute = static_cast<uint16_t>(to);
  for (const auto unused : {"from", "to"})
    if (in.has(unused) && !entry.as_object().at(unused).is_null()) bad = BadField{path + "." + unused, "has no place in a weekly window"};
  in.done();
}

void read_lead(FieldReader& in, Duration& least, Duration& most) {
  in.seconds("lead_min_s", least, 0, 86400 * 7), in.seconds("lead_max_s", most, 60, 86400 * 7);
  if (least > most) in.refuse("lead_min_s", "must not be longer than lead_max_s");
}

void read_maybe(FieldReader& in, const boost::json::object& body, std::string_view name, std::optional<Duration>& out) {
  if (in.has(name) && body.at(name).is_null()) return;
  in.seconds(name, out.emplace(), 0, 86400);
}

}  // namespace

std::optional<BadField> read_rule(const boost::json::object& body, rules::Rule& rule) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  in.text("name", rule.name, kName), in.text("text", rule.text, kRule), in.text("owner", rule.owner, kOwner);
  in.secret("runbook", rule.runbook, kWords);  // lines of their own are welcome
  read_word(in, "severity", rule.severity, rules::severity_from, "info, warning, critical");
  read_word(in, "mode", rule.mode, rules::mode_from, "shadow, active, off");
  for (const auto& entry : in.array("maintenance", rules::kMaxMaintenance)) {
    const std::string path = fmt::format("maintenance[{}]", rule.maintenance.size());
    read_maintenance(FieldReader(entry, path, bad), entry, path, bad, rule.maintenance.emplace_back());
    if (bad) return bad;
  }
  in.done();
  return bad;
}

std::optional<BadField> read_snooze(const boost::json::object& body, std::optional<Duration>& time) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  Duration length{};
  in.seconds("for_s", length, 0, 86400);
  in.done();
  if (length > Duration{}) time = length;
  return bad;
}

std::optional<BadField> read_text_form(const boost::json::object& body, std::string& text) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  in.secret("text", text, {0, 1000});  // the language itself names what is wrong
  in.done();
  return bad;
}

std::optional<BadField> read_backtest(const boost::json::object& body, BacktestRange& range) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  int64_t days = 0;
  in.text("text", range.text, kRule), in.integer("days", days, 1, 400);
  range.days = static_cast<uint32_t>(days);
  if (in.has("target")) in.text("target", range.target, {1, 64}), read_lead(in, range.lead_min, range.lead_max);
  in.done();
  return bad;
}

std::optional<BadField> read_hypothesis(const boost::json::object& body, rules::Hypothesis& h) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  int64_t weeks = 0;
  in.text("name", h.name, kName), in.text("signal", h.signal, kRule), in.text("owner", h.owner, kOwner), in.text("target", h.target, {1, 64});
  in.secret("expectation", h.expectation, kWords);
  read_lead(in, h.lead_min, h.lead_max);
  in.integer("weeks", weeks, 1, 52);
  h.weeks = static_cast<uint32_t>(weeks);
  in.done();
  return bad;
}

std::optional<BadField> read_change(const boost::json::object& body, rules::DeclaredChange& c) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  in.text("name", c.name, kName), in.text("owner", c.owner, kOwner), in.secret("what", c.what, kWords);
  read_word(in, "scope", c.scope,
            [](std::string_view word) -> std::optional<metrics::Scope> {
              if (word == "queue") return metrics::Scope::queue;
              return word == "line" ? std::optional(metrics::Scope::line) : std::nullopt;
            },
            "queue, line");
  in.text("subject", c.subject, {1, 128});
  read_time(in, "from", c.from), read_time(in, "to", c.to);
  read_maybe(in, body, "expected_wait_s", c.expected_wait), read_maybe(in, body, "expected_handling_s", c.expected_handling);
  in.texts("guardrails", c.guardrails, rules::kMaxGuardrails, kRule);
  in.done();
  return bad;
}

}  // namespace hf::web
