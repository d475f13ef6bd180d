// What is usual, for rules: the load's baselines by half hour of the week. Owned by whoever asks; looks into the core.
#pragma once

#include "agent/detect/load_watch.hpp"
#include "agent/rules/evaluate.hpp"

namespace hf::app {

// Of queues, once their half hour of the week was seen. Callers waiting and members at work at one time; arrivals of a
// span; talks by the mean of their log-normal; the mean wait by Little's law, callers waiting / callers a second, so over
// all callers and not the answered ones alone.
class CoreUsual final : public rules::Usual {
 public:
  explicit CoreUsual(const detect::LoadWatch& load) : load_(load) {}
  std::optional<double> of(rules::Measure measure, const rules::Place& place, Time from, Time to) const override;

 private:
  const detect::LoadWatch& load_;
};

}  // namespace hf::app
