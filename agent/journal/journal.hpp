// The numbered, durable log of all that the core's results rest on: THE truth. In: entries. Out: the same entries, in order, for ever
// until retention or erasure takes them. A folder holds one file per UTC day and the last two snapshots. Owned by one thread (the app's loop).
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/journal/entry.hpp"
#include "agent/journal/salvage.hpp"
#include "agent/journal/segment.hpp"
#include "agent/journal/snapshot_files.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/result.hpp"

namespace hf::journal {

// What open(), read(), append() and check() had to tell: damage set aside, snapshots skipped. For health and the log.
struct Report {
  std::vector<Loss> losses;
  std::vector<std::string> messages;
};

struct Limits {
  std::chrono::days keep{400};
  uint64_t max_bytes = UINT64_MAX;
};

struct Pruned {
  size_t files = 0;
  uint64_t bytes = 0;
  std::string held_back;  // why more was not removed, though a limit is passed; empty when nothing is held back
};

class Journal {
 public:
  // Begins a journal when the folder holds none. Damage is never a reason to fail: it is set aside and told by report().
  // Fails with: unsupported (a newer program wrote it; nothing is touched), denied, io. `vfs` is for fault tests.
  static Result<Journal> open(std::filesystem::path folder, const Clock& clock, Random& random, const char* vfs = nullptr);
  Journal(Journal&&) = default;
  Journal& operator=(Journal&&) = default;
  ~Journal();

  uint64_t epoch() const { return epoch_; }  // of entries appended from now on; random, new whenever a journal begins or lost its end
  uint64_t first_sequence() const;           // the oldest entry held; last_sequence() + 1 when there is none
  uint64_t last_sequence() const { return next_ - 1; }

  // One transaction, on the disk on return; returns the last sequence. `sequence` of the entries is not read. Nothing is kept on failure:
  // io ("...: disk full"), denied. All entries of one call go to the day of the first.
  Result<uint64_t> append(std::span<const Entry> entries, std::span<const Cursor> cursors = {});
  // At most `limit` entries from sequence `from` on, in order; returns how many. Damage found on the way is set aside and told by report().
  Result<uint64_t> read(uint64_t from, uint64_t limit, const EntryReader& on_entry);
  // How far this source was read, as committed with its last entries.
  Result<std::optional<std::string>> cursor(const std::string& source);

  // The core's state after entry `sequence` (already appended). Durable on return; the last two are kept.
  Status save_snapshot(uint64_t sequence, const std::string& core_version, std::string bytes);
  // The newest snapshot that this core can load and whose tail the journal holds; go on with read(sequence + 1). Without one: read(1).
  std::optional<Snapshot> latest_snapshot(const std::string& core_version);

  // Reads every file. Damage is set aside as at open.
  Status check();
  // Removes the oldest days beyond the limits, never today's, and none whose entries are not in a snapshot that this core can load.
  Result<Pruned> prune(const Limits& limits, const std::string& core_version);
  // Passes every entry through `rewrite` (a new body, or nothing for "as it is"); returns how many changed. What was there before is gone
  // from all files: snapshots and files set aside are removed as well, so the core must be rebuilt by read(1) and saved anew.
  Result<uint64_t> erase(const Rewrite& rewrite);
  // All entries, cursors, snapshots and set-aside files go; a new journal with a new epoch begins.
  Status erase_everything();

  uint64_t bytes_on_disk() const;
  const Report& report() const { return report_; }
  Report take_report() { return std::exchange(report_, {}); }
  // Leaves complete files behind. A journal that is destroyed closes itself.
  Status close();

 private:
  struct Held {
    SegmentName name;
    uint64_t epoch = 0, first = 1, last = 0;
    Time last_at{};
  };

  Journal(std::filesystem::path folder, const Clock& clock, Random& random, const char* vfs)
      : folder_(std::move(folder)), clock_(&clock), random_(&random), vfs_(vfs), snapshots_(folder_) {}

  std::filesystem::path file(const Held& held) const { return folder_ / held.name.file(); }
  Status load();
  Status adopt(const std::vector<SegmentName>& names, size_t index);
  Result<Held> look_at(const SegmentName& name, bool newest);
  Status examine_newest(Segment& segment, bool had_wal, Held& held);
  Result<Held> repair(Held damaged, uint64_t next_first);
  void end_was_lost();
  void forget(Held unreadable, const Error& error);
  uint64_t draw_epoch();

  Status append_to(std::chrono::sys_days day, std::span<const Entry> entries, std::span<const Cursor> cursors);
  Status make_ready(std::chrono::sys_days day);
  Status roll(std::chrono::sys_days day);
  Status repair_at(size_t index);
  std::vector<Cursor> cursors_before(const SegmentName& name);
  std::optional<uint64_t> epoch_of(uint64_t sequence) const;
  void remove_oldest(Pruned& pruned);
  void prune_set_aside(const Limits& limits, Pruned& pruned);

  std::filesystem::path folder_;
  const Clock* clock_;
  Random* random_;
  const char* vfs_;
  SnapshotFiles snapshots_;
  std::vector<Held> held_;         // in order; the last one is active_ when that is set
  std::unique_ptr<Segment> active_;  // open for writing
  bool roll_next_ = false;         // the next entry begins a new segment
  uint64_t epoch_ = 0, next_ = 1;
  Report report_;
};

// Reads a journal that another object may be writing at the same time. Fails with `corrupt` where Journal::read would salvage.
Result<uint64_t> read_folder(const std::filesystem::path& folder, uint64_t from, uint64_t limit, const EntryReader& on_entry);

}  // namespace hf::journal
