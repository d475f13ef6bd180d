// A simulated centre shows what the page can do until IT connects a PBX; its calls must not stand as a past with which the PBX's are compared, nor be told as HQ's.
// In: the state folder, with its lock held, before anything in it is opened. A journal that a real PBX ever wrote to is never touched.
#pragma once

#include <vector>

#include "agent/settings/source_settings.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

bool only_simulated(const std::vector<settings::SourceSettings>& sources);

// Whether all that the folder holds was simulated.
bool holds_simulation(const Path& state);

// For sources that are `simulated`: marks a folder that is still empty. For others: removes a simulated journal and what was made of it; users, keys and
// certificates stay. True: it was removed. A cut in the middle leaves the mark, so the next start goes on. File errors.
Result<bool> settle_simulation(const Path& state, bool simulated);

}  // namespace hf::app
