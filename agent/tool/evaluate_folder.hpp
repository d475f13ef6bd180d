// A folder of call-level data, read day by day: calls.csv.gz and agents.csv.gz as published studies of call centres
// keep them. In: the folder. Out: a Day at a time, so that half a year needs the memory of one day. Owned by the
// evaluation; no clock.
//   calls.csv.gz   date, uid, queue, q_start, wait, outcome (AGENT or HANG_Q), ser_exit, server     (seconds since
//   local midnight; further columns are passed over) agents.csv.gz  date, time, agent, queue, event (LOGIN, LOGOUT,
//   PAUSE, UNPAUSE)
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/input_file.hpp"
#include "hal/platform/result.hpp"

namespace hf::app {

struct CallRow {
  std::string id, queue, server;
  std::chrono::seconds start{}, wait{}, exit{};  // exit: end of the talk, as told (never before start + wait)
  bool answered = false;
};

enum class AgentVerb : uint8_t { login, logout, pause, unpause };
struct AgentRow {
  std::string agent, queue;
  std::chrono::seconds time{};
  AgentVerb verb{};
};

struct Day {
  std::chrono::sys_days date{};
  std::vector<CallRow> calls;
  std::vector<AgentRow> agents;
};

// "1999-02-28"; invalid_input for anything else, and for a day that no calendar has.
Result<std::chrono::sys_days> to_date(std::string_view text);
std::string date_text(std::chrono::sys_days date);

// One table with a heading: fields by name. Errors name file and line.
class Table {
 public:
  // not_found, corrupt as InputFile; invalid_input when a column of `columns` is missing in the heading.
  static Result<Table> open(const std::filesystem::path& path, const std::vector<std::string_view>& columns);
  // False at the end. Then field(i) is the i-th of `columns`.
  Result<bool> next();
  std::string_view field(size_t i) const { return parts_[places_[i]]; }
  Result<std::chrono::seconds> time(size_t i) const;
  Result<std::chrono::sys_days> date(size_t i) const;
  Error error(std::string_view what) const;

 private:
  std::unique_ptr<pbx::InputFile> file_;
  std::vector<std::string_view> columns_;
  std::vector<size_t> places_;
  std::string line_;
  std::vector<std::string_view> parts_;
  uint64_t number_ = 0;

  Status read_line(bool& more);
};

class EvaluateFolder {
 public:
  static Result<EvaluateFolder> open(const std::filesystem::path& folder);
  // The next day that either table knows, in order; false at the end. Errors: what cannot be read, a date that goes
  // back, a day of more than kRowsPerDay rows; each with file and line.
  Result<bool> next(Day& day);

  static constexpr size_t kRowsPerDay = 1'000'000;

 private:
  EvaluateFolder(Table calls, Table agents) : calls_(std::move(calls)), agents_(std::move(agents)) {}
  Status step_calls();
  Status step_agents();

  Table calls_, agents_;
  bool calls_left_ = true, agents_left_ = true;
  std::chrono::sys_days call_date_{}, agent_date_{};
};

}  // namespace hf::app
