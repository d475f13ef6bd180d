// Sums by quarter of an hour and of something else, the newest kRows of them. Sum has start, of() (a tuple of what it sums besides its quarter),
// merge(Sum) and fields(). Pure; all state is in fields(). Only sums are kept.
#pragma once

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "hal/platform/state_archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::metrics {

// Adds up what is of the same thing, whatever its quarter. By these.
template <class Sum>
std::vector<Sum> joined(const std::vector<Sum>& parts) {
  std::map<decltype(std::declval<const Sum&>().of()), Sum> sums;
  for (const Sum& part : parts) {
    const auto [at, fresh] = sums.try_emplace(part.of(), part);
    if (!fresh) at->second.merge(part);
  }
  std::vector<Sum> out;
  out.reserve(sums.size());
  for (auto& [of, sum] : sums) out.push_back(std::move(sum));
  return out;
}

template <class Sum>
class QuarterBook {
 public:
  static constexpr Duration kQuarter = std::chrono::minutes(15);
  static constexpr size_t kRows = 8192;  // beyond that the oldest quarters go; what comes for them later is refused

  static constexpr Time quarter_of(Time at) { return Time(at.time_since_epoch() / kQuarter * kQuarter); }

  // Out: the sum that changed, whole, so that taking it twice changes nothing; none where the quarter is no longer kept.
  void add(Sum one, std::vector<Sum>& changed) {
    if (one.start < kept_from_) {
      ++too_old_;
      return;
    }
    auto at = std::ranges::lower_bound(rows_, key(one), {}, key);
    if (at != rows_.end() && key(*at) == key(one)) at->merge(one);
    else at = rows_.insert(at, std::move(one));
    changed.push_back(*at);
    if (rows_.size() <= kRows) return;
    kept_from_ = rows_.front().start + kQuarter;
    std::erase_if(rows_, [this](const Sum& s) { return s.start < kept_from_; });
  }

  // Rows of quarters that begin in [from, to), by start and what they sum.
  std::vector<Sum> between(Time from, Time to) const {
    const auto first = std::ranges::lower_bound(rows_, from, {}, &Sum::start);
    return {first, std::ranges::lower_bound(first, rows_.end(), to, {}, &Sum::start)};
  }
  std::vector<Sum> sums(Time from, Time to) const { return joined(between(from, to)); }

  bool empty() const { return rows_.empty(); }
  uint64_t too_old() const { return too_old_; }  // refused since the journal began

  [[nodiscard]] bool load(StateLoader& in) {
    *this = {};
    in.get(*this);
    return in.ok();
  }
  template <class A> void fields(A& a) { a("rows", rows_), a("too_old", too_old_), a("kept_from", kept_from_); }

 private:
  static auto key(const Sum& sum) { return std::pair(sum.start, sum.of()); }

  std::vector<Sum> rows_;  // by key
  Time kept_from_{};
  uint64_t too_old_ = 0;
};

}  // namespace hf::metrics
