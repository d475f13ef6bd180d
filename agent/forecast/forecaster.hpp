// The forecasts of all queues. In: closed minutes, the site's time zone. Out: outlooks by queue. Pure; owned and driven
// by the core's one loop; nothing happens between two ends of minutes, so it costs nothing per event.
#pragma once

#include <map>
#include <span>
#include <string>

#include "agent/calls/site_model.hpp"
#include "agent/forecast/queue_forecast.hpp"
#include "hal/platform/state_archive.hpp"

namespace hf::forecast {

class Forecaster {
 public:
  // An unknown time zone counts as UTC.
  void set_site_model(const calls::SiteModel& model);
  // All minutes and revisions that became known in one step of the core; lines are passed over.
  void on(std::span<const metrics::Minute> closed);
  // By queue. Queues of which nothing is told any more are kept: their scores stand.
  const std::map<std::string, QueueForecast>& queues() const { return queues_; }

  void save(StateSaver& out) const { out.put(*this); }
  [[nodiscard]] bool load(StateLoader& in);
  template <class A>
  void fields(A& a) {
    a("zone", zone_name_), a("queues", queues_);
  }

 private:
  static constexpr size_t kMaxQueues = 1000;  // further ones get no forecast
  std::string zone_name_ = "UTC";
  std::optional<TimeZone> zone_;  // of zone_name_; unset until needed
  std::map<std::string, QueueForecast> queues_;
};

}  // namespace hf::forecast
