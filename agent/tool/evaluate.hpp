// The whole core over a folder of labelled call data, as it would have followed those days live. In: the folder and what the source is made to know. Out: what
// would have paged somebody, scored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "agent/detect/parameters.hpp"
#include "agent/forecast/queue_forecast.hpp"
#include "agent/tool/evaluate_events.hpp"
#include "agent/tool/evaluate_score.hpp"

namespace hf::app {

struct EvaluateOptions {
  AgentView view = AgentView::full;
  double false_ready = 0;  // share of member time shown ready falsely: evaluate_events.hpp
  uint64_t seed = 1;
  detect::Parameters parameters;
};

// What an incident's shares came to, told beside the labels.
struct Explained {
  Alarm alarm;  // its first
  incidents::Shares shares;
};

struct Evaluation {
  Truth truth;
  std::vector<Alarm> alarms;
  Score score;
  std::vector<Explained> explained;  // incidents with shares, in the order of their signals
  std::vector<std::pair<std::string, std::vector<forecast::Outlook>>> forecasts;  // as they were scored to the end, by queue
  uint64_t events = 0, calls = 0;
  size_t queues = 0;
  std::chrono::duration<double> took{};  // of the processor, reading included
};

// Errors as EvaluateFolder and read_truth.
Result<Evaluation> evaluate(const std::filesystem::path& folder, const EvaluateOptions& options);

}  // namespace hf::app
