#include "agent/journal/journal.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "hal/platform/files.hpp"

namespace hf::journal {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kNumbersOfAnyDay = uint64_t{1} << 30;

std::chrono::sys_days day_of(Time at) { return std::chrono::floor<std::chrono::days>(at); }

bool has_wal(const fs::path& file) { return fs::exists(fs::path(file.string() + "-wal")); }

Status make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(error == std::errc::permission_denied ? ErrorKind::denied : ErrorKind::io, fmt::format("{}: cannot create: {}", folder.string(), error.message()));
  fs::permissions(folder, fs::perms::owner_all, error);
  return {};
}

// What an interrupted builder, salvage or snapshot left.
void remove_strays(const fs::path& folder) {
  std::vector<fs::path> strays;
  std::error_code error;
  fs::directory_iterator files(folder, error);
  for (const fs::directory_iterator end; !error && files != end; files.increment(error)) {
    const std::string name = files->path().filename().string();
    const bool ours = name.starts_with("journal-") || name.starts_with("snapshot-");
    if (ours && (name.find(".part") != std::string::npos || name.find(".salvage") != std::string::npos)) strays.push_back(files->path());
  }
  for (const auto& stray : strays) fs::remove(stray, error);
}

}  // namespace

Result<Journal> Journal::open(fs::path folder, const Clock& clock, Random& random, const char* vfs) {
  if (auto s = make_folder(folder); !s) return fail(std::move(s.error()));
  Journal journal(std::move(folder), clock, random, vfs);
  if (auto s = journal.load(); !s) return fail(std::move(s.error()).context("opening the journal"));
  return journal;
}

Journal::~Journal() { (void)close(); }

Status Journal::close() {
  if (!active_) return {};
  auto s = active_->close();
  active_.reset();
  return s;
}

Status Journal::load() {
  auto names = list_segments(folder_);
  if (!names) return fail(std::move(names.error()));
  for (const SegmentName& name : *names) {  // all of them before anything is touched
    if (auto s = refuse_newer(folder_ / name.file()); !s) return s;
  }
  remove_strays(folder_);
  epoch_ = draw_epoch();
  for (size_t i = 0; i < names->size(); ++i) {
    if (auto s = adopt(*names, i); !s) return s;
  }
  return {};
}

Status Journal::adopt(const std::vector<SegmentName>& names, size_t index) {
  const bool newest = index + 1 == names.size();
  auto held = look_at(names[index], newest);
  if (!held && held.error().kind == ErrorKind::corrupt) {
    report_.messages.push_back(held.error().what);
    uint64_t next_first = 0;
    if (!newest) {
      const auto after = Segment::open_to_read(folder_ / names[index + 1].file(), vfs_);
      next_first = after ? after->first_sequence() : 0;
    }
    const Held damaged{names[index], held_.empty() ? epoch_ : held_.back().epoch, next_, next_ - 1, {}};
    held = repair(damaged, next_first);
    if (!held) return forget(damaged, held.error()), Status{};
  }
  if (!held) return fail(std::move(held.error()));
  next_ = std::max(next_, held->last + 1);
  if (newest && !roll_next_) epoch_ = held->epoch;
  held_.push_back(*held);
  return {};
}

// Opens one segment as it was found. The newest stays open; an older one that a kill kept from being sealed is sealed now.
Result<Journal::Held> Journal::look_at(const SegmentName& name, bool newest) {
  const fs::path path = folder_ / name.file();
  const FileHeader header = peek_header(path);
  const bool had_wal = has_wal(path);
  auto segment = newest || header.uses_wal ? Segment::open_to_write(path, vfs_) : Segment::open_to_read(path, vfs_);
  if (!segment) return fail(std::move(segment.error()));
  Held held{name, segment->epoch(), segment->first_sequence(), segment->last_sequence(), segment->last_at()};
  if (newest) {
    if (auto s = examine_newest(*segment, had_wal || !header.uses_wal, held); !s) return fail(std::move(s.error()));
    active_ = std::make_unique<Segment>(std::move(*segment));
  } else if (header.uses_wal) {
    if (auto s = segment->seal(); !s) return fail(std::move(s.error()));
  }
  return held;
}

// After a kill or a power cut: is the file whole, and is the -wal there that held the newest entries?
Status Journal::examine_newest(Segment& segment, bool had_wal, Held& held) {
  if (!segment.was_running()) return {};
  if (auto s = segment.check(); !s) return s;
  if (had_wal) return {};
  const std::string missing = held.name.file() + "-wal";
  report_.losses.push_back({held.last_at, clock_->now(), held.last + 1, 0, missing});
  report_.messages.push_back(fmt::format("{}/{}: this file is missing; the entries that it held are lost: {}", folder_.string(), missing, to_text(report_.losses.back())));
  end_was_lost();
  return {};
}

