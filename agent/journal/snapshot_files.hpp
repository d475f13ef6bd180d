// The core's state at one sequence, a file each, so that a start reads a snapshot and the tail after it. README.md has the format, byte by byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf::journal {

struct Snapshot {
  uint64_t epoch = 0;
  uint64_t sequence = 0;      // the last entry that went into it
  std::string core_version;   // only the same core can load it
  std::string bytes;
};

class SnapshotFiles {
 public:
  explicit SnapshotFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Durable on return. Of older ones stay the newest of the same core and the newest of another one, so that an update that is taken back starts
  // where the program before it stopped; the rest goes.
  Status save(const Snapshot& snapshot);
  // The newest one that is whole and that `fits` accepts. Damaged ones are skipped and named in `messages`.
  std::optional<Snapshot> latest(const std::function<bool(const Snapshot&)>& fits, std::vector<std::string>& messages) const;
  Status remove_all();

 private:
  std::filesystem::path folder_;
};

// The file's content. decode() fails with `corrupt` on any change of any byte.
std::string encode(const Snapshot& snapshot);
Result<Snapshot> decode(std::string_view file);

}  // namespace hf::journal
