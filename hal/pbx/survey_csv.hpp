// Answers to surveys from a file of the tool that asked. In: CSV with a head of column names. Out: SurveyAnswered, and what was wrong, line
// by line. Pure. A line that cannot be read stops nothing; an answer off its scale is given out all the same: it is counted, not taken.
//   time;queue;question;score;scale;call
//   2026-03-02 10:15:00;sales;csat;4;1-5;
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::pbx {

struct SurveyFile {
  static constexpr size_t kMaxBytes = size_t{2} << 20;
  static constexpr size_t kMaxTold = 100;
  std::vector<SurveyAnswered> answers;
  std::vector<std::pair<size_t, std::string>> refused;  // line from 1, what is wrong; the first kMaxTold
  size_t refused_in_all = 0;
};

// Columns are found by name, in any order and case; `time`, `question` and `score` must be there, and `queue` or `call`. The separator is the
// one of ";", tab and "," that the head has most of; values may stand in double quotes. A time is unix seconds, or
// "2026-03-02 10:15[:00]" with "T" for the blank if one likes, in `zone` unless it ends in "Z" or an offset ("+03:00").
// invalid_input: no such head, or more than kMaxBytes.
Result<SurveyFile> read_survey_csv(std::string_view text, const TimeZone& zone);

}  // namespace hf::pbx
