// The machine as systemd and RAUC run it, asked over D-Bus.
#pragma once

#include <memory>

#include "firmware/deviced/machine.hpp"

struct sd_bus;

namespace hf::deviced {

// One connection to the system bus, opened with the first call and again after it broke.
class BusMachine final : public Machine {
 public:
  Status set_hostname(const std::string& name) override;
  Status set_zone(const std::string& zone) override;
  Status set_time(Time at) override;
  Status keep_time(bool by_network) override;
  Status reload_network() override;
  Result<Fields> inspect_bundle(const std::string& path) override;
  Status install_bundle(const std::string& path) override;
  Result<Fields> update_status() override;
  Status mark_booted(bool good) override;
  Status write_diagnostics() override;
  Status take_settings() override;
  Status shut_down(bool power_off) override;

 private:
  struct Close {
    void operator()(sd_bus* bus) const;
  };
  Result<sd_bus*> bus();
  Status begin(const char* unit);
  std::unique_ptr<sd_bus, Close> bus_;
};

}  // namespace hf::deviced
