// One file of the journal: the entries of one UTC day, what epoch they belong to, and how far each source had been read.
// In: entries in order of sequence. Out: the same. Owned by Journal (writing) or by one call of read_folder (reading).
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/journal/entry.hpp"
#include "hal/platform/schema.hpp"

namespace hf::journal {

// journal-000007-2026-11-26.db: the order of the segments is the number's, since a clock may step back.
struct SegmentName {
  uint64_t number = 0;
  std::chrono::sys_days day{};
  std::string file() const;
  static std::optional<SegmentName> parse(std::string_view file);
};

// Names of all segments in a folder, in order. Other files are not touched or told.
Result<std::vector<SegmentName>> list_segments(const std::filesystem::path& folder);

// What can be told from the first bytes of a file without opening it as a database.
struct FileHeader {
  bool is_database = false;
  bool uses_wal = false;
  sqlite::SchemaMark mark;
};
FileHeader peek_header(const std::filesystem::path& file);

// Fails with `unsupported`, naming file, versions and remedy, when a newer program wrote the file in a way that this one cannot work on.
Status refuse_newer(const std::filesystem::path& file);

struct SegmentStart {  // what a segment knows from its birth on
  uint64_t epoch = 0;
  uint64_t first_sequence = 1;
  std::vector<Cursor> cursors;
};

// A segment built beside its final name and put there whole, so that no half-made segment ever bears the name of one.
class SegmentBuilder {
 public:
  static Result<SegmentBuilder> begin(const std::filesystem::path& file, const SegmentStart& start, const char* vfs);
  Status add(const EntryView& entry);
  Status finish();  // replaces what bore the name
  void abandon();   // leaves no trace

 private:
  SegmentBuilder(std::filesystem::path file, sqlite::Database database, sqlite::Statement insert)
      : file_(std::move(file)), database_(std::move(database)), insert_(std::move(insert)) {}
  std::filesystem::path file_;
  std::optional<sqlite::Database> database_;
  std::optional<sqlite::Statement> insert_;
};

class Segment {
 public:
  // For reading only; an unsealed segment may be written by another connection meanwhile.
  static Result<Segment> open_to_read(const std::filesystem::path& file, const char* vfs);
  static Result<Segment> open_to_write(const std::filesystem::path& file, const char* vfs);

  uint64_t epoch() const { return epoch_; }
  uint64_t first_sequence() const { return first_sequence_; }
  uint64_t last_sequence() const { return last_sequence_; }  // first_sequence() - 1 when empty
  Time last_at() const { return last_at_; }                  // zero when empty
  bool was_running() const { return was_running_; }          // not closed cleanly before it was opened now

  // From here to seal() or close() a missing -wal file means loss. Done before the first append.
  Status mark_running();
  // One transaction, on the disk on return. Entries are numbered last_sequence() + 1 and up.
  Status append(std::span<const Entry> entries, std::span<const Cursor> cursors);
  // Calls on_entry for at most `limit` entries from `from` on, in order; returns how many.
  Result<uint64_t> read(uint64_t from, uint64_t limit, const EntryReader& on_entry);
  Result<std::vector<Cursor>> cursors();
  Status check();  // reads the whole file; corrupt names the first fault
  Status close();  // all in one file, WAL gone
  Status seal();   // closed, and no longer in WAL mode: complete as a single file

 private:
  explicit Segment(sqlite::Database database) : database_(std::move(database)) {}
  static Result<Segment> open(const std::filesystem::path& file, const sqlite::OpenOptions& options);
  Status load();
  Status insert_all(std::span<const Entry> entries, std::span<const Cursor> cursors);

  std::optional<sqlite::Database> database_;
  std::optional<sqlite::Statement> insert_, set_cursor_;
  uint64_t epoch_ = 0, first_sequence_ = 1, last_sequence_ = 0;
  Time last_at_{};
  bool was_running_ = false, running_ = false;
};

}  // namespace hf::journal
