// The agent. Arguments only; agent.cpp builds and runs it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "agent/app/agent.hpp"
#include "agent/app/version.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/process.hpp"
#include "hal/platform/random.hpp"

namespace {

constexpr int kCannotStart = 1, kWrongUse = 2;

int refuse(const hf::Error& error) {
  fmt::print(stderr, "holdfast-agent: {}\n", error.what);
  return error.kind == hf::ErrorKind::invalid_input ? kWrongUse : kCannotStart;
}

void greet(const hf::app::Greeting& greeting) {
  fmt::print("Holdfast agent     {}\n", greeting.address);
  fmt::print("  certificate      SHA-256 {}\n", greeting.fingerprint);
  if (greeting.setup_code) fmt::print("  set-up code      {}   (once, within 24 hours)\n", *greeting.setup_code);
  fmt::print("  state            {}\n", greeting.state_dir);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Holdfast agent: listens to a PBX, detects, serves the site's page, reports to HQ.\n"
               "Example: holdfast-agent --config /etc/holdfast/agent.toml"};
  std::string config;
  bool dump = false;
  app.add_option("--config", config, "agent.toml; without it the defaults: a simulated PBX");
  app.add_flag("--dump-config", dump, "Print all keys with their values and end");
  app.set_version_flag("--version", std::string(hf::app::kVersion));
  CLI11_PARSE(app, argc, argv);

  auto settings = config.empty() ? hf::Result<hf::settings::AgentSettings>(hf::settings::AgentSettings{}) : hf::settings::load_agent(config);
  if (!settings) return refuse(settings.error());
  if (dump) {
    fmt::print("{}", hf::settings::dump(*settings));
    return 0;
  }
  hf::set_log_level(settings->log_level);
  std::atomic<hf::app::Agent*> running = nullptr;
  std::atomic<bool> asked = false;
  const hf::Signals signals([&](int) {
    asked = true;
    if (auto* agent = running.load()) agent->stop();
  });
  auto agent = hf::app::Agent::start(*settings, hf::system_clock(), hf::system_random());
  if (!agent) return refuse(agent.error());
  running = agent->get();
  greet((*agent)->greeting());
  (void)hf::notify_systemd("READY=1");
  if (asked) (*agent)->stop();
  const auto ended = (*agent)->run();
  running = nullptr;
  return ended ? 0 : refuse(ended.error());
}
