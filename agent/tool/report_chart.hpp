// The waits of a history as a drawing: what callers waited, and what the queue's own clock shows, with incidents behind them.
#pragma once

#include <string>

#include "agent/tool/replay.hpp"
#include "agent/tool/report_words.hpp"

namespace hf::app {

// An inline SVG with its legend, in two line styles that do not need colour.
std::string wait_chart(const History& history, const ReportWords& words);

}  // namespace hf::app
