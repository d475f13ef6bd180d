#include "agent/store/store.hpp"

#include <array>
#include <system_error>

#include "agent/store/store_rows.hpp"

namespace hf::store {

namespace {

using sqlite::Blob;
using sqlite::Statement;

// Clustered by what the pages ask for, so that no table needs a second index to be read; bodies are zero-run packed (zero_runs.hpp).
constexpr std::array<sqlite::SchemaStep, 4> kSteps{{
    {"CREATE TABLE applied (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, core_version TEXT NOT NULL) STRICT;"
    "CREATE TABLE minutes (scope INTEGER NOT NULL, id TEXT NOT NULL, start INTEGER NOT NULL, span INTEGER NOT NULL, revision INTEGER NOT NULL,"
    " body BLOB NOT NULL, PRIMARY KEY (scope, id, start)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE calls (arrived INTEGER NOT NULL, id TEXT NOT NULL, line TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (arrived, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE agents (began INTEGER NOT NULL, queue TEXT NOT NULL, agent TEXT NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (began, queue, agent)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE incidents (id TEXT PRIMARY KEY, onset INTEGER NOT NULL, closed INTEGER, revision INTEGER NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX incidents_onset ON incidents (onset)"},
    {"CREATE TABLE firings (opened INTEGER NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL, closed INTEGER, revision INTEGER NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (opened, id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX firings_rule ON firings (rule, opened)"},
    {"CREATE TABLE surveys (start INTEGER NOT NULL, queue TEXT NOT NULL, question INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,"
    " body BLOB NOT NULL, PRIMARY KEY (start, queue, question, low, high)) STRICT, WITHOUT ROWID"},
    {"CREATE TABLE voice (start INTEGER NOT NULL, queue TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (start, queue)) STRICT, WITHOUT ROWID"}}};

Result<std::string> move_aside(const Path& path, std::string_view why) {
  std::error_code error;
  for (int n = 1; n < 1000; ++n) {
    const Path to = path.string() + fmt::format(".{}-{}", why, n);
    if (std::filesystem::exists(to, error)) continue;
    std::filesystem::rename(path, to, error);
    if (error) return fail(ErrorKind::io, fmt::format("{}: cannot move aside: {}", path.string(), error.message()));
    for (const char* companion : {"-wal", "-shm"}) std::filesystem::rename(path.string() + companion, to.string() + companion, error);
    return to.string();
  }
  return fail(ErrorKind::io, fmt::format("{}: too many files set aside beside it; remove them", path.string()));
}

}  // namespace

Store::Store(sqlite::Database database, Path path, std::optional<std::string> set_aside)
    : database_(std::move(database)), path_(std::move(path)), set_aside_(std::move(set_aside)) {}

Result<sqlite::Database> Store::open_file(const Path& path) {
  auto database = sqlite::Database::open(path);
  if (!database) return database;
  if (auto s = database->migrate(kSteps); !s) return fail(std::move(s.error()));
  // A power cut may take the last moments, `applied` with them: they are made again from the journal. So no commit waits for the disk.
  if (auto s = database->execute("PRAGMA synchronous=NORMAL"); !s) return fail(std::move(s.error()));
  // Cheap, unlike a check of a file of months: every table's root and the mark can be read. Deeper damage is told by the query that meets it.
  for (const char* probe : {"SELECT count(*) FROM applied", "SELECT scope FROM minutes LIMIT 1", "SELECT arrived FROM calls LIMIT 1",
                            "SELECT began FROM agents LIMIT 1", "SELECT onset FROM incidents LIMIT 1",
                            "SELECT opened FROM firings LIMIT 1", "SELECT start FROM surveys LIMIT 1", "SELECT start FROM voice LIMIT 1"}) {
    auto read = database->integer(probe);
    if (read) continue;
    const ErrorKind kind = read.error().kind == ErrorKind::internal ? ErrorKind::corrupt : read.error().kind;
    return fail(kind, read.error().what);
  }
  return database;
}

Result<Store> Store::open(const Path& path) {
  auto database = open_file(path);
  if (database) return Store(std::move(*database), path, std::nullopt);
  const bool newer = database.error().kind == ErrorKind::unsupported;
  if (!newer && database.error().kind != ErrorKind::corrupt) return fail(std::move(database.error()));
  auto moved = move_aside(path, newer ? "newer" : "damaged");
  if (!moved) return fail(std::move(moved.error()));
  database = open_file(path);
  if (!database) return fail(std::move(database.error()));
  return Store(std::move(*database), path, std::move(*moved));
}

Status Store::wipe() {
  const std::lock_guard lock(*mutex_);
  database_.reset();
  std::error_code error;
  for (const char* companion : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + companion, error);
  auto fresh = open_file(path_);
  if (!fresh) return fail(std::move(fresh.error()));
  database_.emplace(std::move(*fresh));
  return {};
}

Status Store::forget_people() {
  const std::lock_guard lock(*mutex_);
  return database_->execute("DELETE FROM calls; DELETE FROM agents; UPDATE applied SET sequence = 0; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<Applied> Store::applied() {
  const std::lock_guard lock(*mutex_);
  auto rows = database_->prepare("SELECT epoch, sequence, core_version FROM applied");
  if (!rows) return fail(std::move(rows.error()));
  Applied mark;
  auto read = rows->each([&mark](const Statement& row) {
    mark = {static_cast<uint64_t>(row.integer(0)), static_cast<uint64_t>(row.integer(1)), std::string(row.text(2))};
  });
  if (!read) return fail(std::move(read.error()));
  return mark;
}

Status Store::apply(const Applied& mark, const Derived& derived) {
  const std::lock_guard lock(*mutex_);
  return database_->transaction([&] { return put(mark, derived); });
}

Status Store::put(const Applied& mark, const Derived& derived) {
  if (auto s = put_minutes(derived.minutes); !s) return s;
  if (auto s = put_calls(derived.calls); !s) return s;
  if (auto s = put_agents(derived.agents); !s) return s;
  if (auto s = put_incidents(derived.incidents); !s) return s;
  if (auto s = put_firings(derived.firings); !s) return s;
  if (auto s = put_surveys(derived.surveys); !s) return s;
  if (auto s = put_voice(derived.voice); !s) return s;
  return database_->run("INSERT OR REPLACE INTO applied (one, epoch, sequence, core_version) VALUES (1,?,?,?)", static_cast<int64_t>(mark.epoch), static_cast<int64_t>(mark.sequence),
                        mark.core_version);
}

Status Store::put_minutes(std::span<const metrics::Minute> minutes) {
  if (minutes.empty()) return {};
  auto put = database_->prepare(
      "INSERT INTO minutes (scope, id, start, span, revision, body) VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET span = excluded.span, revision = excluded.revision, body = excluded.body"
      " WHERE excluded.revision >= revision AND excluded.span >= span");
  if (!put) return fail(std::move(put.error()));
  for (const auto& m : minutes) {
    if (auto s = put->run(static_cast<int64_t>(m.scope), m.id, stored(m.start), m.span_minutes, m.revision, Blob{packed(m)}); !s) return s;
  }
  return {};
}

Status Store::put_surveys(std::span<const metrics::SurveySum> surveys) {
  if (surveys.empty()) return {};
  auto put = database_->prepare("INSERT OR REPLACE INTO surveys (start, queue, question, low, high, body) VALUES (?,?,?,?,?,?)");
  if (!put) return fail(std::move(put.error()));
  for (const auto& s : surveys) {
    const auto question = static_cast<int64_t>(s.question);
    if (auto done = put->run(stored(s.start), s.queue, question, static_cast<int64_t>(s.low), static_cast<int64_t>(s.high), Blob{packed(s)}); !done) return done;
  }
  return {};
}

Status Store::put_voice(std::span<const metrics::VoiceSum> voice) {
  if (voice.empty()) return {};
  auto put = database_->prepare("INSERT OR REPLACE INTO voice (start, queue, body) VALUES (?,?,?)");
  if (!put) return fail(std::move(put.error()));
  for (const auto& v : voice) {
    if (auto done = put->run(stored(v.start), v.queue, Blob{packed(v)}); !done) return done;
  }
  return {};
}

Status Store::put_calls(std::span<const calls::Call> calls) {
  if (calls.empty()) return {};
  auto put = database_->prepare("INSERT OR REPLACE INTO calls (arrived, id, line, body) VALUES (?,?,?,?)");
  if (!put) return fail(std::move(put.error()));
  for (const auto& call : calls) {
    if (auto s = put->run(stored(call.arrived), call.id, call.line, Blob{packed(call)}); !s) return s;
  }
  return {};
}

Status Store::put_agents(std::span<const calls::AgentInterval> agents) {
  if (agents.empty()) return {};
  auto put = database_->prepare("INSERT OR REPLACE INTO agents (began, queue, agent, body) VALUES (?,?,?,?)");
  if (!put) return fail(std::move(put.error()));
  for (const auto& a : agents) {
    if (auto s = put->run(stored(a.from), a.queue, a.agent, Blob{packed(a)}); !s) return s;
  }
  return {};
}

Status Store::put_incidents(std::span<const incidents::Incident> incidents) {
  if (incidents.empty()) return {};
  auto put = database_->prepare(
      "INSERT INTO incidents (id, onset, closed, revision, body) VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET onset = excluded.onset, closed = excluded.closed, revision = excluded.revision,"
      " body = excluded.body WHERE excluded.revision >= revision");
  if (!put) return fail(std::move(put.error()));
  for (const auto& i : incidents) {
    const std::optional<int64_t> closed = i.closed ? std::optional(stored(*i.closed)) : std::nullopt;
    if (auto s = put->run(i.id, stored(i.onset), closed, i.revision, Blob{packed(i)}); !s) return s;
  }
  return {};
}

Status Store::put_firings(std::span<const rules::Firing> firings) {
  if (firings.empty()) return {};
  auto put = database_->prepare(
      "INSERT INTO firings (opened, id, rule, closed, revision, body) VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET closed = excluded.closed, revision = excluded.revision, body = excluded.body"
      " WHERE excluded.revision >= revision");
  if (!put) return fail(std::move(put.error()));
  for (const auto& f : firings) {
    const std::optional<int64_t> closed = f.closed ? std::optional(stored(*f.closed)) : std::nullopt;
    if (auto s = put->run(stored(f.opened), f.id, f.rule, closed, f.revision, Blob{packed(f)}); !s) return s;
  }
  return {};
}

}  // namespace hf::store
