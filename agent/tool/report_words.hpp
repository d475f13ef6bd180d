// The words of the report page, English and Russian.
#pragma once

#include <string_view>

#include "agent/incidents/evidence_words.hpp"

namespace hf::app {

struct ReportWords {
  std::string_view language, title, period, source, calls, files_note, utc;
  std::string_view own_report, own_note, queue, all, offered, answered, abandoned, other, asa, level, longest;
  std::string_view told, told_none, onset, signalled, after_onset, closed, still_open, lines, queues, phones, imposed, per_caller, affected, avoidable, unknown;
  std::string_view evidence, first_told, checks, same_time, by_report, by_callers, callers, left, left_before, mean_wait;
  std::string_view chart, chart_caller, chart_queue, chart_incident, cannot, cannot_agents, cannot_channels, cannot_steps, warnings, minutes;
};

const ReportWords& report_words(incidents::Language language);

}  // namespace hf::app
