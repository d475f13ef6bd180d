// The one wrapper around SQLite. In: a path and SQL as whole literals. Out: Results whose text names the file.
// A Database and its Statements belong to one thread at a time; a Statement must not outlive its Database.
// Every database opened for writing is in WAL mode with synchronous=FULL: what a transaction committed survives a power cut.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "hal/platform/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace hf::sqlite {

struct Blob {  // bytes that are no text
  std::string_view bytes;
};

// A compiled statement, reused. bind() counts parameters from 1, the columns count from 0 as SQLite does.
class Statement {
 public:
  Statement(sqlite3_stmt* raw, std::string file);
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;

  // A failed bind is told by the next step(). Text and blobs must live until the next reset().
  void bind(int index, int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view text);
  void bind(int index, Blob blob);
  void bind(int index, std::nullopt_t);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value) bind(index, *value); else bind(index, std::nullopt);
  }
  template <std::integral T>
  void bind(int index, T value) { bind(index, static_cast<int64_t>(value)); }
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }

  Result<bool> step();  // true: a row stands in the columns
  void reset();

  // Columns of the present row; text() and blob() are views until the next step() or reset().
  int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const;
  std::optional<int64_t> optional_integer(int column) const;

  // Binds all arguments in order, steps to the end, resets. Rows are dropped.
  template <class... Args>
  Status run(const Args&... args) {
    return each([](const Statement&) {}, args...);
  }
  // The same, calling on_row(const Statement&) for each row.
  template <class F, class... Args>
  Status each(F&& on_row, const Args&... args) {
    reset();
    int index = 0;
    (bind(++index, args), ...);
    return rows([&on_row](const Statement& row) { on_row(row); });
  }

 private:
  Status rows(const std::function<void(const Statement&)>& on_row);
  void keep(int code);

  struct Finalize { void operator()(sqlite3_stmt* raw) const; };
  std::unique_ptr<sqlite3_stmt, Finalize> raw_;
  std::string file_;
  int bind_error_ = 0;
};

struct OpenOptions {
  bool read_only = false;      // never creates, never writes, takes a damaged file as it is
  bool secure_delete = false;  // deleted rows are overwritten by zeros
  bool keep_wal = false;       // the -wal file outlives the last connection, so that its absence means loss
  const char* vfs = nullptr;   // SQLite's name of another file layer (fault tests); nullptr = the system's
};

// A step of a format, which is a list of steps that only gets longer. `grows`: a new table or index, or a column with a default: a program that
// does not know it still works on the file, and does not see what is new. `breaks`: it cannot. The first step always does.
enum class SchemaChange : uint8_t { grows, breaks };
struct SchemaStep {
  const char* sql;
  SchemaChange change = SchemaChange::grows;
};

class Database {
 public:
  // Creates the file, mode 0600, when there is none. Fails with: corrupt (no database, damaged header), denied, io.
  static Result<Database> open(const std::filesystem::path& path, const OpenOptions& options = {});

  Status execute(const char* sql);  // one or more statements without parameters
  Result<Statement> prepare(std::string_view sql);
  // Runs one statement with parameters once.
  template <class... Args>
  Status run(std::string_view sql, const Args&... args) {
    auto statement = prepare(sql);
    if (!statement) return fail(std::move(statement.error()));
    return statement->run(args...);
  }
  // First column of the first row; unset when there is no row or it is NULL.
  template <class... Args>
  Result<std::optional<int64_t>> integer(std::string_view sql, const Args&... args) {
    auto statement = prepare(sql);
    if (!statement) return fail(std::move(statement.error()));
    std::optional<int64_t> found;
    bool first = true;
    auto status = statement->each(
        [&found, &first](const Statement& row) {
          if (std::exchange(first, false)) found = row.optional_integer(0);
        },
        args...);
    if (!status) return fail(std::move(status.error()));
    return found;
  }

  // Runs `work` inside BEGIN IMMEDIATE ... COMMIT. When it or the commit fails, all is rolled back and the error returned.
  // On return with success the transaction is on the disk.
  Status transaction(const std::function<Status()>& work);

  // Takes the steps that the file lacks, each in a transaction of its own; user_version tells how many were taken and how many a program must know
  // (schema.hpp). A file of a newer program that only grew is taken as it is; one that this program cannot work on fails with `unsupported`,
  // naming file, versions and remedy, and is left untouched.
  Status migrate(std::span<const SchemaStep> steps);

  // Reads the whole file. Fails with `corrupt`, telling the first fault.
  Status quick_check();
  // Moves all of the WAL into the file and empties the WAL.
  Status checkpoint();

  int64_t last_insert_rowid() const;
  int64_t changes() const;  // rows changed by the last statement
  const std::string& file() const { return file_; }

 private:
  struct Close { void operator()(sqlite3* raw) const; };
  Database(sqlite3* raw, std::string file) : raw_(raw), file_(std::move(file)) {}
  Status configure(const OpenOptions& options);

  std::unique_ptr<sqlite3, Close> raw_;
  std::string file_;
};

}  // namespace hf::sqlite
