// The audit log: who did what, from where, with which result. In: entries. Out: rows in SQLite, each holding the hash of itself and of the row
// before, so that a changed, inserted or missing row shows. Owned by Access, on its thread.
//
// hash = BLAKE2b-256(hash of the row before, or 32 zero bytes; then id and at in microseconds as 8 bytes little-endian; then actor, address,
// action, target, result, before, after, each as 4 bytes length little-endian and its bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/access/token.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/sqlite.hpp"

namespace hf::access {

enum class AuditResult : uint8_t { failed, refused, done };
std::string_view to_string(AuditResult result);

struct AuditEntry {
  std::string actor = {};    // user name; empty = nobody logged in; "box" = the box itself
  std::string address = {};
  std::string action = {};   // "login", "user.add"
  std::string target = {};
  AuditResult result = AuditResult::failed;
  std::string before = {}, after = {};  // JSON text; empty = nothing. Never a secret
};

struct AuditRow {
  int64_t id = 0;
  Time at{};
  std::string actor, address, action, target, result, before, after;
  TokenHash hash{};
};

struct AuditVerdict {
  bool intact = false;
  uint64_t rows = 0;
  std::optional<TokenHash> head;      // of the newest row: whoever keeps it elsewhere can detect a cut tail
  std::optional<int64_t> broken_at;   // first row that does not fit
};

class Audit {
 public:
  // At most `max_rows` are kept; older ones are cut, and the cut is a row of its own and the start of the remaining chain.
  Audit(sqlite::Database& database, const Clock& clock, uint64_t max_rows = 200'000) : database_(database), clock_(clock), max_rows_(max_rows) {}

  static const char* schema();

  // Durable when it returns. Fields longer than 64 KiB are cut.
  Status add(const AuditEntry& entry);
  // The same inside the caller's transaction: what was done and its row stand or fall together.
  Status add_inside(const AuditEntry& entry);
  Result<std::vector<AuditRow>> before(std::optional<int64_t> id, size_t limit);  // newest first
  Result<std::vector<AuditRow>> after(int64_t id, size_t limit);                  // oldest first
  Result<AuditVerdict> verify();

 private:
  struct Link { int64_t id = 0; TokenHash hash{}; };
  Result<Link> last();
  Result<Link> cut();
  Status append(Link previous, const AuditEntry& entry);
  Status prune();

  sqlite::Database& database_;
  const Clock& clock_;
  uint64_t max_rows_;
};

}  // namespace hf::access
