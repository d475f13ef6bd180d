// A backend with one of everything and with the awkward cases: unknown agents, no baseline, labels that would break a page.
#pragma once

#include "agent/web/backend.hpp"
#include "tests/support/fake_rules.hpp"

namespace hf::test {

inline constexpr const char* kIncident = "00112233445566aa";
inline const Time kNoon{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(12)};

class FakeBackend : public web::Backend {
 public:
  using Named = web::Named;

  FakeBackend() {
    using namespace std::chrono_literals;
    metrics::Minute minute;
    minute.scope = metrics::Scope::line, minute.id = "800", minute.start = kNoon, minute.observed_seconds = 60;
    minute.offered = 10, minute.answered = 7, minute.abandoned = 2, minute.short_abandoned = 1, minute.answered_within = 6, minute.abandoned_within = 1;
    minute.answered_wait = 140s, minute.waiting = 90s, minute.longest_wait = 75s;
    for (int i = 0; i < 7; ++i) minute.answered_waits.add(std::chrono::seconds(i * 10));
    metrics::Minute empty;
    empty.start = kNoon;
    picture.at = kNoon;
    picture.observing = picture.pre_queue_known = true;
    picture.waiting = 2, picture.held = 1, picture.longest_wait = 95s;
    picture.today = minute;
    picture.callers = {{"c1", Named{"800", "Support <b>"}, std::nullopt, web::Place::before_queue, kNoon - 95s, std::nullopt, true, 12s},
                       {"c2", std::nullopt, Named{"sales", "Sales"}, web::Place::in_queue, kNoon - 20s, kNoon - 10s, false, std::nullopt}};
    picture.agents = {{"PJSIP/7001", "Agent One", {"sales", "Sales"}, calls::AgentState::not_answering, kNoon - 60s, true, 3, 0, ""}};
    web::LiveScope known{{"sales", "Sales"}, false, 1, 0, 2, 3, 4, 10s, minute, {minute.answered_waits, kNoon - 1h, minute.answered_waits, kNoon - 24h, kNoon}, {}};
    forecast::ScoreCard card;
    card.add({0.25, 1, 0.5}, false);
    known.forecasts = {{30min, 0.75, kNoon, card}, {60min, std::nullopt, kNoon, {}}};
    web::LiveScope unknown{{"800", "Support <b>"}, false, 1, 1, std::nullopt, std::nullopt, std::nullopt, std::nullopt, empty, {{}, kNoon - 1h, {}, {}, {}}, {}};
    picture.queues = {known};
    picture.lines = {unknown};
    incident_view.incident.id = kIncident;
    incident_view.incident.kind = incidents::Kind::artificial_hold;
    incident_view.incident.lines = {"800"};
    incident_view.incident.line_named = {kNoon + 95s};
    incident_view.incident.onset = incident_view.incident.onset_low = incident_view.incident.onset_high = kNoon;
    incident_view.incident.signalled = kNoon + 95s;
    incident_view.incident.evidence = {{"held_beside_free", {{"callers", 14}, {"wait_s", 900.2}}, 14, kNoon + 95s}};
    incident_view.incident.first_checks = {"call_the_line"};
    incident_view.incident.chain = {{"chain_staff_down", {{"from", 10}, {"to", 4}}, 0, kNoon - 2min}, {"chain_onset", {}, 0, kNoon}};
    incident_view.incident.shares = incidents::Shares{incidents::SharesState::told, 40, 310, 300, 10, {{incidents::Factor::load, 0.25, -0.1, 0.4}, {incidents::Factor::avoidable, 0.75, 0.6, 0.9}}};
    incident_view.lines = {{"800", "Support <b>"}};
    incident_view.queues = {{"sales", "Sales"}};
    picture.incidents = {incident_view.incident};
    chart = {kNoon - 1h, kNoon + 1h, 6s, {{"800", kNoon - 10min, 6s, calls::Outcome::answered, false}, {"800", kNoon, 95s, calls::Outcome::open, true}}};
    series = {"Support <b>", {minute, empty}};
    model.time_zone = "Europe/Moscow";
    model.lines = {{"800", "Support", "sales", 12s, 60s}};
    model.queues = {{"sales", "Sales", 15s, 20s, 5s, false}};
    hook = {true, "https://hooks.example/x", true, false};
  }

