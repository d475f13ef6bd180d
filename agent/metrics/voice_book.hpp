// How calls sounded, summed by queue and quarter of an hour. In: VoiceReported. Out: the sum that changed, whole, so that taking it twice
// changes nothing. Pure; all state is in fields(). Only sums are kept.
#pragma once

#include <vector>

#include "agent/metrics/voice_sum.hpp"

namespace hf::metrics {

class VoiceBook {
 public:
  static constexpr Duration kQuarter = std::chrono::minutes(15);
  static constexpr size_t kRows = 8192;  // beyond that the oldest quarters go; what comes for them later is refused

  void on(const calls::VoiceReported& told, std::vector<VoiceSum>& changed);
  // By queue, of quarters that begin in [from, to).
  std::vector<VoiceSum> sums(Time from, Time to) const;
  bool empty() const { return rows_.empty(); }
  uint64_t too_old() const { return too_old_; }  // refused since the journal began

  [[nodiscard]] bool load(Loader& in) {
    *this = {};
    in.get(*this);
    return in.ok();
  }
  template <class A> void fields(A& a) { a("rows", rows_), a("too_old", too_old_), a("kept_from", kept_from_); }

 private:
  std::vector<VoiceSum> rows_;  // by start and queue
  Time kept_from_{};
  uint64_t too_old_ = 0;
};

}  // namespace hf::metrics
