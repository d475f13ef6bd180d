#include "agent/store/outbox.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <span>
#include <system_error>

#include "hal/platform/schema.hpp"

namespace hf::store {
namespace {

using sqlite::Blob;
using sqlite::Statement;

constexpr std::array<sqlite::SchemaStep, 1> kSchema{{{
    "CREATE TABLE outbox_self (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, newest INTEGER NOT "
    "NULL) STRICT;"
    "CREATE TABLE outbox_origin (journal_epoch TEXT PRIMARY KEY, output INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE outbox (sequence INTEGER PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
    " grain INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, sent INTEGER, settled "
    "INTEGER,"
    " bytes INTEGER NOT NULL, plain_bytes INTEGER NOT NULL, replaces TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', body "
    "BLOB)"
    " STRICT;"
    "CREATE INDEX outbox_waiting ON outbox (created, sequence, bytes) WHERE state = 0;"
    "CREATE INDEX outbox_acknowledged ON outbox (sequence) WHERE state = 1;"
    "CREATE INDEX outbox_refused ON outbox (sequence) WHERE state = 2;"}}};

int64_t microseconds(Time t) { return t.time_since_epoch().count(); }
Time time_of(int64_t us) { return Time(Duration(us)); }
int64_t number(uint64_t n) { return static_cast<int64_t>(n); }

OutboxMessage row_of(const Statement& row) {
  OutboxMessage m;
  m.sequence = static_cast<uint64_t>(row.integer(0));
  m.kind = static_cast<OutboxKind>(row.integer(1)), m.state = static_cast<OutboxState>(row.integer(2));
  m.grain = static_cast<uint32_t>(row.integer(3)), m.attempts = static_cast<uint32_t>(row.integer(4));
  m.created = time_of(row.integer(5));
  if (!row.is_null(6)) m.sent = time_of(row.integer(6));
  if (!row.is_null(7)) m.settled = time_of(row.integer(7));
  m.bytes = static_cast<uint64_t>(row.integer(8)), m.plain_bytes = static_cast<uint64_t>(row.integer(9));
  if (auto ranges = ranges_from(row.text(10))) m.replaces = std::move(*ranges);
  m.why = row.text(11);
  return m;
}

OutboxMessage full_row_of(const Statement& row) {
  OutboxMessage m = row_of(row);
  m.body = row.blob(12);
  return m;
}

// Moves the file and its companions out of the way; returns the new place.
Result<std::string> move_aside(const Path& path) {
  for (int n = 1; n < 1000; ++n) {
    const Path to = path.string() + fmt::format(".damaged-{}", n);
    std::error_code error;
    if (std::filesystem::exists(to, error)) continue;
    std::filesystem::rename(path, to, error);
    if (error) return fail(ErrorKind::io, fmt::format("{}: moving aside: {}", path.string(), error.message()));
    for (const char* companion : {"-wal", "-shm"})
      std::filesystem::rename(path.string() + companion, to.string() + companion, error);  // may be absent
    return to.string();
  }
  return fail(ErrorKind::io, fmt::format("{}: too many damaged files beside it; remove them", path.string()));
}

}  // namespace

Outbox::Outbox(sqlite::Database db, std::optional<std::string> set_aside)
    : db_(std::move(db)), set_aside_(std::move(set_aside)) {}

Result<sqlite::Database> Outbox::open_file(const Path& path, Random& random) {
  auto db = sqlite::open_kept(path, {}, kSchema);
  if (!db) return fail(std::move(db.error()));
  if (auto good = db->quick_check(); !good) return fail(std::move(good.error()));
  int64_t epoch = 0;
  random.fill(std::as_writable_bytes(std::span(&epoch, 1)));
  auto stored = db->run("INSERT INTO outbox_self (one, epoch, newest) VALUES (1, ?, 0) ON CONFLICT DO NOTHING", epoch);
  if (!stored) return fail(std::move(stored.error()));
  return db;
}

Result<Outbox> Outbox::open(const Path& path, Random& random) {
  auto db = open_file(path, random);
  if (db) return Outbox(std::move(*db), std::nullopt);
  if (db.error().kind != ErrorKind::corrupt) return fail(std::move(db.error()));
  auto moved = move_aside(path);
  if (!moved) return fail(std::move(moved.error()));
  db = open_file(path, random);
  if (!db) return fail(std::move(db.error()));
  return Outbox(std::move(*db), std::move(*moved));
}

Status Outbox::insert(const NewMessage& m, const Ranges& replaces) {
  auto raised = db_.run("UPDATE outbox_self SET newest = newest + 1");
  if (!raised) return raised;
  return db_.run(
      "INSERT INTO outbox (sequence, kind, grain, created, bytes, plain_bytes, replaces, body)"
      " SELECT newest, ?, ?, ?, ?, ?, ?, ? FROM outbox_self",
      static_cast<int64_t>(m.kind), m.grain, microseconds(m.created), number(m.body.size()), number(m.plain_bytes),
      ranges_text(replaces), Blob{m.body});
}

// Within a transaction.
Status Outbox::put_one(const OutboxOrigin& origin, const std::vector<NewMessage>& messages) {
  auto highest = db_.integer("SELECT output FROM outbox_origin WHERE journal_epoch = ?", origin.journal_epoch);
  if (!highest) return fail(std::move(highest.error()));
  if (highest->value_or(0) >= number(origin.output)) return {};
  for (const auto& m : messages)
    if (auto stored = insert(m, {}); !stored) return stored;
  return db_.run(
      "INSERT INTO outbox_origin (journal_epoch, output) VALUES (?, ?) ON CONFLICT (journal_epoch) DO UPDATE SET output = excluded.output",
      origin.journal_epoch, number(origin.output));
}

Status Outbox::put(const OutboxOrigin& origin, const std::vector<NewMessage>& messages) {
  const std::lock_guard lock(*mutex_);
  return db_.transaction([&] { return put_one(origin, messages); });
}

Status Outbox::put(const std::vector<OutboxOutput>& outputs) {
  const std::lock_guard lock(*mutex_);
  return db_.transaction([&]() -> Status {
    for (const auto& output : outputs)
      if (auto stored = put_one(output.origin, output.messages); !stored) return stored;
    return {};
  });
}

Result<std::vector<OutboxMessage>> Outbox::next(size_t count, uint64_t bytes) {
  const std::lock_guard lock(*mutex_);
  auto query = db_.prepare(
      "SELECT sequence, kind, state, grain, attempts, created, sent, settled, bytes, plain_bytes, replaces, why, body"
      " FROM outbox WHERE state = 0 ORDER BY created, sequence LIMIT ?");
  if (!query) return fail(std::move(query.error()));
  query->bind(1, number(count));
  std::vector<OutboxMessage> out;
  for (uint64_t used = 0;;) {
    auto row = query->step();
    if (!row) return fail(std::move(row.error()));
    if (!*row) break;
    used += static_cast<uint64_t>(query->integer(9));
    if (!out.empty() && used > bytes) break;
    out.push_back(full_row_of(*query));
  }
  return out;
}

Status Outbox::sent(const std::vector<uint64_t>& sequences, Time at) {
  const std::lock_guard lock(*mutex_);
  return db_.transaction([&]() -> Status {
    auto update = db_.prepare("UPDATE outbox SET sent = ?, attempts = attempts + 1 WHERE sequence = ? AND state = 0");
    if (!update) return fail(std::move(update.error()));
    for (const uint64_t s : sequences)
      if (auto done = update->run(microseconds(at), number(s)); !done) return done;
    return {};
  });
}

Status Outbox::acknowledge(const Ranges& ranges, Time at) {
  const std::lock_guard lock(*mutex_);
  return db_.transaction([&]() -> Status {
    auto update = db_.prepare("UPDATE outbox SET state = 1, settled = ? WHERE sequence BETWEEN ? AND ? AND state = 0");
    if (!update) return fail(std::move(update.error()));
    for (const auto& [first, last] : ranges)
      if (auto done = update->run(microseconds(at), number(first), number(last)); !done) return done;
    return {};
  });
}

Status Outbox::refuse(uint64_t sequence, std::string_view why, Time at) {
  const std::lock_guard lock(*mutex_);
  return db_.run("UPDATE outbox SET state = 2, settled = ?, why = ? WHERE sequence = ? AND state = 0", microseconds(at),
                 why, number(sequence));
}

Result<std::vector<OutboxMessage>> Outbox::waiting(OutboxKind kind, uint32_t grain, size_t count) {
  const std::lock_guard lock(*mutex_);
  auto query = db_.prepare(
      "SELECT sequence, kind, state, grain, attempts, created, sent, settled, bytes, plain_bytes, replaces, why, body"
      " FROM outbox WHERE state = 0 AND kind = ? AND grain = ? ORDER BY created, sequence LIMIT ?");
  if (!query) return fail(std::move(query.error()));
  std::vector<OutboxMessage> out;
  auto done = query->each([&out](const Statement& row) { out.push_back(full_row_of(row)); }, static_cast<int64_t>(kind),
                          grain, number(count));
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<Ranges> Outbox::take_out(const std::vector<uint64_t>& old) {
  auto remove = db_.prepare("DELETE FROM outbox WHERE sequence = ? AND state = 0 RETURNING replaces");
  if (!remove) return fail(std::move(remove.error()));
  Ranges all;
  for (const uint64_t s : old) {
    std::optional<std::string> text;
    auto done = remove->each([&text](const Statement& row) { text = row.text(0); }, number(s));
    if (!done) return fail(std::move(done.error()));
    if (!text) return fail(ErrorKind::not_found, fmt::format("outbox message {} is not waiting any more", s));
    auto earlier = ranges_from(*text);
    if (!earlier) return fail(std::move(earlier.error()));
    all.insert(all.end(), earlier->begin(), earlier->end());
    all.emplace_back(s, s);
  }
  return joined(std::move(all));
}

Status Outbox::replace(const std::vector<uint64_t>& old, const std::vector<NewMessage>& fresh) {
  if (fresh.empty()) return fail(ErrorKind::invalid_input, "outbox messages can be replaced, not dropped");
  const std::lock_guard lock(*mutex_);
  return db_.transaction([&]() -> Status {
    auto replaced = take_out(old);
    if (!replaced) return fail(std::move(replaced.error()));
    for (size_t i = 0; i < fresh.size(); ++i)
      if (auto stored = insert(fresh[i], i == 0 ? *replaced : Ranges()); !stored) return stored;
    return {};
  });
}

Status Outbox::tidy(size_t keep, Time bodies_before) {
  const std::lock_guard lock(*mutex_);
  return db_.transaction([&]() -> Status {
    auto removed = db_.run(
        "DELETE FROM outbox WHERE state = 1 AND sequence <= (SELECT sequence FROM outbox WHERE state = 1"
        " ORDER BY sequence DESC LIMIT 1 OFFSET ?)",
        number(keep));
    if (!removed) return removed;
    return db_.run("UPDATE outbox SET body = NULL WHERE state = 1 AND body IS NOT NULL AND settled < ?",
                   microseconds(bodies_before));
  });
}

Result<OutboxStatus> Outbox::status() {
  const std::lock_guard lock(*mutex_);
  auto query = db_.prepare(
      "SELECT epoch, newest, (SELECT count(*) FROM outbox WHERE state = 0), (SELECT sum(bytes) FROM outbox WHERE state "
      "= 0),"
      " (SELECT count(*) FROM outbox WHERE state = 2), (SELECT min(sequence) FROM outbox WHERE state = 0),"
      " (SELECT min(created) FROM outbox WHERE state = 0), (SELECT max(sequence) FROM outbox WHERE state = 1) FROM "
      "outbox_self");
  if (!query) return fail(std::move(query.error()));
  OutboxStatus status;
  auto done = query->each([&status](const Statement& row) {
    status.epoch = static_cast<uint64_t>(row.integer(0)), status.newest = static_cast<uint64_t>(row.integer(1));
    status.waiting = static_cast<uint64_t>(row.integer(2)),
    status.waiting_bytes = static_cast<uint64_t>(row.integer(3));
    status.refused = static_cast<uint64_t>(row.integer(4)), status.oldest = static_cast<uint64_t>(row.integer(5));
    if (!row.is_null(6)) status.oldest_created = time_of(row.integer(6));
    if (!row.is_null(7)) status.last_acknowledged = static_cast<uint64_t>(row.integer(7));
  });
  if (!done) return fail(std::move(done.error()));
  return status;
}

Result<std::vector<OutboxMessage>> Outbox::list(std::optional<uint64_t> before, size_t limit) {
  const std::lock_guard lock(*mutex_);
  auto query = db_.prepare(
      "SELECT sequence, kind, state, grain, attempts, created, sent, settled, bytes, plain_bytes, replaces, why"
      " FROM outbox WHERE sequence < ? ORDER BY sequence DESC LIMIT ?");
  if (!query) return fail(std::move(query.error()));
  std::vector<OutboxMessage> out;
  auto done = query->each([&out](const Statement& row) { out.push_back(row_of(row)); },
                          before ? number(*before) : std::numeric_limits<int64_t>::max(), number(limit));
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<OutboxMessage> Outbox::message(uint64_t sequence) {
  const std::lock_guard lock(*mutex_);
  auto query = db_.prepare(
      "SELECT sequence, kind, state, grain, attempts, created, sent, settled, bytes, plain_bytes, replaces, why, body"
      " FROM outbox WHERE sequence = ?");
  if (!query) return fail(std::move(query.error()));
  std::optional<OutboxMessage> found;
  auto done = query->each([&found](const Statement& row) { found = full_row_of(row); }, number(sequence));
  if (!done) return fail(std::move(done.error()));
  if (!found) return fail(ErrorKind::not_found, fmt::format("the outbox holds no message {}", sequence));
  return std::move(*found);
}

}  // namespace hf::store
