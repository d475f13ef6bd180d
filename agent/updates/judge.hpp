// What is said of a bundle, and which version is the newer one. Pure.
#pragma once

#include <string_view>

#include "agent/updates/updates.hpp"
#include "hal/device/message.hpp"

namespace hf::updates {

// RAUC's and the hook's words (1.8 to 1.13) as one of our reasons; other when they say nothing that we know.
Reason reason_of(std::string_view words);

// Numbers between dots, compared as numbers; what is equal so far and longer is newer. <0, 0, >0 as a is older, equal, newer.
int compare_versions(std::string_view a, std::string_view b);

// Lays the answer to an inspection (version, compatible), or its refusal, over the bundle. `running` and `compatible`: of this box; empty = not known, then the
// device service decides alone when it installs.
void judge(Bundle& bundle, const Result<device::Fields>& told, std::string_view running, std::string_view compatible);

}  // namespace hf::updates
