#include "agent/journal/segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "hal/platform/files.hpp"

namespace hf::journal {

namespace {

// The tables are made in this order in every segment: salvage.cpp relies on their root pages being alike.
constexpr std::array<sqlite::SchemaStep, 1> kSteps{{
    {"CREATE TABLE segment (epoch INTEGER NOT NULL, first_sequence INTEGER NOT NULL, running INTEGER NOT NULL) STRICT;"
    "CREATE TABLE cursors (source TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE entries (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT"}}};
constexpr uint32_t kAbsurdVersion = 10'000;

constexpr std::string_view kInsert = "INSERT INTO entries (sequence, at, kind, body) VALUES (?,?,?,?)";
constexpr std::string_view kSetCursor = "INSERT INTO cursors (source, value) VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value";

// Marks that no program of ours will ever write are damage, not a newer version.
bool possible(sqlite::SchemaMark mark) { return mark.version <= kAbsurdVersion && mark.needs <= mark.version; }

// SQLite's integers are signed; the bits are what is kept.
int64_t stored(uint64_t value) { return static_cast<int64_t>(value); }
uint64_t loaded(int64_t value) { return static_cast<uint64_t>(value); }
int64_t stored(Time at) { return at.time_since_epoch().count(); }

template <class T>
bool read_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::filesystem::path beside(const std::filesystem::path& file, std::string_view suffix) {
  return std::filesystem::path(file.string() + std::string(suffix));
}

// A database without our tables is none of ours: as good as damaged. Troubles of the disk stay what they are.
Error missing_table_is_damage(Error error) {
  if (error.kind == ErrorKind::internal) error.kind = ErrorKind::corrupt;
  return error;
}

void remove_with_companions(const std::filesystem::path& file) {
  std::error_code none;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(beside(file, suffix), none);
}

}  // namespace

std::string to_text(const Loss& loss) {
  const std::string entries = loss.last == 0 ? fmt::format("entries from {} on", loss.first) : fmt::format("entries {} to {}", loss.first, loss.last);
  return fmt::format("{:.6f} to {:.6f}, {} ({})", unix_seconds(loss.from), unix_seconds(loss.to), entries, loss.file);
}

// --- names

std::string SegmentName::file() const {
  const std::chrono::year_month_day date(day);
  return fmt::format("journal-{:06}-{:04}-{:02}-{:02}.db", number, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<SegmentName> SegmentName::parse(std::string_view file) {
  if (!file.starts_with("journal-") || !file.ends_with(".db") || file.size() < 28) return std::nullopt;
  file.remove_prefix(8), file.remove_suffix(3);
  const auto dash = file.find('-');
  int year = 0;
  unsigned month = 0, day = 0;
  SegmentName name;
  if (dash == std::string_view::npos || file.size() != dash + 11 || !read_number(file.substr(0, dash), name.number)) return std::nullopt;
  if (!read_number(file.substr(dash + 1, 4), year) || !read_number(file.substr(dash + 6, 2), month) || !read_number(file.substr(dash + 9, 2), day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  name.day = date;
  return name;
}

Result<std::vector<SegmentName>> list_segments(const std::filesystem::path& folder) {
  std::vector<SegmentName> names;
  std::error_code error;
  std::filesystem::directory_iterator files(folder, error);
  for (const std::filesystem::directory_iterator end; !error && files != end; files.increment(error)) {
    if (const auto name = SegmentName::parse(files->path().filename().string())) names.push_back(*name);
  }
  if (error) return fail(ErrorKind::io, fmt::format("{}: cannot list: {}", folder.string(), error.message()));
  std::ranges::sort(names, {}, &SegmentName::number);
  return names;
}

// --- the first bytes (SQLite's file format, section 1.3: bytes 18, 19 tell WAL; bytes 60..63 are user_version, big-endian)

FileHeader peek_header(const std::filesystem::path& file) {
  std::array<char, 100> bytes{};
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), bytes.size());
  const std::string_view magic("SQLite format 3\0", 16);
  FileHeader header;
  if (in.gcount() != static_cast<std::streamsize>(bytes.size()) || std::string_view(bytes.data(), 16) != magic) return header;
  header.is_database = true;
  header.uses_wal = bytes[18] == 2;
  uint32_t user_version = 0;
  for (size_t i = 60; i < 64; ++i) user_version = user_version << 8 | static_cast<unsigned char>(bytes[i]);
  header.mark = sqlite::SchemaMark::of(user_version);
  return header;
}

Status refuse_newer(const std::filesystem::path& file) {
  const FileHeader header = peek_header(file);
  if (!header.is_database || header.mark.known_to(kSteps.size()) || !possible(header.mark)) return {};
  return fail(ErrorKind::unsupported,
              fmt::format("{}: its format is version {}, which asks for a program that knows {}; this one knows {}. Install the newer program again, or move "
                          "the folder away to begin anew; nothing in it was touched.", file.string(), header.mark.version, header.mark.needs, kSteps.size()));
}

// --- SegmentBuilder

Result<SegmentBuilder> SegmentBuilder::begin(const std::filesystem::path& file, const SegmentStart& start, const char* vfs) {
  const auto part = beside(file, ".part");
  remove_with_companions(part);
  auto database = sqlite::Database::open(part, {.vfs = vfs});
  if (!database) return fail(std::move(database.error()));
  if (auto s = database->migrate(kSteps); !s) return fail(std::move(s.error()));
  if (auto s = database->execute("BEGIN IMMEDIATE"); !s) return fail(std::move(s.error()));
  if (auto s = database->run("INSERT INTO segment (epoch, first_sequence, running) VALUES (?,?,0)", stored(start.epoch), stored(start.first_sequence)); !s) return fail(std::move(s.error()));
  for (const Cursor& cursor : start.cursors) {
    if (auto s = database->run(kSetCursor, cursor.source, cursor.value); !s) return fail(std::move(s.error()));
  }
  auto insert = database->prepare(kInsert);
  if (!insert) return fail(std::move(insert.error()));
  return SegmentBuilder(file, std::move(*database), std::move(*insert));
}

Status SegmentBuilder::add(const EntryView& entry) { return insert_->run(stored(entry.sequence), stored(entry.at), entry.kind, entry.body); }

Status SegmentBuilder::finish() {
  insert_.reset();
  // Out of WAL mode, so that the file is complete by itself when it takes its name.
  if (auto s = database_->execute("COMMIT; PRAGMA journal_mode=DELETE"); !s) return s;
  database_.reset();
  std::error_code error;
  for (const char* suffix : {"-wal", "-shm", "-journal"}) std::filesystem::remove(beside(file_, suffix), error);
  std::filesystem::rename(beside(file_, ".part"), file_, error);
  if (error) return fail(ErrorKind::io, fmt::format("{}: cannot put in place: {}", file_.string(), error.message()));
  return sync_folder(file_.parent_path());
}

void SegmentBuilder::abandon() {
  insert_.reset(), database_.reset();
  remove_with_companions(beside(file_, ".part"));
}

// --- Segment

Result<Segment> Segment::open_to_read(const std::filesystem::path& file, const char* vfs) { return open(file, {.read_only = true, .keep_wal = true, .vfs = vfs}); }

Result<Segment> Segment::open_to_write(const std::filesystem::path& file, const char* vfs) {
  auto segment = open(file, {.keep_wal = true, .vfs = vfs});
  if (!segment) return segment;
  auto insert = segment->database_->prepare(kInsert);
  if (!insert) return fail(std::move(insert.error()));
  auto set_cursor = segment->database_->prepare(kSetCursor);
  if (!set_cursor) return fail(std::move(set_cursor.error()));
  segment->insert_.emplace(std::move(*insert));
  segment->set_cursor_.emplace(std::move(*set_cursor));
  return segment;
}

Result<Segment> Segment::open(const std::filesystem::path& file, const sqlite::OpenOptions& options) {
  if (auto s = refuse_newer(file); !s) return fail(std::move(s.error()));
  auto database = sqlite::Database::open(file, options);
  if (!database) return fail(std::move(database.error()));
  Segment segment(std::move(*database));
  if (auto s = segment.load(); !s) return fail(std::move(s.error()));
  return segment;
}

Status Segment::load() {
  auto version = database_->integer("PRAGMA user_version");
  if (!version) return fail(std::move(version.error()));
  int rows = 0;
  auto start = database_->prepare("SELECT epoch, first_sequence, running FROM segment");
  if (!start) return fail(missing_table_is_damage(std::move(start.error())));
  auto s = start->each([this, &rows](const sqlite::Statement& row) {
    ++rows;
    epoch_ = loaded(row.integer(0)), first_sequence_ = loaded(row.integer(1)), was_running_ = row.integer(2) != 0;
  });
  if (!s) return s;
  const auto mark = sqlite::SchemaMark::of(static_cast<uint32_t>(version->value_or(0)));
  if (rows != 1 || mark.version == 0 || !mark.known_to(kSteps.size())) return fail(ErrorKind::corrupt, database_->file() + ": the table `segment` is damaged");
  auto last = database_->prepare("SELECT sequence, at FROM entries ORDER BY sequence DESC LIMIT 1");
  if (!last) return fail(missing_table_is_damage(std::move(last.error())));
  last_sequence_ = first_sequence_ - 1;
  return last->each([this](const sqlite::Statement& row) { last_sequence_ = loaded(row.integer(0)), last_at_ = Time(Duration(row.integer(1))); });
}

Status Segment::mark_running() {
  if (running_) return {};
  if (auto s = database_->execute("UPDATE segment SET running = 1; PRAGMA wal_checkpoint(FULL)"); !s) return s;
  running_ = true;
  return {};
}

Status Segment::append(std::span<const Entry> entries, std::span<const Cursor> cursors) {
  if (auto s = mark_running(); !s) return s;
  if (auto s = database_->transaction([&] { return insert_all(entries, cursors); }); !s) return s;
  if (!entries.empty()) last_at_ = entries.back().at;
  last_sequence_ += entries.size();
  return {};
}

Status Segment::insert_all(std::span<const Entry> entries, std::span<const Cursor> cursors) {
  uint64_t sequence = last_sequence_;
  for (const Entry& entry : entries) {
    if (auto s = insert_->run(stored(++sequence), stored(entry.at), entry.kind, entry.body); !s) return s;
  }
  for (const Cursor& cursor : cursors) {
    if (auto s = set_cursor_->run(cursor.source, cursor.value); !s) return s;
  }
  return {};
}

Result<uint64_t> Segment::read(uint64_t from, uint64_t limit, const EntryReader& on_entry) {
  auto rows = database_->prepare("SELECT sequence, at, kind, body FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?");
  if (!rows) return fail(std::move(rows.error()));
  uint64_t count = 0;
  auto s = rows->each(
      [&count, &on_entry](const sqlite::Statement& row) {
        ++count;
        on_entry({loaded(row.integer(0)), Time(Duration(row.integer(1))), row.text(2), row.text(3)});
      },
      stored(from), stored(std::min<uint64_t>(limit, INT64_MAX)));
  if (!s) return fail(std::move(s.error()));
  return count;
}

Result<std::vector<Cursor>> Segment::cursors() {
  auto rows = database_->prepare("SELECT source, value FROM cursors ORDER BY source");
  if (!rows) return fail(std::move(rows.error()));
  std::vector<Cursor> found;
  auto s = rows->each([&found](const sqlite::Statement& row) { found.push_back({std::string(row.text(0)), std::string(row.text(1))}); });
  if (!s) return fail(std::move(s.error()));
  return found;
}

Status Segment::check() { return database_->quick_check(); }

Status Segment::close() {
  insert_.reset(), set_cursor_.reset();
  auto s = database_->execute("UPDATE segment SET running = 0; PRAGMA wal_checkpoint(TRUNCATE)");
  database_.reset();
  return s;
}

Status Segment::seal() {
  insert_.reset(), set_cursor_.reset();
  auto s = database_->execute("UPDATE segment SET running = 0; PRAGMA journal_mode=DELETE");
  database_.reset();
  return s;
}

}  // namespace hf::journal
