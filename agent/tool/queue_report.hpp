// What the usual queue report shows for a time: the figures that a manager already has. In: calls. Out: one row a queue. Pure.
//
// Formulas as reports on queue_log have them: offered = stays that began in the queue; ASA = mean wait in the queue of those answered; service level =
// answered within the limit / offered; the wait before the queue is in none of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/calls/call.hpp"

namespace hf::app {

struct QueueFigures {
  std::string queue;  // empty: all queues
  uint32_t offered = 0, answered = 0, abandoned = 0, other = 0;  // other: timed out, turned away, still there
  uint32_t within = 0;                                           // answered within the service level's limit
  Duration waited{}, longest{};                                  // in the queue, of those answered
  std::optional<Duration> asa() const { return answered == 0 ? std::nullopt : std::optional(waited / answered); }
  std::optional<double> service_level() const { return offered == 0 ? std::nullopt : std::optional(double(within) / offered); }
};

// What callers lived through in the same time: from their arrival at the PBX.
struct CallerFigures {
  uint32_t callers = 0, answered = 0, left = 0;  // left: gave up or were turned away
  uint32_t left_before_queue = 0;                // of them, without ever having been in a queue: no queue report has them
  uint32_t within = 0;
  Duration waited{}, longest{};                  // to the first person, of those answered
  std::optional<Duration> mean() const { return answered == 0 ? std::nullopt : std::optional(waited / answered); }
  std::optional<double> service_level() const { return callers == 0 ? std::nullopt : std::optional(double(within) / callers); }
};

struct Period {
  Time from{}, to{};  // arrivals and joins in [from, to)
};

inline constexpr Duration kReportLimit = std::chrono::seconds(20);  // the usual service level: 20 s

// The sum of all queues first, then each by name. `queues`: only these; empty = all.
std::vector<QueueFigures> queue_report(std::span<const calls::Call> calls, Period period, const std::vector<std::string>& queues);
// Callers on these lines; empty = all with a line or a queue.
CallerFigures caller_figures(std::span<const calls::Call> calls, Period period, const std::vector<std::string>& lines);

}  // namespace hf::app
