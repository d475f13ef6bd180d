#include "agent/detect/plain_series.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {

double PlainSeries::beyond(std::deque<Range>& ranges, double value) const {
  double strangeness = 0;
  if (!ranges.empty()) {
    Range all = ranges.front();
    for (const Range& r : ranges) all = {std::min(all.low, r.low), std::max(all.high, r.high)};
    const double off = std::max(value - all.high, all.low - value);
    if (off > 0 && all.high > all.low) strangeness = off / (all.high - all.low);
  }
  if (row_ % std::max(1U, settings_.block) == 0) {
    ranges.push_back({value, value});
    if (ranges.size() > std::max(1U, settings_.blocks)) ranges.pop_front();
  } else {
    ranges.back() = {std::min(ranges.back().low, value), std::max(ranges.back().high, value)};
  }
  return strangeness;
}

bool PlainSeries::strangest(double strangeness) {
  while (!strange_.empty() && strange_.front().first + settings_.quiet < row_) strange_.pop_front();
  const bool most = strangeness > 0 && (strange_.empty() || strangeness > strange_.front().second);
  while (!strange_.empty() && strange_.back().second <= strangeness) strange_.pop_back();
  if (strangeness > 0) strange_.emplace_back(row_, strangeness);
  return most;
}

double PlainSeries::on(double value) {
  if (!std::isfinite(value)) return 0;
  mean_ = row_ == 0 ? value : mean_ + settings_.weight * (value - mean_);
  const double of_value = beyond(values_, value), of_mean = beyond(means_, mean_);
  const double strangeness = std::max(of_value, of_mean);
  const bool told = strangest(strangeness);
  ++row_;
  return told ? strangeness : 0;
}

}  // namespace hf::detect
