// Signals joined over time, with evidence. Types only. Evidence is a template id with numbers, worded in the reader's
// language where it is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/detect/values.hpp"
#include "agent/incidents/shares.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::incidents {

enum class Kind : uint8_t {
  artificial_hold,
  dead_queue,
  phones_refuse,
  missing_agents,
  handling_time,
  arrival_surge,
  wait_drift,
  trunk_failure,
  source_gap,
  unknown
};
std::string_view to_string(Kind kind);
Kind kind_from(std::string_view name);  // unknown for a name that is none

struct Evidence {
  std::string template_id;               // "held_beside_free", see evidence_words.hpp
  detect::Values values;    // "callers": 14, "wait_s": 900.2, ...
  uint32_t sample_size = 0;
  Time at{};
  bool operator==(const Evidence&) const = default;
  template <class A>
  void fields(A& a) {
    a("template_id", template_id), a("values", values), a("sample_size", sample_size), a("at", at);
  }
};

struct Incident {
  std::string id;  // 16 hex digits of a hash over epoch, kind and onset: the same after any replay
  Kind kind = Kind::unknown;
  std::vector<std::string> lines;  // in the order they were named
  std::vector<Time> line_named;    // when each was
  std::vector<std::string> queues;
  std::vector<std::string> members;  // phones_refuse: the devices. Never leaves the site
  Time onset{}, onset_low{}, onset_high{};
  Time signalled{};  // Time-to-Signal = signalled - onset
  std::optional<Time> closed;
  std::optional<Duration> imposed_wait;  // per caller
  uint32_t affected_calls = 0;
  std::optional<Duration> avoidable;      // caller time beside a free agent; unset = agent state unknown
  Duration imposed{};                     // caller time imposed so far, those still waiting included
  std::vector<Evidence> evidence;         // strongest first
  std::vector<std::string> first_checks;  // three template ids
  uint32_t revision = 0;                  // grows at each change
  std::optional<Time> acknowledged;
  std::string acknowledged_by;  // user name. Never leaves the site
  std::vector<Evidence> chain;   // what happened, oldest first (chain.hpp)
  std::optional<Shares> shares;  // of the extra wait since the onset; unset: no queue to look at
  std::string declared;         // the declared change that it began in; empty = none. Stays on site

  bool operator==(const Incident&) const = default;
  template <class A>
  void fields(A& a) {
    a("id", id), a("kind", kind), a("lines", lines), a("line_named", line_named), a("queues", queues),
        a("members", members), a("onset", onset);
    a("onset_low", onset_low), a("onset_high", onset_high), a("signalled", signalled), a("closed", closed),
        a("imposed_wait", imposed_wait);
    a("affected_calls", affected_calls), a("avoidable", avoidable), a("imposed", imposed), a("evidence", evidence),
        a("first_checks", first_checks);
    a("revision", revision), a("acknowledged", acknowledged), a("acknowledged_by", acknowledged_by);
    a("chain", chain), a("shares", shares), a("declared", declared);
  }
};

}  // namespace hf::incidents