// Numbers that may have been used must never be used again for other entries: a new epoch begins.
void Journal::end_was_lost() {
  epoch_ = draw_epoch();
  roll_next_ = true;
}

// `damaged` tells what is known of it: epoch, first and, when it is the newest of a running journal, last sequence.
Result<Journal::Held> Journal::repair(Held damaged, uint64_t next_first) {
  const Time begins = held_.empty() ? Time(damaged.name.day) : std::max(Time(damaged.name.day), held_.back().last_at);
  const Time now = clock_->now();
  const Time ends = next_first == 0 ? now : std::min(now, Time(damaged.name.day + std::chrono::days(1)));
  auto saved = salvage({file(damaged), now, {damaged.epoch, damaged.first, cursors_before(damaged.name)}, next_first, begins, std::max(begins, ends), vfs_});
  if (!saved) return fail(std::move(saved.error()));
  report_.messages.push_back(fmt::format("{}: damaged, set aside as {}; {} entries were saved", file(damaged).string(), saved->set_aside, saved->entries));
  for (const Loss& loss : saved->losses) {
    report_.messages.push_back("lost: " + to_text(loss));
    if (loss.last == 0) end_was_lost();
  }
  report_.losses.insert(report_.losses.end(), saved->losses.begin(), saved->losses.end());
  auto segment = Segment::open_to_read(file(damaged), vfs_);
  if (!segment) return fail(std::move(segment.error()));
  return Held{damaged.name, segment->epoch(), segment->first_sequence(), segment->last_sequence(), segment->last_at()};
}

// Even saving what is left failed (no room): the file stays where it is for the next start, and life goes on without it.
void Journal::forget(Held unreadable, const Error& error) {
  const Time begins = held_.empty() ? Time(unreadable.name.day) : held_.back().last_at;
  report_.losses.push_back({begins, clock_->now(), unreadable.first, 0, unreadable.name.file()});
  report_.messages.push_back(fmt::format("{}: damaged and not readable until there is room to save what is left: {}", file(unreadable).string(), error.what));
  end_was_lost();
  // Its place in the order is taken, and so are its numbers, however many they are: a day has far fewer.
  unreadable.last = unreadable.first - 1;
  held_.push_back(unreadable);
  next_ += kNumbersOfAnyDay;
}

uint64_t Journal::draw_epoch() {
  std::array<std::byte, sizeof(uint64_t)> bytes{};
  random_->fill(bytes);
  uint64_t epoch = 0;
  std::memcpy(&epoch, bytes.data(), sizeof epoch);
  return epoch;
}

uint64_t Journal::first_sequence() const {
  for (const Held& held : held_) {
    if (held.last >= held.first) return held.first;
  }
  return next_;
}

std::vector<Cursor> Journal::cursors_before(const SegmentName& name) {
  for (auto held = held_.rbegin(); held != held_.rend(); ++held) {
    if (held->name.number >= name.number) continue;
    auto segment = Segment::open_to_read(file(*held), vfs_);
    auto cursors = segment ? segment->cursors() : Result<std::vector<Cursor>>(fail(ErrorKind::corrupt, {}));
    return cursors ? std::move(*cursors) : std::vector<Cursor>{};
  }
  return {};
}

// --- writing

Result<uint64_t> Journal::append(std::span<const Entry> entries, std::span<const Cursor> cursors) {
  if (entries.empty() && cursors.empty()) return last_sequence();
  const auto day = day_of(entries.empty() ? clock_->now() : entries.front().at);
  auto done = append_to(day, entries, cursors);
  if (!done && done.error().kind == ErrorKind::corrupt && !held_.empty()) {
    report_.messages.push_back(done.error().what);
    if (auto s = repair_at(held_.size() - 1); !s) return fail(std::move(s.error()));
    done = append_to(day, entries, cursors);
  }
  if (!done) return fail(std::move(done.error()));
  next_ += entries.size();
  held_.back().last = next_ - 1, held_.back().last_at = active_->last_at();
  return last_sequence();
}

Status Journal::append_to(std::chrono::sys_days day, std::span<const Entry> entries, std::span<const Cursor> cursors) {
  if (auto s = make_ready(day); !s) return s;
  return active_->append(entries, cursors);
}

