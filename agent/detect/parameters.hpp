// Every number that the signals inside queues and of their load choose, in one place, so that each can be varied alone (`holdfast
// evaluate --sensitivity`). Reasons: README.md.
#pragma once

#include <array>
#include <string_view>

#include "agent/detect/load_parameters.hpp"

namespace hf::detect {

struct Parameters {
  // Holds inside a queue: beside_members, queue_holds.
  double alarm_nats = 12.5;    // ln(262,800): one false alarm in the callers of a queue-year at 30 calls an hour
  double ring_grace_s = 10;    // a member is stuck when free for so long while somebody waits
  double held_beside_s = 20;   // a caller counts as held after so long beside stuck members
  double caller_nats = 8;      // most that one member beside others can say: two at least
  double idle_counts_s = 30;   // of further members only counts that they stand idle for so long
  double dead_odds = 5;        // a dead queue is named when it is so many times likelier than a hold
  double prior_callers = 200;  // what is believed at first weighs as much as so many callers
  double instead_nats = 1.4;   // ln(4): so much likelier a hold must be than a mere shortage of members
  // Without agent state: answer_gap.
  double answers_remembered = 30;  // what the rate of answers rests on

  LoadParameters load;  // of a queue's load; named in load_parameters.hpp
};

struct ParameterName {
  std::string_view name;
  double Parameters::*value;
};
inline constexpr std::array kParameters{
    ParameterName{"alarm_nats", &Parameters::alarm_nats},
    ParameterName{"ring_grace_s", &Parameters::ring_grace_s},
    ParameterName{"held_beside_s", &Parameters::held_beside_s},
    ParameterName{"caller_nats", &Parameters::caller_nats},
    ParameterName{"idle_counts_s", &Parameters::idle_counts_s},
    ParameterName{"dead_odds", &Parameters::dead_odds},
    ParameterName{"instead_nats", &Parameters::instead_nats},
    ParameterName{"prior_callers", &Parameters::prior_callers},
    ParameterName{"answers_remembered", &Parameters::answers_remembered},
};

}  // namespace hf::detect
