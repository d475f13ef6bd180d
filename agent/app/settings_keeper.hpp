// The page's hand on agent.toml: reads it, checks a new text as a start would, saves it, and keeps the files that it may name in <state>/files.
// On agent/web's worker thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/settings/settings.hpp"
#include "agent/web/settings_desk.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

struct KeeperParts {
  Path file;                              // agent.toml; empty: the agent was started without one
  settings::AgentSettings running;        // what it was started with
  std::optional<std::string> taken_back;  // why settings on trial were given up at this start
  std::function<void()> on_saved;         // the agent is to start anew, once the answer is out
};

class SettingsKeeper final : public web::SettingsDesk {
 public:
  explicit SettingsKeeper(KeeperParts parts);

  Result<web::SettingsView> view() override;
  web::SettingsVerdict check(std::string_view text) override;
  Status save(std::string_view text, std::string_view mark) override;
  Status keep_file(std::string_view name, std::string_view bytes) override;
  Status remove_file(std::string_view name) override;
  Result<web::EnrolmentRequest> enrolment_request() override;

 private:
  std::optional<std::string> locked() const;
  Result<std::string> text() const;
  Result<std::vector<web::SettingsFile>> files() const;
  bool names(const std::string& name) const;  // whether the present settings name the file of that name

  KeeperParts parts_;
  Path folder_;
};

}  // namespace hf::app
