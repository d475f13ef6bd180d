#include "hal/platform/sqlite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "hal/platform/schema.hpp"

namespace hf::sqlite {

namespace {

ErrorKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorKind::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorKind::busy;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN: return ErrorKind::io;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return ErrorKind::denied;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH: return ErrorKind::invalid_input;
    default: return ErrorKind::internal;
  }
}

// `detail` is SQLite's own message; it names tables and columns, never bound values.
Error error_of(int code, std::string_view file, std::string_view detail) {
  const char* meaning = sqlite3_errstr(code);
  if ((code & 0xff) == SQLITE_FULL) return {ErrorKind::io, fmt::format("{}: disk full", file)};
  if (detail.empty() || detail == meaning) return {kind_of(code), fmt::format("{}: {} ({})", file, meaning, code)};
  return {kind_of(code), fmt::format("{}: {} ({}: {})", file, detail, code, meaning)};
}

// SQLite would create it readable for all; the WAL and its index inherit the mode of the database.
Status create_private(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) return ::close(fd), Status{};
  const auto kind = errno == EACCES || errno == EROFS ? ErrorKind::denied : ErrorKind::io;
  return fail(kind, fmt::format("{}: cannot open or create: {}", path.string(), std::error_code(errno, std::generic_category()).message()));
}

}  // namespace

// --- Statement

Statement::Statement(sqlite3_stmt* raw, std::string file) : raw_(raw), file_(std::move(file)) {}
void Statement::Finalize::operator()(sqlite3_stmt* raw) const { sqlite3_finalize(raw); }
void Statement::keep(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

void Statement::bind(int index, int64_t value) { keep(sqlite3_bind_int64(raw_.get(), index, value)); }
void Statement::bind(int index, double value) { keep(sqlite3_bind_double(raw_.get(), index, value)); }
void Statement::bind(int index, std::nullopt_t) { keep(sqlite3_bind_null(raw_.get(), index)); }
void Statement::bind(int index, std::string_view text) {  // an empty view may have no pointer, which would bind NULL
  keep(sqlite3_bind_text64(raw_.get(), index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Statement::bind(int index, Blob blob) {
  keep(sqlite3_bind_blob64(raw_.get(), index, blob.bytes.empty() ? "" : blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC));
}

Result<bool> Statement::step() {
  sqlite3* owner = sqlite3_db_handle(raw_.get());
  if (bind_error_ != SQLITE_OK) return fail(error_of(bind_error_, file_, {}));
  const int code = sqlite3_step(raw_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fail(error_of(sqlite3_extended_errcode(owner), file_, sqlite3_errmsg(owner)));
}

void Statement::reset() {
  sqlite3_reset(raw_.get());
  bind_error_ = SQLITE_OK;
}

Status Statement::rows(const std::function<void(const Statement&)>& on_row) {
  for (;;) {
    auto row = step();
    if (row && *row) {
      on_row(*this);
      continue;
    }
    reset();
    return row ? Status{} : fail(std::move(row.error()));
  }
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(raw_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(raw_.get(), column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(raw_.get(), column) == SQLITE_NULL; }
std::string_view Statement::text(int column) const { return blob(column); }
std::string_view Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(raw_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(raw_.get(), column))};
}
std::optional<int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

// --- Database

void Database::Close::operator()(sqlite3* raw) const { sqlite3_close_v2(raw); }

Result<Database> Database::open(const std::filesystem::path& path, const OpenOptions& options) {
  if (!options.read_only) {
    if (auto created = create_private(path); !created) return fail(std::move(created.error()));
  }
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, options.vfs);
  Database database(raw, path.string());
  if (code != SQLITE_OK) return fail(error_of(code, database.file_, raw ? sqlite3_errmsg(raw) : ""));
  if (auto configured = database.configure(options); !configured) return fail(std::move(configured.error()));
  return database;
}

Status Database::configure(const OpenOptions& options) {
  sqlite3_busy_timeout(raw_.get(), 5000);
  sqlite3_db_config(raw_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, options.keep_wal ? 1 : 0, nullptr);
  if (auto s = execute("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON"); !s) return s;
  if (options.read_only) return {};
  if (options.secure_delete) {
    if (auto s = execute("PRAGMA secure_delete=ON"); !s) return s;
  }
  return execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
}

Status Database::execute(const char* sql) {
  const int code = sqlite3_exec(raw_.get(), sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return fail(error_of(code, file_, sqlite3_errmsg(raw_.get())));
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(raw_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return fail(error_of(code, file_, sqlite3_errmsg(raw_.get())));
  if (raw == nullptr) return fail(ErrorKind::invalid_input, file_ + ": empty SQL");
  return Statement(raw, file_);
}

Status Database::transaction(const std::function<Status()>& work) {
  if (auto begun = execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = work();
  if (done) done = execute("COMMIT");
  // After some errors (disk full, I/O) SQLite has rolled back by itself and a second ROLLBACK would be an error.
  if (!done && sqlite3_get_autocommit(raw_.get()) == 0) sqlite3_exec(raw_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

Status Database::migrate(std::span<const SchemaStep> steps) {
  auto found = integer("PRAGMA user_version");
  if (!found) return fail(std::move(found.error()));
  const SchemaMark mark = SchemaMark::of(static_cast<uint32_t>(found->value_or(0)));
  if (!mark.known_to(steps.size())) {
    return fail(ErrorKind::unsupported,
                fmt::format("{}: its format is version {}, which asks for a program that knows {}; this one knows {}. Install the newer program again, "
                            "or move the file away to begin anew; it was left untouched.", file_, mark.version, mark.needs, steps.size()));
  }
  for (size_t next = mark.version; next < steps.size(); ++next) {
    const std::string set_mark = fmt::format("PRAGMA user_version={}", SchemaMark::after(steps.first(next + 1)).user_version());
    auto moved = transaction([&] {
      if (auto s = execute(steps[next].sql); !s) return s;
      return execute(set_mark.c_str());
    });
    if (!moved) return fail(std::move(moved.error()).context(fmt::format("bringing the format to version {}", next + 1)));
  }
  return {};
}

Status Database::quick_check() {
  auto statement = prepare("PRAGMA quick_check(1)");
  if (!statement) return fail(std::move(statement.error()));
  std::string verdict;
  auto read = statement->each([&verdict](const Statement& row) { verdict = row.text(0); });
  if (!read) return read;
  if (verdict == "ok") return {};
  return fail(ErrorKind::corrupt, fmt::format("{}: {}", file_, verdict));
}

Status Database::checkpoint() { return execute("PRAGMA wal_checkpoint(TRUNCATE)"); }
int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(raw_.get()); }
int64_t Database::changes() const { return sqlite3_changes64(raw_.get()); }

}  // namespace hf::sqlite
