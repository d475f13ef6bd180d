// What is usual for the hours of an incident. In: what was seen before it, and the load's own week. Out: the usual
// floor as shares_of takes it. Pure.
#pragma once

#include "agent/detect/baseline.hpp"
#include "agent/incidents/shares.hpp"

namespace hf::incidents {

struct Spans {
  Time before_from{}, before_to{};  // what was seen before the onset
  Time from{}, to{};                // the incident
};

// `seen`: usual() of a FloorRecord, for the span from..to. Calls and staff of the incident's own hours are those of the
// same half hours of the week, times today's level: what was seen before over what is usual there, drawn towards 1 by
// twenty calls and, of staff, kept between a half and twice. Where the week does not know these half hours (each seen
// twice), `seen` stays as it is. Talks: the two hours before, else what talks of these half hours last.
UsualFloor by_the_week(const UsualFloor& seen, const Spans& spans, const detect::Baseline& week,
                       const detect::Calendar& calendar);

}  // namespace hf::incidents
