// The machine below the agent, as its admin sees it: network, clock, name, power. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/updates/updates.hpp"
#include "hal/device/request.hpp"
#include "hal/platform/time.hpp"

namespace hf::machine {

struct Interface {
  std::string name, state;             // state as the kernel says it: "up", "down", "unknown"
  std::vector<std::string> addresses;  // "192.0.2.7/24"
};

// What the agent sees of the machine's network by itself.
struct Network {
  std::vector<Interface> interfaces;   // without the loopback; in the kernel's order
  std::vector<std::string> own;        // addresses of the loopback
  std::string gateway;                 // empty: none
  std::vector<std::string> dns;
};

struct Setting {
  std::string interface, address, gateway;
  std::vector<std::string> dns;
  bool dhcp = false;
};

// A setting that goes by itself unless somebody confirms it.
struct Trial {
  Setting setting;
  std::chrono::seconds left{0};
  bool reached = false;              // who looks came over a way that the new setting leaves open
  std::optional<std::string> token;  // confirms it; told only to who reached the box under the new setting, and unknown when the agent started meanwhile
};

enum class TrialEnd : uint8_t { kept, reverted, taken_back };
struct EndedTrial {
  Setting setting;
  TrialEnd how{};
  std::chrono::seconds ago{0};
};

struct Shutdown {
  bool power_off = false;
  updates::Window window;
};

struct View {
  bool present = false;  // false: no device service; this machine is kept by its own administrator, and all else is empty
  std::string problem;   // why the device service cannot be asked; empty = it can
  std::string hostname, zone;
  std::vector<std::string> time_servers;
  Network network;
  std::vector<Setting> settings;  // confirmed ones; what is not among them is as the image set it
  std::optional<Trial> trial;
  std::optional<EndedTrial> last_trial;
  std::optional<Shutdown> shutdown;  // waits
  std::string window;                // "02:00-04:00"
  std::optional<updates::Window> next_window;
  std::string diagnostics;           // what came of the last; empty: none since the start
};

// The device service's GetStatus as a view; what is not there stays empty.
View read_view(const device::Fields& status);

}  // namespace hf::machine
