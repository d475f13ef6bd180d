#include "agent/rules/score.hpp"

#include <algorithm>

namespace hf::rules {

namespace {

// The first moment in [from, to].
std::optional<Time> first_in(const std::vector<Time>& times, Time from, Time to) {
  const auto at = std::lower_bound(times.begin(), times.end(), from);
  return at == times.end() || *at > to ? std::nullopt : std::optional(*at);
}

}  // namespace

Score score(const std::vector<Time>& signals, const std::vector<Time>& targets, Duration least, Duration most, Time now) {
  Score s;
  s.signals = static_cast<uint32_t>(signals.size()), s.targets = static_cast<uint32_t>(targets.size());
  for (const Time signal : signals) {
    const auto target = first_in(targets, signal + least, signal + most);
    if (target) ++s.hits, s.leads.push_back(*target - signal);
    else if (now <= signal + most) ++s.open;
    else ++s.misses;
  }
  for (const Time target : targets)
    if (first_in(signals, target - most, target - least)) ++s.foreseen;
  return s;
}

}  // namespace hf::rules
