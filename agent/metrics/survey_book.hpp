// Answers to surveys, summed by queue, question, scale and quarter of an hour. In: SurveyGiven. Out: the sum that changed, whole, so
// that taking it twice changes nothing. Pure; all state is in fields(). No answer is kept, only sums: nothing here knows a caller.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "agent/calls/call.hpp"

namespace hf::metrics {

// Answers of one quarter of an hour, or of more of them added up. Scores count on their own scale: 4 of 1-5 and 4 of 1-7 never meet.
struct SurveySum {
  std::string queue;  // empty: no queue was told
  Time start{};       // of the quarter
  pbx::SurveyQuestion question = pbx::SurveyQuestion::untold;
  uint16_t low = 0, high = 0;      // 0 and 0: of the answers that were not valid
  uint32_t answers = 0, sum = 0;   // valid ones, and the sum of their scores
  uint32_t top = 0, bottom = 0;    // nps: 9-10 and 0-6. Others: the two best, and the lower half of the scale
  uint32_t bad = 0;                // not valid: no number, off the scale, or no question; never in the figures

  void merge(const SurveySum& other);  // of the same question and scale; the earlier start stays
  bool operator==(const SurveySum&) const = default;
  template <class A> void fields(A& a) {
    a("queue", queue), a("start", start), a("question", question), a("low", low), a("high", high), a("answers", answers), a("sum", sum);
    a("top", top), a("bottom", bottom), a("bad", bad);
  }
};

// Below kFewest answers there is no figure: one in twenty moves a share by five points already.
struct SurveyFigures {
  static constexpr uint32_t kFewest = 20;
  std::optional<double> mean;  // of the scale
  std::optional<double> nps;   // 100 * (share of 9-10 - share of 0-6), -100 to 100 (Reichheld 2003); on the scale 0-10 only
  std::optional<double> csat;  // share of the two best; on scales of four steps or more
};
SurveyFigures figures(const SurveySum& sum);

// Adds up what is of one queue, question and scale. By these.
std::vector<SurveySum> joined(const std::vector<SurveySum>& parts);

class SurveyBook {
 public:
  static constexpr Duration kQuarter = std::chrono::minutes(15);
  static constexpr size_t kRows = 8192;  // beyond that the oldest quarters go; what comes for them later is refused

  void on(const calls::SurveyGiven& given, std::vector<SurveySum>& changed);
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
