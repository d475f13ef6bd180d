// Every number that the signals inside queues and of their load choose, in one place, so that each can be varied alone (`holdfast
// evaluate --sensitivity`). Reasons: README.md.
#pragma once

#include <array>
#include <string_view>

#include "agent/detect/load_parameters.hpp"

namespace hf::detect {

struct DroughtParameters {
  double opens_nats = 20.9;    // drought_watch.hpp
  double none_minutes = 30;    // in which nobody came
  double few_minutes = 60;     // in which few did
  double least_at_work = 0.6;  // of the usual members: else it is a holiday
};

struct Parameters {
  // Holds inside a queue: queue_holds, queue_floor.
  double alarm_nats = 12.5;    // ln(262,800): one false alarm in the callers of a queue-year at 30 calls an hour
  double ring_grace_s = 10;    // a member is stuck when free for so long while somebody waits
  double held_beside_s = 20;   // a caller counts as held after so long beside stuck members
  double caller_nats = 8;      // most that one member beside others can say: two at least
  double idle_counts_s = 30;   // of further members only counts that they stand idle for so long
  double dead_odds = 5;        // a dead queue is named when it is so many times likelier than a hold
  double prior_callers = 200;  // what is believed at first weighs as much as so many callers
  double instead_nats = 1.4;   // ln(4): so much likelier a hold must be than a mere shortage of members
  double worn_out_s = 300;     // passings and held callers who left say nothing after so long
  double no_proof_s = 120;     // an answer after so long beside idle members is no proof of honest service
  double known_by_calls = 30;  // a member is doubted for what he did in so many of his last calls
  // Hold or dead queue: serving_order.
  double passed_by_nats = 3;     // a free member passes by one in 20 who are next, at most
  double part_held = 0.3;        // share of the callers whom a partial hold takes
  double unusual_nats = 4;       // who was overtaken more rarely than one in 55 waits for a reason of his own
  double nobody_minutes = 18;    // a hold of 15 minutes answers by then, if somebody is patient enough
  double end_doubt = 0.001;      // chance that a policy still stands, at which it is told to be over
  // Members who leave together: departures.
  double together_s = 120;       // within so long; and nobody comes for as long
  double departed_s = 600;       // so long a departure says something
  double departed_nats = 8;      // and at most so much
  double departed_members = 4;   // three of three is how a small floor closes
  double departed_class = 2;     // of kLn: 63 in 100
  // Without agent state: answer_gap.
  double answers_remembered = 30;  // what the rate of answers rests on
  double gap_nats = 3;             // a gap is remembered until the second answer after it
  double hour_callers = 30;        // remembered of an hour's share of answered callers

  LoadParameters load;        // of a queue's load; named in load_parameters.hpp
  DroughtParameters drought;  // of callers who do not come
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
    ParameterName{"worn_out_s", &Parameters::worn_out_s},
    ParameterName{"no_proof_s", &Parameters::no_proof_s},
    ParameterName{"known_by_calls", &Parameters::known_by_calls},
    ParameterName{"passed_by_nats", &Parameters::passed_by_nats},
    ParameterName{"part_held", &Parameters::part_held},
    ParameterName{"unusual_nats", &Parameters::unusual_nats},
    ParameterName{"nobody_minutes", &Parameters::nobody_minutes},
    ParameterName{"end_doubt", &Parameters::end_doubt},
    ParameterName{"together_s", &Parameters::together_s},
    ParameterName{"departed_s", &Parameters::departed_s},
    ParameterName{"departed_nats", &Parameters::departed_nats},
    ParameterName{"departed_members", &Parameters::departed_members},
    ParameterName{"departed_class", &Parameters::departed_class},
    ParameterName{"answers_remembered", &Parameters::answers_remembered},
    ParameterName{"gap_nats", &Parameters::gap_nats},
    ParameterName{"hour_callers", &Parameters::hour_callers},
};

struct DroughtParameterName {
  std::string_view name;
  double DroughtParameters::*value;
};
inline constexpr std::array kDroughtParameters{
    DroughtParameterName{"opens_nats", &DroughtParameters::opens_nats},
    DroughtParameterName{"none_minutes", &DroughtParameters::none_minutes},
    DroughtParameterName{"few_minutes", &DroughtParameters::few_minutes},
    DroughtParameterName{"least_at_work", &DroughtParameters::least_at_work},
};

}  // namespace hf::detect
