// What the health check of a sealed box left for the page: health.json in the state folder. In: its text. Out: problems that the agent cannot know by itself.
#pragma once

#include <string_view>
#include <vector>

#include "agent/web/backend.hpp"

namespace hf::app {

// A version that was found bad and given back, with the reason, while another one (`running`) runs; and a disk that lies open to whoever has it.
// Text that cannot be read tells nothing.
std::vector<web::Problem> health_problems(std::string_view health_json, std::string_view running, Time now);

}  // namespace hf::app
