// The live page's picture. In: the core, today's minutes, the site model. Out: plain values for agent/web. On the loop's thread.
#pragma once

#include "agent/app/day_book.hpp"
#include "agent/core/core.hpp"
#include "agent/web/backend.hpp"

namespace hf::app {

// Labels where IT gave some, else the id.
class Labels {
 public:
  explicit Labels(const calls::SiteModel& model);
  web::Named line(const std::string& id) const;
  web::Named queue(const std::string& id) const;

 private:
  std::map<std::string, std::string> lines_, queues_;
};

// Answered waits at this time of day on earlier days, by queue and line; the backend refreshes it every some minutes.
struct UsualWaits {
  std::map<DayBook::Key, metrics::WaitHistogram> waits;
  Time from{}, to{};
};

web::LivePicture live_view(const Core& core, const calls::SiteModel& model, DayBook& days, const UsualWaits& usual);

}  // namespace hf::app
