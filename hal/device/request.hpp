// What the device service can be asked: a closed list of typed requests. In: values. Out: messages, and the way back. Nothing here acts.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hal/board/lamp_state.hpp"
#include "hal/device/message.hpp"

namespace hf::device {

using Seconds = std::chrono::seconds;
using Moment = std::chrono::sys_seconds;  // UTC
using Words = std::vector<std::string>;   // in a message joined by commas

// Answered with: hostname, zone, time_servers as they were set here, hostname_now, zone_now; network.N.* the confirmed settings, each with the fields of
// SetNetwork; trial.* the one on trial and seconds_left; last_trial.* the one before, its end (kept, reverted, taken_back) and ago, in seconds;
// reboot_at or power_off_at, and shutdown_until. What is not there stands in no field, and who reads passes over fields that it does not know.
struct GetStatus {
  static constexpr std::string_view kName = "status";
  template <class A> void fields(A&) {}
};

// --- network: what is set must be confirmed over the new setting, else the old one comes back by itself
struct SetNetwork {
  static constexpr std::string_view kName = "set_network";
  std::string interface;        // "eth0"
  bool dhcp = false;
  std::string address;          // "192.0.2.7/24", "2001:db8::7/64"; without DHCP
  std::string gateway;          // may be empty
  Words dns;                    // addresses, at most 3
  Seconds confirm_within{120};  // 30 to 600
  template <class A> void fields(A& a) { a("interface", interface), a("dhcp", dhcp), a("address", address), a("gateway", gateway), a("dns", dns), a("confirm_within", confirm_within); }
};
struct ConfirmNetwork {
  static constexpr std::string_view kName = "confirm_network";
  std::string token;            // as SetNetwork was answered: says that the answer arrived
  template <class A> void fields(A& a) { a("token", token); }
};
struct RevertNetwork {
  static constexpr std::string_view kName = "revert_network";
  template <class A> void fields(A&) {}
};

// --- time and name
struct SetTime {  // denied while time servers keep the clock
  static constexpr std::string_view kName = "set_time";
  Moment at{};
  template <class A> void fields(A& a) { a("at", at); }
};
struct SetTimeServers {
  static constexpr std::string_view kName = "set_time_servers";
  Words servers;                // names or addresses, at most 4; none: the clock runs by itself
  template <class A> void fields(A& a) { a("servers", servers); }
};
struct SetZone {
  static constexpr std::string_view kName = "set_zone";
  std::string zone;             // "Europe/Berlin"
  template <class A> void fields(A& a) { a("zone", zone); }
};
struct SetHostname {
  static constexpr std::string_view kName = "set_hostname";
  std::string name;
  template <class A> void fields(A& a) { a("name", name); }
};

// --- update, by RAUC
struct InspectUpdate {
  static constexpr std::string_view kName = "inspect_update";
  std::string path;             // of a bundle below one of the folders where bundles may lie
  template <class A> void fields(A& a) { a("path", path); }
};
struct InstallUpdate {
  static constexpr std::string_view kName = "install_update";
  std::string path;
  template <class A> void fields(A& a) { a("path", path); }
};
struct UpdateStatus {
  static constexpr std::string_view kName = "update_status";
  template <class A> void fields(A&) {}
};
struct MarkBooted {  // what health says of the running slot
  static constexpr std::string_view kName = "mark_booted";
  bool good = false;
  template <class A> void fields(A& a) { a("good", good); }
};

// --- power
struct Shutdown {
  static constexpr std::string_view kName = "shutdown";
  bool power_off = false;
  Moment not_before{}, not_after{};  // the window: at its begin; a box that slept through it does nothing
  template <class A> void fields(A& a) { a("power_off", power_off), a("not_before", not_before), a("not_after", not_after); }
};
struct CancelShutdown {
  static constexpr std::string_view kName = "cancel_shutdown";
  template <class A> void fields(A&) {}
};
// settings: as it came from the factory, data kept. data: journal, databases and users too. everything: the keys of the disk are destroyed.
enum class ResetLevel : uint8_t { none, settings, data, everything };
struct FactoryReset {
  static constexpr std::string_view kName = "factory_reset";
  ResetLevel level{};
  std::string sure;             // "ERASE"
  template <class A> void fields(A& a) { a("level", level), a("sure", sure); }
};

// --- the board
struct SetLamp {
  static constexpr std::string_view kName = "set_lamp";
  board::LampState state{};
  template <class A> void fields(A& a) { a("state", state); }
};
struct SetRelay {
  static constexpr std::string_view kName = "set_relay";
  bool on = false;
  Seconds at_most{0};           // 0 = until told otherwise; else it falls back by itself, at most an hour
  template <class A> void fields(A& a) { a("on", on), a("at_most", at_most); }
};
struct BoardState {  // button, watchdog, disks
  static constexpr std::string_view kName = "board_state";
  template <class A> void fields(A&) {}
};
struct WriteDiagnostics {  // how the box is, onto the stick; begun when it is answered, and what came of it stands in kDiagnosticsTold
  static constexpr std::string_view kName = "write_diagnostics";
  template <class A> void fields(A&) {}
};
inline constexpr const char* kDiagnosticsTold = "/run/holdfast-diagnostics";
struct TakeSettings {  // the agent's settings from the stick; begun when it is answered, and what came of it stands in kSettingsTold
  static constexpr std::string_view kName = "take_settings";
  template <class A> void fields(A&) {}
};
inline constexpr const char* kSettingsTold = "/run/holdfast-settings";
struct ReadAudit {
  static constexpr std::string_view kName = "read_audit";
  uint32_t lines = 50;          // the newest, at most 100
  template <class A> void fields(A& a) { a("lines", lines); }
};

using Request = std::variant<GetStatus, SetNetwork, ConfirmNetwork, RevertNetwork, SetTime, SetTimeServers, SetZone, SetHostname, InspectUpdate, InstallUpdate, UpdateStatus,
                             MarkBooted, Shutdown, CancelShutdown, FactoryReset, SetLamp, SetRelay, BoardState, WriteDiagnostics, TakeSettings, ReadAudit>;

struct Ask {
  std::string actor;  // for whom: "admin@192.0.2.7"; what the asker says of itself, beside what the kernel says of it
  Request request;
};

std::string_view name_of(const Request& request);

// invalid_input names the field; unsupported: no such request. What is read is within the limits told above (check()).
Result<Ask> parse_ask(std::string_view message);
std::string write_ask(const Ask& ask);

// The limits of each request, without asking the machine: invalid_input names the field.
Status check(const Request& request);

// What came of it: facts, or the error with its kind.
std::string write_answer(const Result<Fields>& answer);
Result<Fields> parse_answer(std::string_view message);

}  // namespace hf::device
