// The agent. Arguments only; agent.cpp builds and runs it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <mutex>

#include "agent/app/agent.hpp"
#include "agent/app/settings_trial.hpp"
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

using hf::app::Agent;
using hf::settings::AgentSettings;

hf::Result<AgentSettings> load(const std::string& config) { return config.empty() ? hf::Result<AgentSettings>(AgentSettings{}) : hf::settings::load_agent(config); }

// Settings that the page saved and that no agent can start with are given up for those before them.
hf::Result<std::unique_ptr<Agent>> start(const std::string& config) {
  hf::app::SettingsOrigin origin{config, {}};
  for (;;) {
    auto settings = load(config);
    if (settings) hf::set_log_level(settings->log_level);
    auto agent = settings ? Agent::start(*settings, origin, hf::system_clock(), hf::system_random()) : hf::Result<std::unique_ptr<Agent>>(hf::fail(settings.error()));
    if (agent) {
      if (!config.empty()) hf::app::end_trial(config);
      return agent;
    }
    const auto back = config.empty() ? hf::Result<bool>(false) : hf::app::take_back(config);
    if (!back || !*back) return agent;
    origin.taken_back = agent.error().what;
    hf::log_warning("settings", "given up for those before them: {}", agent.error().what);
  }
}

// One agent after the other, for as long as its page saves other settings.
class Service {
 public:
  explicit Service(std::string config) : config_(std::move(config)) {}

  int run() {
    for (;;) {
      auto agent = start(config_);
      if (!agent) return refuse(agent.error());
      show(agent->get());
      greet((*agent)->greeting());
      (void)hf::notify_systemd("READY=1");
      const auto ended = (*agent)->run();
      show(nullptr);
      if (!ended) return refuse(ended.error());
      if (*ended == hf::app::Ended::stopped) return 0;
      hf::log_info("settings", "starting anew with other settings");
      (void)hf::notify_systemd("WATCHDOG=1");
    }
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    if (running_ != nullptr) running_->stop();
  }

 private:
  void show(Agent* agent) {
    const std::lock_guard lock(mutex_);
    running_ = agent;
    if (asked_ && agent != nullptr) agent->stop();
  }

  std::string config_;
  std::mutex mutex_;
  Agent* running_ = nullptr;
  bool asked_ = false;
};

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

  if (dump) {
    const auto settings = load(config);
    if (!settings) return refuse(settings.error());
    fmt::print("{}", hf::settings::dump(*settings));
    return 0;
  }
  Service service(config);
  const hf::Signals signals([&service](int) { service.stop(); });
  return service.run();
}
