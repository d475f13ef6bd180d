// Incidents as lines of JSON for the command line tool: one object a line, times in unix seconds with fractions,
// unknown as null.
#pragma once

#include <string>

#include "agent/incidents/evidence_words.hpp"
#include "agent/incidents/incident.hpp"

namespace hf::app {

// {"id", "kind", "lines": [], "queues": [], "onset", "onset_low", "onset_high", "signalled", "closed",
// "imposed_wait_s", "affected_calls", "avoidable_caller_s", "imposed_caller_s", "evidence": [sentences]} and a line
// end. Text that is not UTF-8 is repaired, never refused.
std::string ndjson(const incidents::Incident& incident, incidents::Language language = incidents::Language::en);

}  // namespace hf::app
