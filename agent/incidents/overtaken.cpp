#include "agent/incidents/overtaken.hpp"

#include <algorithm>

namespace hf::incidents {
namespace {

constexpr size_t kOvertakers = 4, kFewestHeld = 5, kFewestEarly = 2;
constexpr double kLonger = 2;

// `seen` is in the order of arrival.
bool overtaken(const SeenFloor& seen, size_t i) {
  const SeenCall& c = seen.calls[i];
  const double until = c.arrived + c.wait;
  size_t n = 0;
  for (size_t j = i + 1; j < seen.calls.size() && seen.calls[j].arrived < until && n < kOvertakers; ++j) {
    const SeenCall& later = seen.calls[j];
    const bool quick = kLonger * later.wait < c.wait;  // under a hold of all, priorities overtake by a little
    if (quick && later.arrived > c.arrived && later.answered && later.arrived + later.wait < until) ++n;
  }
  return n >= kOvertakers;
}

struct Mean {
  double sum = 0, n = 0;
  double value() const { return n > 0 ? sum / n : 0; }
};

}  // namespace

bool hold_overtaken(SeenFloor& seen) {
  std::vector<size_t> held;
  Mean theirs, others;
  for (size_t i = 0; i < seen.calls.size(); ++i) {
    const bool is_held = overtaken(seen, i);
    if (is_held) held.push_back(i);
    if (!is_held && !seen.calls[i].answered) continue;  // how long it would have waited is not known
    Mean& mean = is_held ? theirs : others;
    mean.sum += seen.calls[i].wait, mean.n += 1;
  }
  // When a hold of all ends, those who wait then are overtaken too: a hold of some shows from its beginning.
  if (held.size() < kFewestHeld || held[kFewestEarly - 1] >= seen.calls.size() / 2) return false;
  if (theirs.value() < kLonger * others.value()) return false;
  for (const size_t i : held) seen.calls[i].hold = seen.calls[i].wait;
  seen.taking.clear();
  return true;
}

}  // namespace hf::incidents
