// How the format of a database grows over versions of the program, so that an update can be taken back: the older program works on what the
// newer one wrote, or, where it cannot, on the copy made before. A format is a list of steps that only ever gets longer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "hal/platform/sqlite.hpp"

namespace hf::sqlite {

// What SQLite's user_version tells of a file: the steps taken in its low half, in its high half how many a program must know to work on it.
struct SchemaMark {
  uint16_t version = 0;
  uint16_t needs = 0;
  // A file from before `needs` was told needs all its steps.
  static SchemaMark of(uint32_t user_version);
  // Of a file on which all of these steps were taken.
  static SchemaMark after(std::span<const SchemaStep> steps);
  uint32_t user_version() const { return uint32_t{needs} << 16 | version; }
  bool known_to(size_t steps) const { return needs <= steps; }
};

// Opens a file that nothing else can make again and brings it to this program's format. Before the first step on what an older program wrote it
// is copied beside itself ("users.db.before-2" = as it stood at version 2), mode 0600. When a newer program wrote it in a way that this one
// cannot work on, the newest copy that it can is put in its place and the file kept as "users.db.newer-3"; both are logged. Without a copy that
// fails with `unsupported`, and nothing is touched. A copy goes after 30 days, when another is made, and by drop_copies().
Result<Database> open_kept(const std::filesystem::path& file, const OpenOptions& options, std::span<const SchemaStep> steps);

// Removes the copies and what was set aside: for when what they hold shall be forgotten.
Status drop_copies(const std::filesystem::path& file);

}  // namespace hf::sqlite
