// What to do with a damaged segment: set it aside, save what can be read, tell what was lost.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/journal/segment.hpp"

namespace hf::journal {

struct SalvageRequest {
  std::filesystem::path file;      // the damaged segment
  Time now{};
  SegmentStart fallback;           // what to believe when the file does not tell: epoch, first sequence, cursors
  uint64_t next_first = 0;         // first sequence of the segment after it; 0 = it is the newest
  Time begins{}, ends{};           // the time it can have covered, for what is lost at its ends
  const char* vfs = nullptr;
};

struct Salvaged {
  std::string set_aside;           // name of the file that was kept for examination
  uint64_t entries = 0;            // saved
  std::vector<Loss> losses;        // in order; empty when every entry was saved
};

// Renames the file (and its -wal) to *.damaged-<time>, and puts in its place a segment of all entries that can still be read.
// Entries that follow one another on a damaged page are lost together. Fails only when the disk does not let it write; the damaged file
// is then where it was.
Result<Salvaged> salvage(const SalvageRequest& request);

// Copies a segment through `rewrite`, which returns a new body or nothing for "as it is", and puts the copy in its place when anything
// changed. The old file is gone then. Returns how many entries changed. The segment must not be open.
using Rewrite = std::function<std::optional<std::string>(const EntryView&)>;
Result<uint64_t> rewrite_segment(const std::filesystem::path& file, const Rewrite& rewrite, const char* vfs);

}  // namespace hf::journal