  web::LivePicture live() override { return ++calls_made, picture; }
  Result<std::vector<web::IncidentView>> incidents(const web::IncidentQuery& query) override {
    last_incident_query = query;
    return std::vector{incident_view};
  }
  Result<web::IncidentView> incident(std::string_view id) override {
    if (id != kIncident) return fail(ErrorKind::not_found, "");
    return incident_view;
  }
  Result<web::IncidentChart> incident_chart(std::string_view) override { return chart; }
  Result<web::IncidentView> acknowledge(std::string_view id, std::string_view user) override {
    if (id != kIncident) return fail(ErrorKind::not_found, "");
    changes.push_back("acknowledge by " + std::string(user));
    incident_view.incident.acknowledged = kNoon + std::chrono::minutes(3);
    incident_view.incident.acknowledged_by = user;
    return incident_view;
  }
  web::SignalsNow signals() override {
    web::SignalsNow now{kNoon, {}};
    detect::Reading held{"held_beside_free", "800", "sales", 14.2, 13.2, 20, detect::ReadingState::standing};
    pbx::SourceUp source;
    source.channel_events = source.agent_state = true;
    for (auto& reading : detect::complete({held}, source)) now.readings.push_back({reading, {}, {}});
    for (auto& r : now.readings)
      if (r.reading.signal == "held_beside_free") r.line = Named{"800", "Support <b>"}, r.queue = Named{"sales", "Sales"};
    return now;
  }
  Result<web::MinuteSeries> minutes(const web::MinuteQuery& query) override {
    last_minute_query = query;
    if (query.id == "none") return fail(ErrorKind::not_found, "");
    return series;
  }
  std::vector<web::SourceView> sources() override {
    return {{"pbx", "ami", "192.0.2.1:5038", "connected", web::SourceState::healthy, kNoon, std::nullopt, 5, 500, 1, 0, 2, 3, true, true, true, true, false, true, true, false, {}, {}}};
  }
  web::SiteModelView site_model() override { return {model, {{"801", "sales"}, {"802", std::nullopt}}, {"spare"}, {"PJSIP/trunk"}}; }
  Status set_site_model(const calls::SiteModel& next, std::string_view user) override {
    if (next.time_zone == "Mars/Olympus") return fail(ErrorKind::invalid_input, "no such time zone");
    changes.push_back("site model by " + std::string(user));
    model = next;
    return {};
  }
  Result<std::vector<web::OutboxItem>> outbox(std::optional<uint64_t> before, size_t limit) override {
    std::vector<web::OutboxItem> items;
    for (uint64_t sequence = before.value_or(4) - 1; sequence > 0 && items.size() < limit; --sequence) items.push_back(item(sequence));
    return items;
  }
  Result<web::OutboxPayload> outbox_item(uint64_t sequence) override {
    if (sequence == 0 || sequence > 3) return fail(ErrorKind::not_found, "");
    return web::OutboxPayload{item(sequence), sequence == 3 ? "not json" : R"({"wire":1,"minutes":[]})"};
  }
  web::HqLink hq() override { return {true, "hq.example:443", "site-1", "connected", web::LinkState::connected, kNoon, kNoon, {}, {}, kNoon, 7, 0}; }
  web::Webhook webhook() override { return hook; }
  Status set_webhook(const web::WebhookChange& change) override {
    if (change.url == "https://bad.example/") return fail(ErrorKind::invalid_input, "that address cannot be");
    changes.push_back("webhook");
    hook = {change.enabled, change.url, hook.secret_set || change.secret, change.dialled_numbers};
    return {};
  }
  Result<std::string> test_webhook() override {
    if (!hook.secret_set) return fail(ErrorKind::denied, "set the webhook's address and secret first");
    changes.push_back("webhook test");
    return "d1";
  }
  std::vector<web::Delivery> deliveries(size_t) override {
    return {{"d1", std::nullopt, web::News::test, kNoon, 1, kNoon, std::nullopt, kNoon, web::DeliveryState::delivered, 200, "accepted with status 200"},
            {"d0", kIncident, web::News::opened, kNoon, 2, kNoon, kNoon, std::nullopt, web::DeliveryState::waiting, std::nullopt, "no route"}};
  }
  web::BoxHealth health() override {
    return {"0.1.0", kNoon, 50'000'000, 1'000'000, std::nullopt, "a1b2c3d4", 42, kNoon, std::string(64, 'a'), kNoon, {{"disk_full", web::Severity::warning, kNoon, "disk is nearly full"}},
            {.temperatures = {{"lm75 temp1", 41.5, 80.0}, {"nvme Composite", 38, std::nullopt}}, .fans = {{"it87 fan1", 1200}}, .links = {{"eth0", true, 1000, 2, 0}},
             .disks = {{"mmcblk0", board::DiskKind::emmc, uint8_t{20}, false}}, .clock = {true, std::chrono::milliseconds(2), "tsc", "192.0.2.1", std::chrono::microseconds(400)}, .memory_total = 4'000'000'000,
             .memory_available = 3'000'000'000, .disk_total = std::nullopt, .disk_free = std::nullopt, .clock_battery_low = false, .tpm = "2.0",
             .reset_by_watchdog = false, .up = std::chrono::hours(5)}};
  }

  web::RulesBackend& rules() override { return rule_book; }

  FakeRules rule_book{kNoon};
  web::LivePicture picture;
  web::IncidentView incident_view;
  web::IncidentChart chart;
  web::MinuteSeries series;
  calls::SiteModel model;
  web::Webhook hook;
  web::IncidentQuery last_incident_query;
  web::MinuteQuery last_minute_query;
  std::vector<std::string> changes;  // what somebody changed, in order
  size_t calls_made = 0;

 private:
  static web::OutboxItem item(uint64_t sequence) {
    return {sequence, "minutes", kNoon, kNoon, sequence == 3 ? std::nullopt : std::optional(kNoon), 900, 300, 1};
  }
};

}  // namespace hf::test
