// What of the board a person must see to. Pure. In: facts. Out: problems, worst first.
#pragma once

#include <vector>

#include "agent/web/backend.hpp"
#include "hal/board/facts.hpp"
#include "hal/board/lamp.hpp"

namespace hf::app {

std::vector<web::Problem> board_problems(const board::Facts& facts, Time now);

// One light for everything: an incident comes before a box that is ill, since callers wait; a failure before a warning.
board::LampState lamp_for(size_t open_incidents, const std::vector<web::Problem>& problems);

}  // namespace hf::app
