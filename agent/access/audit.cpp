#include "agent/access/audit.hpp"

#include <sodium.h>

#include <algorithm>

namespace hf::access {

namespace {

constexpr size_t kMaxField = 65536;

class Hasher {
 public:
  Hasher() { crypto_generichash_init(&state_, nullptr, 0, sizeof(TokenHash)); }
  void bytes(const void* data, size_t size) { crypto_generichash_update(&state_, static_cast<const unsigned char*>(data), size); }
  template <class T>
  void number(T n) {
    unsigned char raw[sizeof(T)];
    for (size_t i = 0; i < sizeof(T); ++i) raw[i] = static_cast<unsigned char>(static_cast<uint64_t>(n) >> (8 * i));
    bytes(raw, sizeof raw);
  }
  void text(std::string_view s) { number(static_cast<uint32_t>(s.size())), bytes(s.data(), s.size()); }
  TokenHash finish() {
    TokenHash hash;
    crypto_generichash_final(&state_, hash.data(), hash.size());
    return hash;
  }

 private:
  crypto_generichash_state state_;
};

TokenHash hash_of(const TokenHash& previous, const AuditRow& row) {
  Hasher h;
  h.bytes(previous.data(), previous.size());
  h.number(row.id), h.number(row.at.time_since_epoch().count());
  for (const auto* field : {&row.actor, &row.address, &row.action, &row.target, &row.result, &row.before, &row.after}) h.text(*field);
  return h.finish();
}

std::string_view view(const TokenHash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

TokenHash hash_from(std::string_view blob) {
  TokenHash hash{};
  if (blob.size() == hash.size()) std::copy(blob.begin(), blob.end(), hash.begin());
  return hash;
}

AuditRow row_from(const sqlite::Statement& s) {
  AuditRow row;
  row.id = s.integer(0), row.at = Time(Duration(s.integer(1)));
  int column = 2;
  for (auto* field : {&row.actor, &row.address, &row.action, &row.target, &row.result, &row.before, &row.after}) *field = s.text(column++);
  row.hash = hash_from(s.blob(column));
  return row;
}

// Cut to the limit without splitting a UTF-8 sequence.
std::string bounded(std::string_view s) {
  if (s.size() <= kMaxField) return std::string(s);
  size_t end = kMaxField;
  while (end > 0 && (static_cast<unsigned char>(s[end]) & 0xc0) == 0x80) --end;
  return std::string(s.substr(0, end));
}

}  // namespace

std::string_view to_string(AuditResult result) {
  switch (result) {
    case AuditResult::failed: return "failed";
    case AuditResult::refused: return "refused";
    case AuditResult::done: return "done";
  }
  return "failed";
}

const char* Audit::schema() {
  return "CREATE TABLE audit(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL,"
         " target TEXT NOT NULL, result TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
         "CREATE TABLE audit_cut(one INTEGER PRIMARY KEY CHECK(one = 1), id INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;";
}

Status Audit::add(const AuditEntry& entry) {
  return database_.transaction([&] { return add_inside(entry); });
}

Status Audit::add_inside(const AuditEntry& entry) {
  auto link = last();
  if (!link) return fail(std::move(link.error()));
  if (auto added = append(*link, entry); !added) return added;
  return prune();
}

Result<Audit::Link> Audit::last() {
  auto statement = database_.prepare("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1");
  if (!statement) return fail(std::move(statement.error()));
  std::optional<Link> link;
  auto read = statement->each([&](const sqlite::Statement& row) { link = {row.integer(0), hash_from(row.blob(1))}; });
  if (!read) return fail(std::move(read.error()));
  if (link) return *link;
  return cut();
}

Result<Audit::Link> Audit::cut() {
  auto statement = database_.prepare("SELECT id, hash FROM audit_cut WHERE one = 1");
  if (!statement) return fail(std::move(statement.error()));
  Link link;
  auto read = statement->each([&](const sqlite::Statement& row) { link = {row.integer(0), hash_from(row.blob(1))}; });
  if (!read) return fail(std::move(read.error()));
  return link;
}

Status Audit::append(Link previous, const AuditEntry& entry) {
  const AuditRow row{previous.id + 1, clock_.now(), bounded(entry.actor), bounded(entry.address), bounded(entry.action), bounded(entry.target),
                     std::string(to_string(entry.result)), bounded(entry.before), bounded(entry.after), {}};
  const TokenHash hash = hash_of(previous.hash, row);
  return database_.run("INSERT INTO audit(id, at, actor, address, action, target, result, before, after, hash) VALUES(?,?,?,?,?,?,?,?,?,?)", row.id,
                       row.at.time_since_epoch().count(), row.actor, row.address, row.action, row.target, row.result, row.before, row.after,
                       sqlite::Blob{view(hash)});
}

// Cuts an eighth at once, so that not every new row costs a deletion.
Status Audit::prune() {
  auto count = database_.integer("SELECT max(id) - min(id) + 1 FROM audit");
  if (!count) return fail(std::move(count.error()));
  if (static_cast<uint64_t>(count->value_or(0)) <= max_rows_) return {};
  auto newest = last();
  if (!newest) return fail(std::move(newest.error()));
  const int64_t upto = newest->id - static_cast<int64_t>(max_rows_ - max_rows_ / 8);
  if (auto moved = database_.run("INSERT OR REPLACE INTO audit_cut SELECT 1, id, hash FROM audit WHERE id = ?", upto); !moved) return moved;
  if (auto removed = database_.run("DELETE FROM audit WHERE id <= ?", upto); !removed) return removed;
  return append(*newest, {"box", "", "audit.prune", "rows up to " + std::to_string(upto), AuditResult::done, "", ""});
}

Result<std::vector<AuditRow>> Audit::before(std::optional<int64_t> id, size_t limit) {
  auto statement = database_.prepare(
      "SELECT id, at, actor, address, action, target, result, before, after, hash FROM audit WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2");
  if (!statement) return fail(std::move(statement.error()));
  std::vector<AuditRow> rows;
  auto read = statement->each([&](const sqlite::Statement& row) { rows.push_back(row_from(row)); }, id, limit);
  if (!read) return fail(std::move(read.error()));
  return rows;
}

Result<std::vector<AuditRow>> Audit::after(int64_t id, size_t limit) {
  auto statement = database_.prepare("SELECT id, at, actor, address, action, target, result, before, after, hash FROM audit WHERE id > ? ORDER BY id LIMIT ?");
  if (!statement) return fail(std::move(statement.error()));
  std::vector<AuditRow> rows;
  auto read = statement->each([&](const sqlite::Statement& row) { rows.push_back(row_from(row)); }, id, limit);
  if (!read) return fail(std::move(read.error()));
  return rows;
}

Result<AuditVerdict> Audit::verify() {
  auto link = cut();
  if (!link) return fail(std::move(link.error()));
  AuditVerdict verdict;
  for (Link previous = *link;;) {
    auto rows = after(previous.id, 1000);
    if (!rows) return fail(std::move(rows.error()));
    if (rows->empty()) break;
    for (const AuditRow& row : *rows) {
      const bool fits = row.id == previous.id + 1 && row.hash == hash_of(previous.hash, row);
      if (!fits && !verdict.broken_at) verdict.broken_at = row.id;
      previous = {row.id, row.hash};
      verdict.head = row.hash;
      ++verdict.rows;
    }
  }
  verdict.intact = !verdict.broken_at;
  return verdict;
}

}  // namespace hf::access
