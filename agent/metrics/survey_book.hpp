// Answers to surveys, summed by queue, question, scale and quarter of an hour. In: SurveyGiven. Out: the sum that changed, whole, so
// that taking it twice changes nothing. Pure; all state is in fields(). No answer is kept, only sums: nothing here knows a caller.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "agent/metrics/survey_sum.hpp"

namespace hf::metrics {

class SurveyBook {
 public:
  static constexpr Duration kQuarter = std::chrono::minutes(15);
  static constexpr size_t kRows = 8192;  // beyond that the oldest quarters go; what comes for them later is refused

  void on(const calls::SurveyGiven& given, std::vector<SurveySum>& changed);
  // What all quarters of that one's UTC day say of its queue, question and scale; it begins with the day.
  SurveySum day_of(const SurveySum& quarter) const;
  // By queue, question and scale, of quarters that begin in [from, to).
  std::vector<SurveySum> sums(Time from, Time to) const;
  bool empty() const { return rows_.empty(); }
  uint64_t too_old() const { return too_old_; }  // refused since the journal began

  [[nodiscard]] bool load(Loader& in) {
    *this = {};
    in.get(*this);
    return in.ok();
  }
  template <class A> void fields(A& a) { a("rows", rows_), a("too_old", too_old_), a("kept_from", kept_from_); }

 private:
  using Key = std::tuple<Time, std::string, pbx::SurveyQuestion, uint16_t, uint16_t>;
  static Key key_of(const SurveySum& sum) { return {sum.start, sum.queue, sum.question, sum.low, sum.high}; }

  std::vector<SurveySum> rows_;  // by key
  Time kept_from_{};
  uint64_t too_old_ = 0;
};

}  // namespace hf::metrics
