// A history on one page for people who have not bought anything yet: what we would have told them, when and with which evidence, beside what their own
// queue report says of the same time. In: a replayed history. Out: HTML that needs nothing else: no script, no outside resource, fit for printing. Pure.
#pragma once

#include <string>

#include "agent/incidents/evidence_words.hpp"
#include "agent/tool/replay.hpp"

namespace hf::app {

std::string report_page(const History& history, incidents::Language language);

}  // namespace hf::app
