// The agent: the one place that builds every part and connects them. In: settings. Out: a running appliance, until it is stopped.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "agent/settings/settings.hpp"
#include "hal/platform/clock.hpp"

namespace hf::app {

// What a person needs to begin: told once at the start.
struct Greeting {
  std::string address;                     // "https://127.0.0.1:8443/"
  std::string fingerprint;                 // of the page's certificate, for people
  std::optional<std::string> setup_code;   // unset once there is a user
  std::string state_dir;
};

// Where the settings came from, for the page that changes them.
struct SettingsOrigin {
  std::filesystem::path file;             // empty: from no file
  std::optional<std::string> taken_back;  // why newer ones, saved by the page, were given up
};

enum class Ended : uint8_t { stopped, settings_changed };

class Agent {
 public:
  // Opens everything in the state folder, recovers, and serves. Fails with a message that names the thing and the remedy: busy (another agent
  // holds the folder, or the port is taken), unsupported (a newer program's files), denied, invalid_input, io.
  static Result<std::unique_ptr<Agent>> start(const settings::AgentSettings& settings, SettingsOrigin origin, Clock& clock, Random& random);
  ~Agent();

  const Greeting& greeting() const;
  // Until stop(), or until the page saved other settings: then it is to be started anew with them. The error that ended it, if one did.
  Result<Ended> run();
  void stop();  // from any thread, any number of times

 private:
  struct Parts;
  explicit Agent(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hf::app
