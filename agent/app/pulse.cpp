#include "agent/app/pulse.hpp"

namespace hf::app {

Pulse::Pulse(std::optional<std::chrono::microseconds> limit, Way way) : way_(std::make_shared<const Way>(std::move(way))) {
  if (limit) every_ = *limit / 3;
}

void Pulse::tick(SteadyTime now) {
  if (!every_ || *under_way_ || (begun_ && now - *begun_ < *every_)) return;
  begun_ = now;
  *under_way_ = true;
  const auto back = [way = way_, under_way = under_way_] {
    way->look();
    way->beat();
    *under_way = false;
  };
  const bool gone = way_->loop([way = way_, under_way = under_way_, back] {
    way->entry();
    if (!way->page(back)) *under_way = false;  // a worker that takes nothing more has not answered: no beat, the next round tries again
  });
  if (!gone) *under_way_ = false;
}

}  // namespace hf::app
