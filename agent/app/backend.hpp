// The page's questions answered: from the loop's thread for what lives there, from the files for history. Called on agent/web's worker thread.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "agent/app/day_book.hpp"
#include "agent/app/engine.hpp"
#include "agent/app/listeners.hpp"
#include "agent/app/live_view.hpp"
#include "agent/app/on_loop.hpp"
#include "agent/notify/notifier.hpp"
#include "agent/store/store.hpp"
#include "agent/sync/outgoing.hpp"
#include "agent/sync/enrolled_transport.hpp"
#include "agent/sync/sender.hpp"
#include "agent/web/backend.hpp"
#include "hal/net/certificate.hpp"

namespace hf::app {

struct BackendParts {
  Engine& engine;
  Inbox& inbox;
  store::Store& store;
  DayBook& days;
  const std::vector<NamedSource>& sources;
  const Listeners& listeners;
  const Clock& clock;
  notify::Notifier& notifier;
  web::RulesBackend* rules = nullptr;      // never nullptr where a page is served
  sync::Outgoing* outgoing = nullptr;  // nullptr: no HQ is configured
  sync::Sender* sender = nullptr;
  std::string hq_address = {}, site = {};
  const sync::EnrolledTransport* hq_transport = nullptr;
  net::CertificateFacts certificate = {};   // of the page
  Path state_dir = {};
  Time started{};
  bool restarted = false;  // the agent before this one broke off
};

class AppBackend final : public web::Backend {
 public:
  explicit AppBackend(BackendParts parts) : parts_(std::move(parts)) {}

  web::LivePicture live() override;
  Result<std::vector<web::IncidentView>> incidents(const web::IncidentQuery& query) override;
  Result<web::IncidentView> incident(std::string_view id) override;
  Result<web::IncidentChart> incident_chart(std::string_view id) override;
  Result<web::IncidentView> acknowledge(std::string_view id, std::string_view user) override;
  web::SignalsNow signals() override;
  Result<web::MinuteSeries> minutes(const web::MinuteQuery& query) override;
  std::vector<web::SourceView> sources() override;
  web::SiteModelView site_model() override;
  Status set_site_model(const calls::SiteModel& model, std::string_view user) override;
  Result<std::vector<web::OutboxItem>> outbox(std::optional<uint64_t> before, size_t limit) override;
  Result<web::OutboxPayload> outbox_item(uint64_t sequence) override;
  web::HqLink hq() override;
  web::Webhook webhook() override;
  Status set_webhook(const web::WebhookChange& change) override;
  Result<std::string> test_webhook() override;
  std::vector<web::Delivery> deliveries(size_t limit) override;
  web::BoxHealth health() override;
  web::RulesBackend& rules() override { return *parts_.rules; }

 private:
  template <class F>
  auto on_loop(F work) -> Result<decltype(work())> { return app::on_loop(parts_.inbox, std::move(work)); }

  struct ChartedCall {
    calls::Call call;
    Duration wait;
  };

  calls::SiteModel model();
  Result<std::vector<ChartedCall>> charted_calls(const std::vector<std::string>& lines, Time from, Time to);
  void refresh_usual(Time now);
  web::IncidentView view(incidents::Incident incident, const Labels& labels);
  std::vector<web::Problem> problems();
  void add_source_problems(std::vector<web::Problem>& found);
  std::optional<sync::CertificateHealth> hq_certificate() const;

  BackendParts parts_;
  UsualWaits usual_;            // on the web worker's thread; copied to the loop
  Time usual_at_{};
};

}  // namespace hf::app
