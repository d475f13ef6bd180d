// What IT does with sources, answered: listening at the running one, coverage, surveys, how calls sounded, and the SMDR assistant. On agent/web's worker thread.
#pragma once

#include "agent/app/engine.hpp"
#include "agent/app/listeners.hpp"
#include "agent/app/on_loop.hpp"
#include "agent/store/store.hpp"
#include "agent/web/source_tools.hpp"
#include "hal/pbx/listener.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/smdr/smdr_assist.hpp"

namespace hf::app {

struct ToolParts {
  Engine& engine;
  Inbox& inbox;
  store::Store& store;
  const std::vector<NamedSource>& sources;
  const Clock& clock;
  Path state_dir;
};

class AppTools final : public web::SourceTools {
 public:
  explicit AppTools(ToolParts parts) : parts_(std::move(parts)) {}

  Result<web::SurveyReport> surveys(Time from, Time to) override;
  Result<web::SurveyImport> import_surveys(std::string_view csv) override;
  Result<web::VoiceReport> voice(Time from, Time to) override;
  web::CoverageView coverage() override;
  Status listen(std::chrono::seconds length) override;
  std::vector<web::ListenView> listening() override;
  Result<web::SmdrView> propose_smdr(std::string_view lines) override;

 private:
  struct SiteNow {
    calls::SiteModel model;
    std::string journal_problem;
    uint64_t too_old = 0, too_old_voice = 0;
    Time at{};  // of the core: a replay has its own
    std::vector<std::string> pbxs;
  };
  Result<SiteNow> site();
  Result<bool> taken_before(const std::string& digest) const;
  Status remember(const std::string& digest);

  ToolParts parts_;
};

// The template as a file, without keys that say nothing.
std::string toml_of(const pbx::SmdrTemplate& how);
// As a page shows it; shared with the command line.
web::SmdrView view_of(const pbx::SmdrProposal& proposal);
web::ListenView view_of(const pbx::ListenReport& report);

}  // namespace hf::app
