#include "agent/rules/rule.hpp"

#include "agent/rules/firing.hpp"

namespace hf::rules {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::critical: return "critical";
  }
  return "info";
}

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::shadow: return "shadow";
    case Mode::active: return "active";
    case Mode::off: return "off";
  }
  return "shadow";
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::rule: return "rule";
    case Role::signal: return "signal";
    case Role::guardrail: return "guardrail";
  }
  return "rule";
}

std::optional<Severity> severity_from(std::string_view name) {
  for (const auto severity : {Severity::info, Severity::warning, Severity::critical})
    if (to_string(severity) == name) return severity;
  return std::nullopt;
}

std::optional<Mode> mode_from(std::string_view name) {
  for (const auto mode : {Mode::shadow, Mode::active, Mode::off})
    if (to_string(mode) == name) return mode;
  return std::nullopt;
}

std::string_view to_string(Why why) {
  switch (why) {
    case Why::known: return "known";
    case Why::not_observed: return "not_observed";
    case Why::no_agent_state: return "no_agent_state";
    case Why::too_few_calls: return "too_few_calls";
    case Why::no_such_place: return "no_such_place";
    case Why::not_reached_yet: return "not_reached_yet";
    case Why::no_usual: return "no_usual";
  }
  return "known";
}

std::string_view to_string(Ended ended) {
  switch (ended) {
    case Ended::still: return "still";
    case Ended::cleared: return "cleared";
    case Ended::unmeasured: return "unmeasured";
    case Ended::changed: return "changed";
    case Ended::deleted: return "deleted";
    case Ended::over: return "over";
  }
  return "still";
}

}  // namespace hf::rules
