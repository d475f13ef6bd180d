// What really happened in the simulated centre, beside what its PBX told: the yardstick for whoever reads the events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::pbx {

// answered: a person talked to the caller, however it ended. lost: the PBX went down while the caller had not got so far.
enum class SimOutcome : uint8_t { open, answered, abandoned, timeout, exit_key, lost };

struct SimCallTruth {  // of a call from outside; agents' private calls are not among them
  std::string id, line, queue;    // queue: where it was to be answered
  Time arrived{};
  std::optional<Time> joined;     // that queue
  std::optional<Time> connected, ended;
  SimOutcome outcome = SimOutcome::open;
  bool held = false;              // by the policy
  std::string agent;              // device of the first person
  Duration hold{}, talk{};        // talk with people, holds included

  Duration wait() const { return connected.value_or(ended.value_or(arrived)) - arrived; }
};

struct SimTruth {
  std::vector<SimCallTruth> calls;  // in order of arrival; empty unless SimOptions::keep_truth
};

}  // namespace hf::pbx
