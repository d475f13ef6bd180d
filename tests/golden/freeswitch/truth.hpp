// What really happened in a recorded run, written by the phones on both sides of the PBX: truth.jsonl.gz beside each
// capture. Times are the phones' own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::golden {

struct FsTalk {
  std::string agent;  // "agent1"
  Time from{};
  std::optional<Time> to;
};

struct FsCall {
  std::string id, line, result, label, ended_by;
  Time invited{};
  std::optional<Time> answered, ended;  // by an agent; for the caller
  std::optional<Time> hold_from, hold_to;
  std::vector<FsTalk> talks;
};

struct FsTruth {
  std::vector<FsCall> calls;   // those the PBX took
  std::vector<FsTalk> breaks;  // "On Break", as the control connection set it
  std::optional<Time> killed, shut_down, held_from, held_to;
  size_t loopback_calls = 0;  // callers without a phone
};

FsTruth read_fs_truth(const std::string& folder);

}  // namespace hf::golden
