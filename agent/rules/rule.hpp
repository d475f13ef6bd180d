// What people write down: rules, hypotheses, declared changes, and the actions by which they do. Types only. All are journalled inputs of the core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/metrics/minute.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::rules {

inline constexpr size_t kMaxRules = 100, kMaxHypotheses = 30, kMaxChanges = 30, kMaxGuardrails = 5, kMaxMaintenance = 10;
inline constexpr std::chrono::hours kMaxSnooze{24};

enum class Severity : uint8_t { info, warning, critical };
enum class Mode : uint8_t { shadow, active, off };         // zero pages nobody
enum class Role : uint8_t { rule, signal, guardrail };     // signal: of a hypothesis; guardrail: of a declared change
std::string_view to_string(Severity severity);
std::string_view to_string(Mode mode);
std::string_view to_string(Role role);
std::optional<Severity> severity_from(std::string_view name);
std::optional<Mode> mode_from(std::string_view name);

struct Maintenance {        // nobody is paged: every week when `weekdays` is not 0, else once
  uint8_t weekdays = 0;     // bit 0 = Monday
  uint16_t from_minute = 0, to_minute = 0;  // after local midnight; to <= from: into the next day
  Time from{}, to{};        // [from, to)
  bool operator==(const Maintenance&) const = default;
  template <class A> void fields(A& a) {
    a("weekdays", weekdays), a("from_minute", from_minute), a("to_minute", to_minute), a("from", from), a("to", to);
  }
};

struct Rule {
  std::string id;           // "r1": opaque, given once
  std::string name, text, owner, runbook;
  Severity severity{};
  Mode mode{};
  Role role{};
  std::vector<Maintenance> maintenance;
  std::optional<Time> snoozed_until;
  std::string snoozed_by;
  std::optional<Time> from, to;  // a guardrail's life
  uint32_t revision = 0;    // grows at each change
  Time changed{};
  std::string changed_by;   // user name
  template <class A> void fields(A& a) {
    a("id", id), a("name", name), a("text", text), a("owner", owner), a("runbook", runbook), a("severity", severity), a("mode", mode), a("role", role);
    a("maintenance", maintenance), a("snoozed_until", snoozed_until), a("snoozed_by", snoozed_by), a("from", from), a("to", to);
    a("revision", revision), a("changed", changed), a("changed_by", changed_by);
  }
};

struct Hypothesis {         // "when `signal` stands, `target` follows within the lead time"
  std::string id;           // "h1"; its signal is watched as the rule "h1.signal", which pages nobody
  std::string name, signal, expectation, owner;
  std::string target;       // "rule:r1" or "incident:artificial_hold"
  Duration lead_min{}, lead_max{};
  uint32_t weeks = 4;       // from `created`: then it is decided
  Time created{};
  std::string created_by;
  template <class A> void fields(A& a) {
    a("id", id), a("name", name), a("signal", signal), a("expectation", expectation), a("owner", owner), a("target", target);
    a("lead_min", lead_min), a("lead_max", lead_max), a("weeks", weeks), a("created", created), a("created_by", created_by);
  }
};

struct DeclaredChange {     // a planned experiment on one queue or line
  std::string id;           // "c1"; its guardrails are watched as the rules "c1.g1", ...
  std::string name, owner, what;
  metrics::Scope scope{};
  std::string subject;      // queue or line
  Time from{}, to{};
  std::optional<Duration> expected_wait, expected_handling;  // imposed per caller; per answered call
  std::vector<std::string> guardrails;                       // rule texts
  Time declared{};
  std::string declared_by;
  template <class A> void fields(A& a) {
    a("id", id), a("name", name), a("owner", owner), a("what", what), a("scope", scope), a("subject", subject), a("from", from), a("to", to);
    a("expected_wait", expected_wait), a("expected_handling", expected_handling), a("guardrails", guardrails);
    a("declared", declared), a("declared_by", declared_by);
  }
};

struct SetRule { Rule rule; template <class A> void fields(A& a) { a("rule", rule); } };
struct DeleteRule { std::string id; template <class A> void fields(A& a) { a("id", id); } };
struct SnoozeRule {         // unset: the snooze ends now
  std::string id;
  std::optional<Time> until;
  template <class A> void fields(A& a) { a("id", id), a("until", until); }
};
struct SetHypothesis { Hypothesis hypothesis; template <class A> void fields(A& a) { a("hypothesis", hypothesis); } };
struct DeleteHypothesis { std::string id; template <class A> void fields(A& a) { a("id", id); } };
struct SetChange { DeclaredChange change; template <class A> void fields(A& a) { a("change", change); } };
struct EndChange {          // before its time: it stays on record up to now; one that has not begun goes
  std::string id;
  template <class A> void fields(A& a) { a("id", id); }
};

// One thing that a person did, as the journal keeps it. Alternatives are only ever added at the end.
struct Action {
  uint8_t version = 1;
  std::string user;
  std::variant<SetRule, DeleteRule, SnoozeRule, SetHypothesis, DeleteHypothesis, SetChange, EndChange> what;
  template <class A> void fields(A& a) { a("version", version), a("user", user), a("what", what); }
};

}  // namespace hf::rules
