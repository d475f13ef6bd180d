#include "agent/app/backend.hpp"

namespace hf::app {

namespace {

web::News news_of(notify::News news) {
  switch (news) {
    case notify::News::opened: return web::News::opened;
    case notify::News::changed: return web::News::changed;
    case notify::News::closed: return web::News::closed;
    case notify::News::test: return web::News::test;
  }
  return web::News::test;
}

web::DeliveryState state_of(notify::DeliveryState state) {
  switch (state) {
    case notify::DeliveryState::waiting: return web::DeliveryState::waiting;
    case notify::DeliveryState::delivered: return web::DeliveryState::delivered;
    case notify::DeliveryState::given_up: return web::DeliveryState::given_up;
  }
  return web::DeliveryState::waiting;
}

}  // namespace

web::Webhook AppBackend::webhook() {
  const auto settings = parts_.notifier.settings();
  return {settings.enabled, settings.url, settings.secret_set, settings.dialled_numbers};
}

Status AppBackend::set_webhook(const web::WebhookChange& change) {
  return parts_.notifier.set({change.enabled, change.url, change.secret, change.dialled_numbers});
}

Result<std::string> AppBackend::test_webhook() { return parts_.notifier.test(); }

std::vector<web::Delivery> AppBackend::deliveries(size_t limit) {
  std::vector<web::Delivery> shown;
  for (const auto& delivery : parts_.notifier.deliveries(limit)) {
    web::Delivery view;
    view.id = delivery.id, view.incident = delivery.incident, view.news = news_of(delivery.news), view.created = delivery.created;
    view.attempts = delivery.attempts, view.last_attempt = delivery.last_attempt, view.next_attempt = delivery.next_attempt;
    view.delivered = delivery.delivered, view.state = state_of(delivery.state), view.status = delivery.status, view.what = delivery.what;
    shown.push_back(std::move(view));
  }
  return shown;
}

}  // namespace hf::app
