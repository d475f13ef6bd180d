#include "agent/journal/salvage.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <fstream>

#include "hal/platform/files.hpp"

namespace hf::journal {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMaxLosses = 64;             // further gaps are joined to the last one told
constexpr uint64_t kMaxSkip = uint64_t{1} << 40;
constexpr std::streamoff kPage = 4096;        // SQLite's default, which every segment has

fs::path with_suffix(const fs::path& file, std::string_view suffix) { return fs::path(file.string() + std::string(suffix)); }

std::string stamp(Time at) { return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(at))); }

// A name that nobody else bears.
fs::path aside_name(const fs::path& file, Time now) {
  fs::path aside = with_suffix(file, ".damaged-" + stamp(now));
  for (int n = 2; fs::exists(aside); ++n) aside = with_suffix(file, fmt::format(".damaged-{}-{}", stamp(now), n));
  return aside;
}

// The damaged file and its -wal; the -shm is only an index and goes.
Status set_aside(const fs::path& file, const fs::path& aside) {
  std::error_code error, none;
  fs::rename(file, aside, error);
  if (error) return fail(ErrorKind::io, fmt::format("{}: cannot set aside: {}", file.string(), error.message()));
  fs::rename(with_suffix(file, "-wal"), with_suffix(aside, "-wal"), none);
  fs::remove(with_suffix(file, "-shm"), none);
  return {};
}

void put_big_endian(std::array<char, kPage>& page, size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) page[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

// Page 1 of every segment is the same but for counters: schema, root pages, versions. So a healthy one can stand in for a damaged one.
Status transplant_first_page(const fs::path& patient, const char* vfs) {
  const fs::path donor = with_suffix(patient, "-donor");
  auto built = SegmentBuilder::begin(donor, {}, vfs);
  if (!built) return fail(std::move(built.error()));
  if (auto s = built->finish(); !s) return s;
  std::array<char, kPage> page{};
  std::ifstream(donor, std::ios::binary).read(page.data(), kPage);
  std::error_code none;
  fs::remove(donor, none);
  const auto pages = static_cast<uint32_t>(fs::file_size(patient, none) / static_cast<uintmax_t>(kPage));
  if (fs::exists(with_suffix(patient, "-wal"))) page[18] = page[19] = 2;  // WAL mode: its frames count
  put_big_endian(page, 24, 1);      // change counter
  put_big_endian(page, 28, pages);  // size, valid since
  put_big_endian(page, 92, 1);      // "valid for" equals the change counter
  std::fstream out(patient, std::ios::in | std::ios::out | std::ios::binary);
  out.write(page.data(), kPage);
  out.close();
  if (out.fail()) return fail(ErrorKind::io, patient.string() + ": cannot write");
  return {};
}

// Reads rows past damaged pages: after a fault it looks for the nearest later sequence that can be read.
class Gleaner {
 public:
  Gleaner(sqlite::Database& database, const EntryReader& on_entry) : database_(database), on_entry_(on_entry) {}

  // True when the last entry of the table was reached; what is missing then lies before it.
  bool run() {
    uint64_t from = 0;
    for (uint64_t before = 0; read_from(from, UINT32_MAX) == Reached::fault; before = next_) {
      const auto next = next_readable(next_);
      if (!next || next_ == before) return false;
      from = *next;
    }
    return true;
  }

 private:
  enum class Reached { end, fault };

  Reached read_from(uint64_t from, uint64_t limit, bool tell = true) {
    auto rows = database_.prepare("SELECT sequence, at, kind, body FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?");
    if (!rows) return next_ = UINT64_MAX, Reached::fault;
    auto s = rows->each(
        [&](const sqlite::Statement& row) {
          const auto sequence = static_cast<uint64_t>(row.integer(0));
          if (!tell || sequence < next_ || sequence > kMaxSkip) return;  // a garbled number must not end the numbering
          next_ = sequence + 1;
          on_entry_({sequence, Time(Duration(row.integer(1))), row.text(2), row.text(3)});
        },
        from, limit);
    return s ? Reached::end : Reached::fault;
  }

  bool readable(uint64_t from) { return read_from(from, 1, false) == Reached::end; }

  std::optional<uint64_t> next_readable(uint64_t after) {
    if (after == UINT64_MAX) return std::nullopt;
    uint64_t bad = 0, good = 1;
    while (!readable(after + good)) {
      bad = good, good *= 2;
      if (good > kMaxSkip) return std::nullopt;
    }
    while (good - bad > 1) {
      const uint64_t middle = bad + (good - bad) / 2;
      (readable(after + middle) ? good : bad) = middle;
    }
    return after + good;
  }

  sqlite::Database& database_;
  const EntryReader& on_entry_;
  uint64_t next_ = 1;
};

// Puts what is missing between the entries that were saved into words.
class LossBook {
 public:
  LossBook(const SalvageRequest& request, std::string file, uint64_t first)
      : request_(request), file_(std::move(file)), expected_(first), last_at_(request.begins) {}

  void saw(const EntryView& entry) {
    if (entry.sequence > expected_) lost(expected_, entry.sequence - 1, entry.at);
    expected_ = entry.sequence + 1, last_at_ = entry.at;
  }
  // The newest entries of the newest segment may be gone without a trace: told as "from here on".
  void end(bool newest_incomplete) {
    if (request_.next_first > expected_) lost(expected_, request_.next_first - 1, request_.ends);
    if (request_.next_first == 0 && newest_incomplete) lost(expected_, 0, request_.ends);
  }
  std::vector<Loss> losses;

 private:
  void lost(uint64_t first, uint64_t last, Time to) {
    if (losses.size() == kMaxLosses) losses.back().to = to, losses.back().last = last;
    else losses.push_back({last_at_, to, first, last, file_});
  }

  const SalvageRequest& request_;
  std::string file_;
  uint64_t expected_;
  Time last_at_;
};

Status copy_with_wal(const fs::path& from, const fs::path& to) {
  std::error_code error, none;
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(with_suffix(to, suffix), none);
  fs::copy_file(with_suffix(from, "-wal"), with_suffix(to, "-wal"), none);
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return fail(ErrorKind::io, fmt::format("{}: cannot copy: {}", from.string(), error.message()));
  return {};
}

// A writable copy, so that the evidence stays as it was found. Its first page is replaced when nothing can be read through it.
Result<sqlite::Database> open_copy(const fs::path& damaged, const fs::path& copy, const char* vfs) {
  if (auto s = copy_with_wal(damaged, copy); !s) return fail(std::move(s.error()));
  {
    auto database = sqlite::Database::open(copy, {.vfs = vfs});
    if (database && database->integer("SELECT count(*) FROM segment")) return database;
  }
  if (auto s = copy_with_wal(damaged, copy); !s) return fail(std::move(s.error()));
  if (auto s = transplant_first_page(copy, vfs); !s) return fail(std::move(s.error()));
  return sqlite::Database::open(copy, {.vfs = vfs});
}

// What the damaged file still tells of itself, else the fallback. Cursors of the segment before fit only when nothing of this one is kept.
SegmentStart start_of(sqlite::Database& database, const SegmentStart& fallback) {
  SegmentStart start{fallback.epoch, fallback.first_sequence, {}};
  if (auto rows = database.prepare("SELECT epoch, first_sequence FROM segment")) {
    auto read = rows->each([&start](const sqlite::Statement& row) {
      start.epoch = static_cast<uint64_t>(row.integer(0)), start.first_sequence = static_cast<uint64_t>(row.integer(1));
    });
    if (!read) start = {fallback.epoch, fallback.first_sequence, {}};
  }
  if (auto rows = database.prepare("SELECT source, value FROM cursors")) {
    auto read = rows->each([&start](const sqlite::Statement& row) { start.cursors.push_back({std::string(row.text(0)), std::string(row.text(1))}); });
    if (!read) start.cursors.clear();
  }
  return start;
}

void remove_copy(const fs::path& copy) {
  std::error_code none;
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(with_suffix(copy, suffix), none);
}

// Nothing could be read: an empty segment that goes on where the one before it ended, cursors included, so that a source which can gives
// again what was lost.
Result<SegmentBuilder> begin_empty(const SalvageRequest& request, Salvaged& out) {
  LossBook book(request, out.set_aside, request.fallback.first_sequence);
  book.end(true);
  out.losses = std::move(book.losses);
  return SegmentBuilder::begin(request.file, request.fallback, request.vfs);
}

// Fills the replacement from the copy; the losses are told under the name that the damaged file will bear.
Result<SegmentBuilder> glean(const SalvageRequest& request, sqlite::Database& from, Salvaged& out) {
  const SegmentStart start = start_of(from, request.fallback);
  auto builder = SegmentBuilder::begin(request.file, start, request.vfs);
  if (!builder) return builder;
  LossBook book(request, out.set_aside, start.first_sequence);
  Status written;
  const EntryReader keep = [&](const EntryView& entry) {
    if (!written) return;
    written = builder->add(entry);
    book.saw(entry);
    ++out.entries;
  };
  const bool complete = Gleaner(from, keep).run();
  if (!written) return fail(std::move(written.error()));
  if (!complete && out.entries == 0) return builder->abandon(), begin_empty(request, out);
  book.end(!complete);
  out.losses = std::move(book.losses);
  return builder;
}

}  // namespace

