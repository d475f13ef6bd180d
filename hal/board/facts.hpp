// What the board under the agent is and how it is. Types only. What a board does not have, or does not tell, is unset: unknown, never 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::board {

struct Temperature {
  std::string sensor;                        // "lm75 temp1", "coretemp Package id 0"
  double celsius = 0;
  std::optional<double> limit;               // what its own driver calls critical
};
struct Fan {
  std::string sensor;
  uint32_t rpm = 0;
};
struct Link {
  std::string name;                          // "eth0"
  bool up = false;
  std::optional<uint32_t> mbps;
  uint64_t errors = 0, dropped = 0;          // received and sent, since the system's start
};
enum class DiskKind : uint8_t { other, emmc, nvme, sata };
struct Disk {
  std::string name;                          // "mmcblk0", "nvme0n1", "sda"
  DiskKind kind{};
  std::optional<uint8_t> worn_percent;       // of its life, as the maker counts: 100 = used up, and above
  std::optional<bool> failing;               // the disk's own verdict
};
struct ClockState {
  std::optional<bool> synchronised;          // whether something keeps the system's clock right
  std::optional<Duration> error;             // how far off it may be, by the kernel's estimate
  std::string source;                        // "tsc", "kvm-clock": what counts the time
  std::string reference;                     // whom it is kept right by, where that is told: "192.0.2.1"
  std::optional<Duration> offset;            // how far it stood from that one, either way
};

struct Facts {
  std::vector<Temperature> temperatures;
  std::vector<Fan> fans;
  std::vector<Link> links;
  std::vector<Disk> disks;
  ClockState clock;
  std::optional<uint64_t> memory_total, memory_available;  // bytes
  std::optional<uint64_t> disk_total, disk_free;           // bytes, of the state folder's file system
  std::optional<bool> clock_battery_low;                   // of the real-time clock
  std::optional<std::string> tpm;                          // "2.0"
  std::optional<bool> reset_by_watchdog;                   // what this start came from; unset: no watchdog that tells
  std::optional<Duration> up;                              // since this start
};

}  // namespace hf::board
