// The secret keys that make this box itself. Files in the state folder, 0600, made at the first start.
#pragma once

#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::app {

// A key of 128 random bits in `file` (32 hex digits); made when there is none. corrupt: the file holds something else.
Result<SipKey> load_or_make_key(const Path& file, Random& random);

}  // namespace hf::app
