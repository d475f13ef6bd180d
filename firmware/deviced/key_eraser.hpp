// Makes an encrypted disk unreadable for good. In: a LUKS2 partition. Out: one whose key slots, and all before its data, are random.
#pragma once

#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::deviced {

// Overwrites both headers and the area of the key slots, syncs, and reads back that no header is left. invalid_input: no LUKS partition, nothing was
// written. What a flash disk keeps aside of blocks that were overwritten, no program can reach: told in the README.
Status erase_keys(const Path& partition, Random& random);

}  // namespace hf::deviced
