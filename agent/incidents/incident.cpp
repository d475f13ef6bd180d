#include "agent/incidents/incident.hpp"

#include <array>
#include <utility>

namespace hf::incidents {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 10> kNames{{{Kind::artificial_hold, "artificial_hold"},
                                                                    {Kind::dead_queue, "dead_queue"},
                                                                    {Kind::phones_refuse, "phones_refuse"},
                                                                    {Kind::missing_agents, "missing_agents"},
                                                                    {Kind::handling_time, "handling_time"},
                                                                    {Kind::arrival_surge, "arrival_surge"},
                                                                    {Kind::wait_drift, "wait_drift"},
                                                                    {Kind::trunk_failure, "trunk_failure"},
                                                                    {Kind::source_gap, "source_gap"},
                                                                    {Kind::unknown, "unknown"}}};

}  // namespace

std::string_view to_string(Kind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  return "unknown";
}

Kind kind_from(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (known == name) return kind;
  }
  return Kind::unknown;
}

}  // namespace hf::incidents
