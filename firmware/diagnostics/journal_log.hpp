// The newest entries of the system's log, oldest of them first.
#pragma once

#include "firmware/diagnostics/report.hpp"

namespace hf::diagnostics {

// Needs the group systemd-journal. denied, io; a machine without a log has an empty one.
Result<std::vector<Entry>> newest_entries(size_t at_most);

}  // namespace hf::diagnostics
