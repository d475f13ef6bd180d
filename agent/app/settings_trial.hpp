// Settings that the page saved are on trial until an agent has started with them: "<file>.before" holds those before them, and its being there says so.
// In: the settings file. File errors as in hal/platform/files.
#pragma once

#include <string_view>

#include "hal/platform/files.hpp"

namespace hf::app {

// Keeps the present text aside, then puts `text` in its place. A cut in between leaves the present one on trial with itself.
Status begin_trial(const Path& file, std::string_view text);
// An agent has started: they hold.
void end_trial(const Path& file);
// Puts those before them back. False: nothing is on trial.
Result<bool> take_back(const Path& file);

}  // namespace hf::app
