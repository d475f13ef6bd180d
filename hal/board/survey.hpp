// Reads a Linux board's facts from where the kernel shows them.
#pragma once

#include <string_view>

#include "hal/board/facts.hpp"
#include "hal/platform/files.hpp"

namespace hf::board {

struct Places {
  Path sys = "/sys", proc = "/proc";
  Path state = "/";  // whose file system is measured
  Path told = "/run/holdfast-board";  // what programs with more rights found out: "sda.json" of smartctl, "chrony.csv" of chronyc
};

// Never fails: what cannot be read is left out, and so is what was told more than three hours ago. Takes milliseconds; asks no program.
Facts survey(const Places& places);

// The parts, for tests and for boards that have only some.
std::vector<Temperature> temperatures_in(const Path& sys);
std::vector<Fan> fans_in(const Path& sys);
std::vector<Link> links_in(const Path& sys);
std::vector<Disk> disks_in(const Path& sys);
std::vector<Disk> disks_of(const Places& places);  // those, with what smartctl said of them
ClockState clock_in(const Path& sys);
struct Space {  // bytes of the file system on which a path lies; unset where that cannot be known
  std::optional<uint64_t> total, free;
};
Space space_at(const Path& path);

// What `smartctl --json -a DEVICE` says of a disk's wear and health, laid over what is known of it. invalid_input: no JSON of smartctl's.
Status add_smart(std::string_view smartctl_json, Disk& disk);
// What `chronyc -n -c tracking` says of the clock, laid over what the kernel tells. invalid_input: no such line.
Status add_tracking(std::string_view chrony_csv, ClockState& clock);

}  // namespace hf::board