// A new day begins a new segment; so does a clock that is set back by more than a day. Small steps back stay in today's.
Status Journal::make_ready(std::chrono::sys_days day) {
  const bool fits = !roll_next_ && !held_.empty() && day <= held_.back().name.day && day >= held_.back().name.day - std::chrono::days(1);
  if (!fits) return roll(day);
  if (active_) return {};
  auto segment = Segment::open_to_write(file(held_.back()), vfs_);
  if (!segment) return fail(std::move(segment.error()));
  active_ = std::make_unique<Segment>(std::move(*segment));
  return {};
}

Status Journal::roll(std::chrono::sys_days day) {
  const SegmentName name{held_.empty() ? 1 : held_.back().name.number + 1, day};
  std::vector<Cursor> cursors;
  if (active_) {
    auto read = active_->cursors();
    if (!read) return fail(std::move(read.error()));
    cursors = std::move(*read);
  } else if (!held_.empty()) {
    cursors = cursors_before(name);
  }
  auto builder = SegmentBuilder::begin(folder_ / name.file(), {epoch_, next_, std::move(cursors)}, vfs_);
  if (!builder) return fail(std::move(builder.error()));
  if (auto s = builder->finish(); !s) return s;
  // From here on the new file is the newest; a failure to seal the old one is made good at the next open.
  if (active_) (void)active_->seal();
  active_.reset();
  held_.push_back({name, epoch_, next_, next_ - 1, {}});
  roll_next_ = false;
  auto segment = Segment::open_to_write(folder_ / name.file(), vfs_);
  if (!segment) return fail(std::move(segment.error()));
  active_ = std::make_unique<Segment>(std::move(*segment));
  return {};
}

Result<std::optional<std::string>> Journal::cursor(const std::string& source) {
  const auto all = active_ ? active_->cursors() : Result<std::vector<Cursor>>(cursors_before({UINT64_MAX, {}}));
  if (!all) return fail(Error(all.error()));
  const auto found = std::ranges::find(*all, source, &Cursor::source);
  if (found == all->end()) return std::nullopt;
  return found->value;
}

// --- reading

Result<uint64_t> Journal::read(uint64_t from, uint64_t limit, const EntryReader& on_entry) {
  uint64_t count = 0, next = from;
  const EntryReader forward = [&](const EntryView& entry) { ++count, next = entry.sequence + 1, on_entry(entry); };
  bool repaired = false;
  for (size_t i = 0; i < held_.size() && count < limit;) {
    if (held_[i].last < next || held_[i].last < held_[i].first) { ++i, repaired = false; continue; }
    auto segment = Segment::open_to_read(file(held_[i]), vfs_);
    auto done = segment ? segment->read(next, limit - count, forward) : Result<uint64_t>(fail(std::move(segment.error())));
    segment = fail(ErrorKind::closed, {});
    if (done) { ++i, repaired = false; continue; }
    if (done.error().kind != ErrorKind::corrupt || repaired) return fail(std::move(done.error()));
    report_.messages.push_back(done.error().what);
    if (auto s = repair_at(i); !s) return fail(std::move(s.error()));
    repaired = true;
  }
  return count;
}

// In a running journal the last number is known, so what is lost at the end is known exactly and the epoch stays.
Status Journal::repair_at(size_t index) {
  const bool newest = index + 1 == held_.size();
  if (newest) active_.reset();
  std::vector<Held> after(held_.begin() + static_cast<std::ptrdiff_t>(index) + 1, held_.end());
  const Held damaged = held_[index];
  held_.resize(index);
  auto repaired = repair(damaged, newest ? next_ : after.front().first);
  held_.push_back(repaired ? *repaired : damaged);
  held_.insert(held_.end(), after.begin(), after.end());
  if (newest) roll_next_ = true;
  return repaired ? Status{} : fail(std::move(repaired.error()));
}

Result<uint64_t> read_folder(const fs::path& folder, uint64_t from, uint64_t limit, const EntryReader& on_entry) {
  auto names = list_segments(folder);
  if (!names) return fail(std::move(names.error()));
  uint64_t count = 0;
  for (const SegmentName& name : *names) {
    if (count >= limit) break;
    auto segment = Segment::open_to_read(folder / name.file(), nullptr);
    if (!segment) return fail(std::move(segment.error()));
    if (segment->last_sequence() < from) continue;
    auto done = segment->read(from, limit - count, on_entry);
    if (!done) return done;
    count += *done;
  }
  return count;
}

}  // namespace hf::journal
