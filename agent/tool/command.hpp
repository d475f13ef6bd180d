// The subcommands of the tool `holdfast`. Each takes its options as plain values, writes to standard output, and returns the exit code:
// 0 done, 1 the thing asked for is not in order, 2 wrong use or unreadable input. Errors go to standard error and name the thing and the remedy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hf::app {

struct ReplayCommand {
  std::vector<std::string> paths;  // several: tables and queue_logs of one PBX
  std::string calls, incidents, agents;  // NDJSON files to write; empty = none, "-" = standard output
  std::string report;                      // HTML page to write; empty = none
  std::string smdr_template;      // the one path is a file of call records printed in this way; empty = it is not
  std::string time_zone = "UTC";  // of these
  bool russian = false;
};
int run_replay(const ReplayCommand& command);

struct EvaluateCommand {
  std::string folder;
  std::string nab;     // a folder with the Numenta Anomaly Benchmark, judged instead
  std::string alarms;  // file to write "date,second,queue,kind" to; empty = none
  bool no_agent_state = false, login_only = false;
  bool sensitivity = false;
  double false_ready = 0;
  uint64_t seed = 1;
};
int run_evaluate(const EvaluateCommand& command);
// The plain-series fallback on the Numenta Anomaly Benchmark in `folder`.
int run_nab(const std::string& folder);

int run_status(const std::string& state_dir);
// Which signatures of an imposed hold the connected source can show, and what would show the others.
int run_coverage(const std::string& state_dir);
int run_check_config(const std::string& path, bool hq);
int run_doctor(const std::string& config_path);
// Makes the site's key where the configuration wants it, and the request that HQ signs; prints the request's fingerprint.
int run_request(const std::string& config_path, const std::string& out);

struct ListenCommand {
  std::string config;
  std::string source;       // of several, by its name; empty = the only one
  uint32_t seconds = 60;
};
// Connects as the agent would, and prints what comes: kinds with examples, the clock, and what never came with the likely reason.
int run_listen(const ListenCommand& command);

struct RecordCommand {
  ListenCommand listen;
  std::string out;          // a folder without a recording
  uint64_t max_mb = 256;
};
// Writes what the PBX sends as a capture, people taken out of it; the key stays in the state folder.
int run_record(const RecordCommand& command);

// Proposes a template for printed call records in `file`; local times are of `time_zone`.
int run_smdr_assist(const std::string& file, const std::string& time_zone);

struct SurveysCommand {
  std::string file;         // CSV, as hal/pbx/survey_csv.hpp reads it
  std::string state_dir;
  uint32_t seconds = 30;    // to wait for the agent
};
// Hands a file of answers to surveys to the agent that runs on that state folder, and prints what it took. Each file is taken once.
int run_surveys(const SurveysCommand& command);

struct EraseCommand {
  std::string state_dir;
  std::string caller;      // a number as dialled; empty = none
  std::string agent_name;  // as the PBX shows it; empty = none
};
// Takes a person out of a stopped agent's journal and of what was made of it; the agent makes the rest anew at its next start.
int run_erase(const EraseCommand& command);

}  // namespace hf::app
