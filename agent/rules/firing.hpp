// What a rule said and what it measured. Types only.
#pragma once

#include "agent/rules/rule.hpp"
#include "agent/rules/text.hpp"

namespace hf::rules {

struct Place {  // one queue or one line
  metrics::Scope scope{};
  std::string id;
  auto operator<=>(const Place&) const = default;
  template <class A> void fields(A& a) { a("scope", scope), a("id", id); }
};

// Why a measure has no value. Missing is told, never taken as "no".
enum class Why : uint8_t { known, not_observed, no_agent_state, too_few_calls, no_such_place, not_reached_yet, no_usual };
std::string_view to_string(Why why);

struct Value {
  Measure measure{};
  Place place;
  Duration over{};              // 0: at this moment
  std::optional<double> value;  // in the measure's unit
  bool at_least = false;        // callers still wait: the value can only grow
  uint32_t sample = 0;          // calls behind it
  Why why{};
  template <class A> void fields(A& a) {
    a("measure", measure), a("place", place), a("over", over), a("value", value), a("at_least", at_least), a("sample", sample), a("why", why);
  }
};

enum class Ended : uint8_t { still, cleared, unmeasured, changed, deleted, over };
std::string_view to_string(Ended ended);

// A rule that fired at one queue or line: the record kept in the store, shown on the page and told to the webhook.
struct Firing {
  std::string id;               // 16 hex digits: the same after any replay
  std::string rule;
  uint32_t rule_revision = 0;
  Role role{};
  Severity severity{};
  bool shadow = false;
  Place place;
  Time since{};                 // when its condition began to hold
  Time opened{};                // since + "for": its own Time-to-Signal is opened - since
  std::optional<Time> paged;    // unset: shadow, maintenance or snooze kept it quiet so far
  std::optional<Time> closed;
  Ended ended{};
  std::vector<Value> values;    // as measured when it opened
  uint32_t revision = 0;        // grows at each change
  template <class A> void fields(A& a) {
    a("id", id), a("rule", rule), a("rule_revision", rule_revision), a("role", role), a("severity", severity), a("shadow", shadow), a("place", place);
    a("since", since), a("opened", opened), a("paged", paged), a("closed", closed), a("ended", ended), a("values", values), a("revision", revision);
  }
};

}  // namespace hf::rules
