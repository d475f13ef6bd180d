// A run of the model, kept whole, and the ways in which the tests look at it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hal/pbx/simulated/sim_model.hpp"

namespace hf::pbx {

inline constexpr Time kMidnight{std::chrono::seconds(1'795'305'600 / 86'400 * 86'400)};

struct SimTrace {
  std::vector<CallEvent> events;
  SimTruth truth;

  template <class Body>
  std::vector<std::pair<Time, Body>> all() const {
    std::vector<std::pair<Time, Body>> out;
    for (const CallEvent& event : events)
      if (const auto* body = std::get_if<Body>(&event.body)) out.emplace_back(event.at, *body);
    return out;
  }
  // The kinds of events that name this channel, in order.
  std::vector<std::string> story(const std::string& channel) const {
    std::vector<std::string> out;
    for (const CallEvent& event : events)
      if ((to_text(event) + ' ').find("channel=" + channel + ' ') != std::string::npos) out.emplace_back(kind_name(event.body));
    return out;
  }
};

// From `start`, which is also the live start, for `length`.
inline SimTrace simulate(SimOptions options, Time start, Duration length) {
  options.keep_truth = true;
  SimModel model(options, start, start);
  SimTrace trace;
  while (auto event = model.next(start + length)) trace.events.push_back(std::move(*event));
  trace.truth = model.truth();
  return trace;
}

inline SimOptions scenario(SimScenario which, uint64_t seed = 7) {
  SimOptions options;
  options.seed = seed;
  options.scenario = which;
  return options;
}

}  // namespace hf::pbx
