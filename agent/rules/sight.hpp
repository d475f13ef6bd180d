// What rules look at: the floor as it stands now, of all PBXs of the site. Implemented by whoever follows them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/rules/firing.hpp"

namespace hf::rules {

class Sight {
 public:
  virtual ~Sight() = default;
  // Appends one entry for the queue in which a caller waits and one for the line that was dialled, with the time since when.
  virtual void waiting(std::vector<std::pair<Place, Time>>& out) const = 0;
  // The PBX to which the place belongs is seen.
  virtual bool observing(const Place& place) const = 0;
  // The queue, or the one that the line leads to; unset: not known.
  virtual std::optional<calls::QueueNow> queue(const Place& place) const = 0;
  // Places that had calls.
  virtual std::vector<Place> known() const = 0;
  // What is usual, by half hour of the week, in the measure's unit: of [from, to) for measures that look back, else at `to`. Unset: not
  // known (yet).
  virtual std::optional<double> usual(Measure measure, const Place& place, Time from, Time to) const = 0;
};

}  // namespace hf::rules
