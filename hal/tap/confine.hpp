// Gives away every right that the tap does not need once its socket is open: user, capabilities, new programs, and all
// system calls but those that read the ring and speak to the agent. What parses strangers' packets can then do nothing
// else.
#pragma once

#include <string>

#include "hal/platform/result.hpp"

namespace hf::tap {

// Becomes `user` (and its groups) where the program was started as root; nothing to do where it was not. not_found: no
// such user.
Status become(const std::string& user);

// No capability is left in any set, and none comes back. Errors as the system's.
Status drop_capabilities();

// From here a forbidden system call ends the program. unsupported: a machine type for which no list is kept here.
Status allow_few_calls();

}  // namespace hf::tap
