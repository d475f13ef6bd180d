// Journal's slow side: snapshots, checks, retention, erasure.
#include <fmt/format.h>

#include <algorithm>

#include "agent/journal/journal.hpp"
#include "hal/platform/files.hpp"

namespace hf::journal {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator all(folder, error);
  for (const fs::directory_iterator end; !error && all != end; all.increment(error)) {
    const std::string name = all->path().filename().string();
    if (name.starts_with("journal-") || name.starts_with("snapshot-")) files.push_back(all->path());
  }
  std::ranges::sort(files);
  return files;
}

bool is_set_aside(const fs::path& file) { return file.filename().string().find(".damaged-") != std::string::npos; }

uint64_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

Status remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) return fail(ErrorKind::io, fmt::format("{}: cannot remove: {}", file.string(), error.message()));
  return {};
}

}  // namespace

// --- snapshots

// The epoch of an entry that is held, or of the one after it when it is the last that was pruned.
std::optional<uint64_t> Journal::epoch_of(uint64_t sequence) const {
  for (const Held& held : held_) {
    if (sequence + 1 >= held.first && sequence <= held.last) return held.epoch;
  }
  return std::nullopt;
}

Status Journal::save_snapshot(uint64_t sequence, const std::string& core_version, std::string bytes) {
  const auto epoch = epoch_of(sequence);
  if (!epoch) return fail(ErrorKind::invalid_input, fmt::format("a snapshot after entry {}, but the journal holds {} to {}", sequence, first_sequence(), last_sequence()));
  return snapshots_.save({*epoch, sequence, core_version, std::move(bytes)});
}

std::optional<Snapshot> Journal::latest_snapshot(const std::string& core_version) {
  return snapshots_.latest([this, &core_version](const Snapshot& s) { return s.core_version == core_version && epoch_of(s.sequence) == s.epoch; },
                           report_.messages);
}

// --- checks

Status Journal::check() {
  for (size_t i = 0; i < held_.size(); ++i) {
    auto segment = Segment::open_to_read(file(held_[i]), vfs_);
    auto checked = segment ? segment->check() : Status(fail(std::move(segment.error())));
    segment = fail(ErrorKind::closed, {});
    if (checked) continue;
    if (checked.error().kind != ErrorKind::corrupt) return checked;
    report_.messages.push_back(checked.error().what);
    if (auto s = repair_at(i); !s) return s;
  }
  return {};
}

// --- retention

uint64_t Journal::bytes_on_disk() const {
  uint64_t bytes = 0;
  for (const auto& path : files_in(folder_)) bytes += size_of(path);
  return bytes;
}

Result<Pruned> Journal::prune(const Limits& limits, const std::string& core_version) {
  Pruned pruned;
  prune_set_aside(limits, pruned);
  const auto too_old = std::chrono::floor<std::chrono::days>(clock_->now()) - limits.keep;
  std::optional<uint64_t> sealed;  // the last entry that a snapshot holds
  uint64_t bytes = bytes_on_disk();
  while (!held_.empty()) {
    const Held& oldest = held_.front();
    if (oldest.name.day >= too_old && bytes <= limits.max_bytes) break;
    if (held_.size() == 1) {
      pruned.held_back = "only the newest day is left";
      break;
    }
    if (!sealed) sealed = latest_snapshot(core_version).value_or(Snapshot{}).sequence;
    if (oldest.last > *sealed) {
      pruned.held_back = fmt::format("no snapshot holds the entries of {} yet", oldest.name.file());
      break;
    }
    const uint64_t before = pruned.bytes;
    remove_oldest(pruned);
    bytes -= pruned.bytes - before;
  }
  if (pruned.files > 0) {
    if (auto s = sync_folder(folder_); !s) return fail(std::move(s.error()));
  }
  return pruned;
}

void Journal::remove_oldest(Pruned& pruned) {
  const fs::path path = file(held_.front());
  pruned.bytes += size_of(path), ++pruned.files;
  std::error_code none;
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(fs::path(path.string() + suffix), none);
  held_.erase(held_.begin());
}

// Files set aside are kept for examination, but no longer than entries are, and they are the first to go when room is short.
void Journal::prune_set_aside(const Limits& limits, Pruned& pruned) {
  const auto oldest = std::chrono::file_clock::from_sys(clock_->now() - limits.keep);
  for (const auto& path : files_in(folder_)) {
    std::error_code error;
    if (!is_set_aside(path)) continue;
    const bool old = fs::last_write_time(path, error) < oldest;
    if (!old && bytes_on_disk() <= limits.max_bytes) continue;
    pruned.bytes += size_of(path), ++pruned.files;
    fs::remove(path, error);
  }
}

// --- erasure

Result<uint64_t> Journal::erase(const Rewrite& rewrite) {
  if (auto s = close(); !s) return fail(std::move(s.error()));
  uint64_t changed = 0;
  for (size_t i = 0; i < held_.size(); ++i) {
    auto done = rewrite_segment(file(held_[i]), rewrite, vfs_);
    if (!done && done.error().kind == ErrorKind::corrupt) {
      report_.messages.push_back(done.error().what);
      if (auto s = repair_at(i); !s) return fail(std::move(s.error()));
      done = rewrite_segment(file(held_[i]), rewrite, vfs_);
    }
    if (!done) return fail(std::move(done.error()));
    changed += *done;
  }
  // Both may hold what was erased.
  for (const auto& path : files_in(folder_)) {
    if (!is_set_aside(path)) continue;
    if (auto s = remove_file(path); !s) return fail(std::move(s.error()));
  }
  if (auto s = snapshots_.remove_all(); !s) return fail(std::move(s.error()));
  return changed;
}

Status Journal::erase_everything() {
  active_.reset();
  for (const auto& path : files_in(folder_)) {
    if (auto s = remove_file(path); !s) return s;
  }
  held_.clear();
  next_ = 1, epoch_ = draw_epoch(), roll_next_ = false;
  return sync_folder(folder_);
}

}  // namespace hf::journal