Result<Salvaged> salvage(const SalvageRequest& request) {
  const fs::path aside = aside_name(request.file, request.now);
  const fs::path copy = with_suffix(request.file, ".salvage");
  Salvaged out;
  out.set_aside = aside.filename().string();
  auto built = [&]() -> Result<SegmentBuilder> {
    auto database = open_copy(request.file, copy, request.vfs);
    if (!database && database.error().kind != ErrorKind::corrupt) return fail(std::move(database.error()));
    return database ? glean(request, *database, out) : begin_empty(request, out);
  }();
  remove_copy(copy);
  if (!built) return fail(std::move(built.error()).context("saving what is left of " + request.file.string()));
  if (auto s = set_aside(request.file, aside); !s) return fail(std::move(s.error()));
  if (auto s = built->finish(); !s) return fail(std::move(s.error()));
  return out;
}

Result<uint64_t> rewrite_segment(const fs::path& file, const Rewrite& rewrite, const char* vfs) {
  auto from = Segment::open_to_write(file, vfs);
  if (!from) return fail(std::move(from.error()));
  auto cursors = from->cursors();
  if (!cursors) return fail(std::move(cursors.error()));
  auto builder = SegmentBuilder::begin(file, {from->epoch(), from->first_sequence(), *cursors}, vfs);
  if (!builder) return fail(std::move(builder.error()));
  uint64_t changed = 0;
  Status written;
  auto read = from->read(0, UINT64_MAX, [&](const EntryView& entry) {
    if (!written) return;
    const auto body = rewrite(entry);
    changed += body.has_value();
    written = builder->add({entry.sequence, entry.at, entry.kind, body ? std::string_view(*body) : entry.body});
  });
  if (!read) return fail(std::move(read.error()));
  if (!written) return fail(std::move(written.error()));
  if (auto s = from->seal(); !s) return fail(std::move(s.error()));
  if (changed == 0) return builder->abandon(), 0;
  if (auto s = builder->finish(); !s) return fail(std::move(s.error()));
  return changed;
}

}  // namespace hf::journal
