// The tool: reads histories, and looks after an installation. Arguments only; the work is in command_*.cpp.
#include <CLI/CLI.hpp>
#include <functional>

#include "agent/tool/command.hpp"

namespace {

struct Options {
  hf::app::ReplayCommand replay;
  hf::app::EvaluateCommand evaluate;
  hf::app::EraseCommand erase;
  hf::app::ListenCommand listen;
  hf::app::RecordCommand record;
  hf::app::SurveysCommand surveys;
  std::string state_dir, config, out, lines, time_zone = "UTC";
  bool hq = false;
};

using Run = std::function<int()>;

CLI::App* command(CLI::App& app, Run& chosen, const char* name, const char* what, Run run) {
  auto* added = app.add_subcommand(name, what);
  added->callback([&chosen, run = std::move(run)] { chosen = run; });
  return added;
}

void add_replay(CLI::App& app, Run& chosen, hf::app::ReplayCommand& o) {
  auto* cmd = command(app, chosen, "replay",
                      "Prints the incidents a history would have raised.\n"
                      "Example: holdfast replay captures/monday --calls calls.ndjson --incidents incidents.ndjson\n"
                      "Example: holdfast replay cdr.csv cel.csv queue_log --report pilot.html",
                      [&o] { return hf::app::run_replay(o); });
  cmd->add_option("PATH", o.paths, "A capture folder, an agent's state folder (also while it runs), an AMI stream with its .times, an Event Socket stream with its .idx and .sent, a queue_log, or tables of one Asterisk (CDR, CEL and queue_log as CSV, several together); plain or gzipped")->required();
  cmd->add_option("--calls", o.calls, "Write every call as NDJSON to this file (- for standard output)");
  cmd->add_option("--incidents", o.incidents, "Write every incident as NDJSON to this file (- for standard output)");
  cmd->add_option("--agents", o.agents, "Write every agent's states as NDJSON to this file (- for standard output)");
  cmd->add_option("--report", o.report, "Write one page (HTML, for the browser or the printer): what you would have been told, beside what your own queue report said");
  cmd->add_option("--smdr-template", o.smdr_template, "PATH is a file of call records that a classic PBX printed; how, this template says")->check(CLI::ExistingFile);
  cmd->add_option("--time-zone", o.time_zone, "Of the PBX that printed them")->capture_default_str();
  cmd->add_flag("--russian", o.russian, "Word the incidents and the page in Russian");
}

void add_evaluate(CLI::App& app, Run& chosen, hf::app::EvaluateCommand& o) {
  auto* cmd = command(app, chosen, "evaluate",
                      "Runs the detectors over days of labelled call data, and prints what they found, how late, and the false alarms.\n"
                      "Example: holdfast evaluate bank/dev_1 --login-only --alarms alarms.csv",
                      [&o] { return o.nab.empty() ? hf::app::run_evaluate(o) : hf::app::run_nab(o.nab); });
  auto* data = cmd->add_option_group("Data")->require_option(1);
  data->add_option("DIR", o.folder, "A folder with calls.csv.gz, agents.csv.gz and truth.json");
  data->add_option("--nab", o.nab, "A folder with the Numenta Anomaly Benchmark: scores the fallback for series of which nothing is known");
  auto* none = cmd->add_flag("--no-agent-state", o.no_agent_state, "As a source that tells nothing of agents");
  cmd->add_flag("--login-only", o.login_only, "As a source that tells who is logged in, but not who is ready")->excludes(none);
  cmd->add_option("--false-ready", o.false_ready, "This share of member time is falsely shown ready (0.05)")->check(CLI::Range(0.0, 1.0));
  cmd->add_option("--seed", o.seed, "Of the lot that --false-ready draws");
  cmd->add_flag("--sensitivity", o.sensitivity, "Print the same with each number of the detectors halved and doubled");
  cmd->add_option("--alarms", o.alarms, "Write date,second,queue,kind of every alarm to this file");
}

void add_care(CLI::App& app, Run& chosen, Options& o) {
  command(app, chosen, "status",
          "Tells how a running agent is: source, journal, HQ link, open incidents.\n"
          "Example: holdfast status --state /var/lib/holdfast",
          [&o] { return hf::app::run_status(o.state_dir); })
      ->add_option("--state", o.state_dir, "The agent's state folder")
      ->required();
  command(app, chosen, "coverage",
          "Tells which signatures of an imposed hold and which figures the connected source can show, and what it would take to see the others.\n"
          "Example: holdfast coverage --state /var/lib/holdfast",
          [&o] { return hf::app::run_coverage(o.state_dir); })
      ->add_option("--state", o.state_dir, "The agent's state folder")
      ->required();
  auto* check = command(app, chosen, "check-config",
                        "Reads a configuration as the agent would, and tells what is wrong with file and line.\n"
                        "Example: holdfast check-config /etc/holdfast/agent.toml",
                        [&o] { return hf::app::run_check_config(o.config, o.hq); });
  check->add_option("FILE", o.config, "agent.toml or hq.toml")->required();
  check->add_flag("--hq", o.hq, "It is HQ's configuration");
  command(app, chosen, "doctor",
          "Checks an installation: configuration, state folder, disk, journal, PBX and HQ within reach.\n"
          "Example: holdfast doctor --config /etc/holdfast/agent.toml",
          [&o] { return hf::app::run_doctor(o.config); })
      ->add_option("--config", o.config, "The agent's configuration")
      ->required();
  auto* request = command(app, chosen, "request",
                          "Makes this site's key and the request that HQ signs at enrolment; prints the request's fingerprint.\n"
                          "Example: holdfast request --config /etc/holdfast/agent.toml --out berlin.csr",
                          [&o] { return hf::app::run_request(o.config, o.out); });
  request->add_option("--config", o.config, "The agent's configuration; hq.key_file says where the key goes")->required();
  request->add_option("--out", o.out, "The request (PEM), to carry to HQ")->required();
}

void add_listening(hf::app::ListenCommand& o, CLI::App* cmd) {
  cmd->add_option("--config", o.config, "The agent's configuration")->required();
  cmd->add_option("--source", o.source, "Of several sources, the one of this name");
  cmd->add_option("--seconds", o.seconds, "How long")->check(CLI::Range(1, 86'400))->capture_default_str();
}

void add_connecting(CLI::App& app, Run& chosen, Options& o) {
  auto* listen = command(app, chosen, "listen",
                         "Listens to the PBX and shows what it tells, what never came, and why; beside a running agent or without one.\n"
                         "Example: holdfast listen --config /etc/holdfast/agent.toml --seconds 60",
                         [&o] { return hf::app::run_listen(o.listen); });
  add_listening(o.listen, listen);
  auto* record = command(app, chosen, "record",
                         "Writes what a PBX tells as a capture; every number and name in it becomes another one. Sources that are sent to (syslog, hep,\n"
                         "tap, smdr) need the agent stopped meanwhile, since it listens at the same place.\n"
                         "Example: holdfast record --config /etc/holdfast/agent.toml --seconds 3600 --out for-support",
                         [&o] { return hf::app::run_record(o.record); });
  add_listening(o.record.listen, record);
  record->add_option("--out", o.record.out, "A new folder")->required();
  record->add_option("--max-mb", o.record.max_mb, "Ends at so many megabytes")->check(CLI::Range(1, 100'000))->capture_default_str();
  auto* surveys = command(app, chosen, "surveys",
                          "Brings a CSV file of answers to surveys to the running agent: columns time, queue or call, question, score, scale.\n"
                          "Example: holdfast surveys february.csv --state /var/lib/holdfast",
                          [&o] { return hf::app::run_surveys(o.surveys); });
  surveys->add_option("FILE", o.surveys.file, "The answers; the same file is taken once")->required();
  surveys->add_option("--state", o.surveys.state_dir, "The agent's state folder")->required();
  surveys->add_option("--seconds", o.surveys.seconds, "How long to wait for the agent")->check(CLI::Range(1, 3600))->capture_default_str();
  auto* assist = command(app, chosen, "smdr-assist",
                         "Proposes a template for the call records of a classic PBX from some fifty lines of them, and tells what is unsure.\n"
                         "Example: holdfast smdr-assist lines.txt --time-zone Europe/Berlin",
                         [&o] { return hf::app::run_smdr_assist(o.lines, o.time_zone); });
  assist->add_option("FILE", o.lines, "The lines as the PBX prints them")->required();
  assist->add_option("--time-zone", o.time_zone, "Of the PBX's clock")->capture_default_str();
}

void add_erase(CLI::App& app, Run& chosen, hf::app::EraseCommand& o) {
  auto* cmd = command(app, chosen, "erase",
                      "Takes a caller's pseudonym or an agent's name out of all that a stopped agent keeps.\n"
                      "Example: holdfast erase --state /var/lib/holdfast --caller +4930123456",
                      [&o] { return hf::app::run_erase(o); });
  cmd->add_option("--state", o.state_dir, "The agent's state folder")->required();
  auto* caller = cmd->add_option("--caller", o.caller, "The caller's number; its digits count");
  auto* agent = cmd->add_option("--agent-name", o.agent_name, "The agent's name as the PBX shows it");
  caller->excludes(agent);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Holdfast: says within minutes, with evidence, when callers are made to wait although agents are free."};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "The help of all commands");
  Options options;
  Run chosen;
  add_replay(app, chosen, options.replay);
  add_evaluate(app, chosen, options.evaluate);
  add_erase(app, chosen, options.erase);
  add_care(app, chosen, options);
  add_connecting(app, chosen, options);
  CLI11_PARSE(app, argc, argv);
  return chosen();
}
