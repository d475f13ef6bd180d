// The menu on the box's own screen, for whoever stands before it: how to reach the page, how the box is, and the few things that must work without a network.
// In: keys. Out: the screen's text; requests to the device service through the seam.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hal/device/request.hpp"
#include "hal/platform/files.hpp"

namespace hf::console {

struct Facts {
  std::string serial, fingerprint, code;           // empty: not known (yet)
  std::vector<std::string> addresses, interfaces;  // "192.0.2.7"; "eth0"
  bool health_known = false, good = false;
  std::vector<std::string> problems;  // "page: refused"
  std::string diagnostics, settings;  // what came of writing them to the stick, of taking them from it; empty: not asked for since the start
};

// Where others leave what we show: the agent, the health check, and what diagnostics and settings say of themselves. Missing files are facts that are not known.
struct Places {
  Path desk, state, diagnostics, settings;
};
Facts read_facts(const Places& places, std::vector<std::string> addresses, std::vector<std::string> interfaces);

struct Desk {
  std::function<Facts()> facts;
  std::function<Result<device::Fields>(const device::Request&)> ask;
  std::function<Status()> forget_users;  // leaves the word for the agent's next start
  std::function<device::Moment()> now;
};

class Menu {
 public:
  explicit Menu(Desk desk) : desk_(std::move(desk)) {}

  // What stands on the screen now. No byte of it drives a terminal but line ends.
  std::string screen() const;
  // A key was pressed. What changes the box asks "sure?" first, a factory reset for its level and then for the word ERASE; any other key goes back.
  void key(char pressed);

 private:
  enum class Want : uint8_t { nothing, network, users, settings, restart, power_off, reset };
  void carry_out(Want want);
  std::string question() const;
  void choose_level(char pressed);
  void type(char pressed);
  std::string reset_network();
  std::string reset_users();
  std::string take_settings();
  std::string why_not_held(std::string_view without_button, char key);
  std::string shut_down(bool power_off);

  Desk desk_;
  Want want_ = Want::nothing;
  device::ResetLevel level_ = device::ResetLevel::none;  // chosen; waits for its word
  std::string typed_;
  std::string said_;  // what came of the last wish
};

}  // namespace hf::console
