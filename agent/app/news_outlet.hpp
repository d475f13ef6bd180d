// Incidents told at once: to the open pages, and to the webhook. Taking an incident twice is harmless: the notifier remembers what it told.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "agent/app/engine.hpp"
#include "agent/notify/notifier.hpp"
#include "agent/web/backend.hpp"

namespace hf::app {

// `rule`: as it stands now; nullptr when it is gone.
notify::IncidentMessage webhook_message(const rules::Firing& firing, const rules::Rule* rule, const calls::SiteModel& model);
notify::IncidentMessage webhook_message(const incidents::Incident& incident, const calls::SiteModel& model);

class NewsOutlet final : public Outlet {
 public:
  using Publish = std::function<void(const incidents::Incident&, web::News)>;
  using Fired = std::function<void(const web::FiringView&)>;
  explicit NewsOutlet(notify::Notifier& notifier) : notifier_(notifier) {}

  // Before the loop runs. `model` and `rules` are called on the loop's thread.
  void connect(std::function<const calls::SiteModel&()> model, std::function<const rules::Book&()> rules, Publish publish, Fired fired) {
    model_ = std::move(model), rules_ = std::move(rules), publish_ = std::move(publish), fired_ = std::move(fired);
  }
  Status take(const CoreOutput& output, uint64_t sequence) override;

 private:
  notify::Notifier& notifier_;
  void tell(const rules::Firing& firing);
  std::function<const calls::SiteModel&()> model_;
  std::function<const rules::Book&()> rules_;
  Publish publish_;
  Fired fired_;
  std::set<std::string> open_;
};

}  // namespace hf::app
