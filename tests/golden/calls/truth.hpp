// What really happened in a recorded run, written by the load driver that placed the calls: truth.jsonl.gz beside each
// capture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/calls/call.hpp"

namespace hf::golden {

struct TrueCall {
  std::string id, line, outcome;
  Time invited{};
  std::optional<Time> connected, ended;
  std::vector<std::string> agents;  // who answered, in order
};

struct TrueInterval {
  std::string agent, queue;  // "PJSIP/1007"; queue empty = every queue, or not told
  Time from{};
  std::optional<Time> to;
  std::optional<Time> may_end_from;  // any end from here to `to` is right
};

struct Truth {
  std::vector<TrueCall> calls;      // those cut by the end of the run are left out
  std::vector<TrueInterval> talks;  // what a phone answered
  std::vector<TrueInterval> pauses;
  std::vector<TrueInterval> restarts;  // from the stop to the PBX being back
  size_t cut_by_end = 0;
};

Truth read_truth(const std::string& capture_folder);

}  // namespace hf::golden
