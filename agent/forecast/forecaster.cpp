#include "agent/forecast/forecaster.hpp"

#include <vector>

namespace hf::forecast {
namespace {

TimeZone zone_of(const std::string& name) {
  if (auto zone = TimeZone::find(name)) return *zone;
  return *TimeZone::find("UTC");
}

}  // namespace

void Forecaster::set_site_model(const calls::SiteModel& model) {
  zone_name_ = model.time_zone;
  zone_.reset();
}

void Forecaster::on(std::span<const metrics::Minute> closed) {
  Time end{};
  std::vector<QueueForecast*> touched;
  for (const metrics::Minute& m : closed) {
    if (m.scope != metrics::Scope::queue || m.span_minutes != 1) continue;
    auto known = queues_.find(m.id);
    if (known == queues_.end()) {
      if (queues_.size() >= kMaxQueues) continue;
      known = queues_.try_emplace(m.id).first;
    }
    known->second.on(m);
    touched.push_back(&known->second);
    end = std::max(end, m.start + std::chrono::minutes(1));
  }
  if (touched.empty()) return;
  if (!zone_) zone_ = zone_of(zone_name_);
  for (QueueForecast* queue : touched) queue->step(end, *zone_);
}

bool Forecaster::load(StateLoader& in) {
  in.get(*this);
  zone_.reset();
  return in.ok();
}

}  // namespace hf::forecast
