// What the device service can do to the machine: the seam between deciding and doing. In: values that were checked. Out: what the machine said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hal/board/lamp_state.hpp"
#include "hal/device/message.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::deviced {

using device::Fields;

// Calls block for as long as the asked service takes, 25 seconds at most (timed_out).
class Machine {
 public:
  virtual ~Machine() = default;

  virtual Status set_hostname(const std::string& name) = 0;
  virtual Status set_zone(const std::string& zone) = 0;
  virtual Status set_time(Time at) = 0;
  // Whether a time service keeps the clock; its servers are a file of ours, which it reads when it starts.
  virtual Status keep_time(bool by_network) = 0;
  virtual Status reload_network() = 0;

  virtual Result<Fields> inspect_bundle(const std::string& path) = 0;  // version, compatible
  virtual Status install_bundle(const std::string& path) = 0;          // returns when it has begun
  virtual Result<Fields> update_status() = 0;  // operation, progress, last error, booted slot, slots with their states
  virtual Status mark_booted(bool good) = 0;

  virtual Status write_diagnostics() = 0;  // both return when they have begun
  virtual Status take_settings() = 0;
  virtual Status shut_down(bool power_off) = 0;
};

}  // namespace hf::deviced
