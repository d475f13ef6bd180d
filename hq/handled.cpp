#include "hq/handled.hpp"

#include <algorithm>

namespace hf::hq {

void Handled::add(uint64_t first, uint64_t last) {
  auto at = std::ranges::lower_bound(ranges_, first, {}, [](const Range& r) { return r.second + 1; });
  auto end = at;
  for (; end != ranges_.end() && end->first <= last + 1; ++end) {
    first = std::min(first, end->first);
    last = std::max(last, end->second);
  }
  at = ranges_.erase(at, end);
  ranges_.insert(at, {first, last});
}

bool Handled::contains(uint64_t sequence) const {
  const auto at = std::ranges::lower_bound(ranges_, sequence, {}, &Range::second);
  return at != ranges_.end() && at->first <= sequence;
}

uint64_t Handled::floor() const { return ranges_.empty() || ranges_.front().first > 1 ? 0 : ranges_.front().second; }

uint64_t Handled::count_up_to(uint64_t last) const {
  uint64_t count = 0;
  for (const auto& r : ranges_)
    if (r.first <= last) count += std::min(r.second, last) - r.first + 1;
  return count;
}

}  // namespace hf::hq
