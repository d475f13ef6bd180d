// What rules see of the core: every PBX's floor as it stands, in the ids of the site.
#pragma once

#include "agent/core/core.hpp"
#include "agent/rules/sight.hpp"

namespace hf::app {

class CoreSight final : public rules::Sight {
 public:
  explicit CoreSight(const Core::Pbxs& pbxs) : pbxs_(pbxs) {}
  void waiting(std::vector<std::pair<rules::Place, Time>>& out) const override;
  bool observing(const rules::Place& place) const override;
  std::optional<calls::QueueNow> queue(const rules::Place& place) const override;
  std::vector<rules::Place> known() const override;
  // From the load's baselines, of queues whose half hour of the week was seen. Callers waiting and members at work at one time; arrivals of a
  // span; talks by the mean of their log-normal; the mean wait by Little's law, callers waiting / callers a second, so over all callers and
  // not the answered ones alone.
  std::optional<double> usual(rules::Measure measure, const rules::Place& place, Time from, Time to) const override;

 private:
  const PbxCore* pbx_of(const rules::Place& place) const;
  const Core::Pbxs& pbxs_;
};

}  // namespace hf::app
