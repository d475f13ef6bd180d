// The tool: reads histories, and looks after an installation. Arguments only; the work is in command_*.cpp.
#include <CLI/CLI.hpp>

#include "agent/app/command.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Holdfast: says within minutes, with evidence, when callers are made to wait although agents are free."};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "The help of all commands");

  hf::app::ReplayCommand replay;
  auto* replay_cmd = app.add_subcommand("replay", "Prints the incidents a history would have raised.\n"
                                                  "Example: holdfast replay captures/monday --calls calls.ndjson --incidents incidents.ndjson");
  replay_cmd->add_option("PATH", replay.path, "A capture folder, an AMI stream with its .times, or a queue_log; plain or gzipped")->required();
  replay_cmd->add_option("--calls", replay.calls, "Write every call as NDJSON to this file (- for standard output)");
  replay_cmd->add_option("--incidents", replay.incidents, "Write every incident as NDJSON to this file (- for standard output)");
  replay_cmd->add_option("--agents", replay.agents, "Write every agent's states as NDJSON to this file (- for standard output)");
  replay_cmd->add_flag("--russian", replay.russian, "Word the incidents in Russian");

  std::string state_dir;
  auto* status_cmd = app.add_subcommand("status", "Tells how a running agent is: source, journal, HQ link, open incidents.\n"
                                                  "Example: holdfast status --state /var/lib/holdfast");
  status_cmd->add_option("--state", state_dir, "The agent's state folder")->required();

  std::string config_path;
  bool hq = false;
  auto* check_cmd = app.add_subcommand("check-config", "Reads a configuration as the agent would, and tells what is wrong with file and line.\n"
                                                       "Example: holdfast check-config /etc/holdfast/agent.toml");
  check_cmd->add_option("FILE", config_path, "agent.toml or hq.toml")->required();
  check_cmd->add_flag("--hq", hq, "It is HQ's configuration");

  auto* doctor_cmd = app.add_subcommand("doctor", "Checks an installation: configuration, state folder, disk, journal, PBX and HQ within reach.\n"
                                                  "Example: holdfast doctor --config /etc/holdfast/agent.toml");
  doctor_cmd->add_option("--config", config_path, "The agent's configuration")->required();

  std::string request_out;
  auto* request_cmd = app.add_subcommand("request", "Makes this site's key and the request that HQ signs at enrolment; prints the request's fingerprint.\n"
                                                    "Example: holdfast request --config /etc/holdfast/agent.toml --out berlin.csr");
  request_cmd->add_option("--config", config_path, "The agent's configuration; hq.key_file says where the key goes")->required();
  request_cmd->add_option("--out", request_out, "The request (PEM), to carry to HQ")->required();

  CLI11_PARSE(app, argc, argv);
  if (replay_cmd->parsed()) return hf::app::run_replay(replay);
  if (status_cmd->parsed()) return hf::app::run_status(state_dir);
  if (check_cmd->parsed()) return hf::app::run_check_config(config_path, hq);
  if (request_cmd->parsed()) return hf::app::run_request(config_path, request_out);
  return hf::app::run_doctor(config_path);
}
