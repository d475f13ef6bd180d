// Asks the device service. In: a request. Out: its answer. One connection a request.
#pragma once

#include <chrono>

#include "hal/device/request.hpp"
#include "hal/platform/files.hpp"

namespace hf::device {

inline constexpr const char* kSocket = "/run/holdfast/deviced.sock";

// not_found: this machine has no device service (it is no sealed box); denied; timed_out; else what the service answered.
Result<Fields> ask(const Path& socket, const Ask& ask, std::chrono::milliseconds within);

}  // namespace hf::device
