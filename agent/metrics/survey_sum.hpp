// Answers to surveys, summed by queue, question, scale and quarter of an hour, and the figures that the sums give. No answer is kept: nothing here
// knows a caller.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "agent/calls/call.hpp"
#include "agent/metrics/quarter_book.hpp"

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

  bool is_nps() const { return question == pbx::SurveyQuestion::nps && low == 0 && high == 10; }
  auto of() const { return std::tuple<std::string_view, pbx::SurveyQuestion, uint16_t, uint16_t>(queue, question, low, high); }
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
  std::optional<double> poor;  // share of 0-6 of an nps, of the lower half of other scales
};
SurveyFigures figures(const SurveySum& sum);

using SurveyBook = QuarterBook<SurveySum>;

SurveySum sum_of(const calls::SurveyGiven& given);
// What all quarters of that one's UTC day say of its queue, question and scale; it begins with the day.
SurveySum day_of(const SurveyBook& book, const SurveySum& quarter);

}  // namespace hf::metrics
