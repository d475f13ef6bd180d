#include "hq/store.hpp"

#include <fmt/format.h>

#include "agent/wire/label_rules.hpp"
#include "hal/platform/schema.hpp"

namespace hf::hq {
namespace {

using sqlite::Statement;

constexpr std::array<sqlite::SchemaStep, 2> kSchema{{
    {"CREATE TABLE sites (site TEXT PRIMARY KEY, label TEXT NOT NULL, enrolled INTEGER NOT NULL, last_contact INTEGER,"
    " newest_data INTEGER, agent INTEGER, labels_epoch INTEGER NOT NULL DEFAULT 0, labels_sequence INTEGER NOT NULL "
    "DEFAULT 0)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE site_keys (key TEXT PRIMARY KEY, site TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;"
    "CREATE TABLE streams (site TEXT NOT NULL, epoch INTEGER NOT NULL, handled BLOB NOT NULL, newest INTEGER NOT NULL,"
    " complete_until INTEGER, last_contact INTEGER NOT NULL, PRIMARY KEY (site, epoch)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE received (site TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, digest BLOB NOT "
    "NULL,"
    " data_end INTEGER NOT NULL, PRIMARY KEY (site, epoch, sequence)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE refused (site TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, why INTEGER NOT NULL,"
    " at INTEGER NOT NULL, PRIMARY KEY (site, epoch, sequence)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE gaps (site TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, why INTEGER NOT NULL,"
    " from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (site, epoch, "
    "sequence))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE labels (site TEXT NOT NULL, scope INTEGER NOT NULL, id INTEGER NOT NULL, label TEXT NOT NULL,"
    " PRIMARY KEY (site, scope, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE incidents (site TEXT NOT NULL, id INTEGER NOT NULL, revision INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " onset INTEGER NOT NULL, closed INTEGER, imposed_wait INTEGER, received INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (site, id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX incidents_by_onset ON incidents (onset);"
    "CREATE TABLE minutes (site TEXT NOT NULL, scope INTEGER NOT NULL, id INTEGER NOT NULL, start INTEGER NOT NULL,"
    " span INTEGER NOT NULL, cover INTEGER NOT NULL, revision INTEGER NOT NULL, observed INTEGER NOT NULL,"
    " offered INTEGER NOT NULL, answered INTEGER NOT NULL, abandoned INTEGER NOT NULL, short_abandoned INTEGER NOT "
    "NULL,"
    " timeout INTEGER NOT NULL, exit_key INTEGER NOT NULL, refused INTEGER NOT NULL, lost INTEGER NOT NULL,"
    " answered_within INTEGER NOT NULL, abandoned_within INTEGER NOT NULL, service_level INTEGER NOT NULL,"
    " answered_wait INTEGER NOT NULL, abandoned_wait INTEGER NOT NULL, hold INTEGER NOT NULL, talk INTEGER NOT NULL,"
    " longest_wait INTEGER NOT NULL, waiting INTEGER NOT NULL, staffed INTEGER, busy INTEGER, free INTEGER, avoidable "
    "INTEGER,"
    " histograms BLOB NOT NULL, PRIMARY KEY (site, scope, id, start, span, cover)) STRICT, WITHOUT ROWID;"},
    // queue 0: no queue was told
    {"CREATE TABLE surveys (site TEXT NOT NULL, start INTEGER NOT NULL, queue INTEGER NOT NULL, question INTEGER NOT "
    "NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, answers INTEGER NOT NULL, sum INTEGER NOT NULL, top INTEGER "
    "NOT NULL, bottom INTEGER NOT NULL, PRIMARY KEY (site, start, queue, question, low, high)) STRICT, WITHOUT ROWID;"}}};

Time time_of(int64_t us) { return Time(Duration(us)); }
int64_t microseconds(Time t) { return t.time_since_epoch().count(); }

std::optional<Time> time_or_unset(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return time_of(row.integer(column));
}

std::array<uint16_t, 3> version_of(int64_t packed) {
  return {static_cast<uint16_t>(packed >> 32), static_cast<uint16_t>(packed >> 16), static_cast<uint16_t>(packed)};
}

// A site's present stream is the one that it spoke of last: an older epoch ends for good when an outbox is lost.
constexpr std::string_view kSites =
    "SELECT s.site, s.label, s.enrolled, k.key IS NULL, s.last_contact, s.newest_data,"
    " (SELECT complete_until FROM streams t WHERE t.site = s.site ORDER BY last_contact DESC LIMIT 1), s.agent,"
    " (SELECT count(*) FROM incidents i WHERE i.site = s.site AND closed IS NULL),"
    " (SELECT count(*) FROM refused r WHERE r.site = s.site),"
    " (SELECT handled FROM streams t WHERE t.site = s.site ORDER BY last_contact DESC LIMIT 1),"
    " (SELECT newest FROM streams t WHERE t.site = s.site ORDER BY last_contact DESC LIMIT 1)"
    " FROM sites s LEFT JOIN site_keys k ON k.site = s.site ORDER BY s.site";

Site site_of(const Statement& row) {
  Site s;
  s.site = row.text(0), s.label = row.text(1), s.enrolled = time_of(row.integer(2)), s.revoked = row.integer(3) != 0;
  s.last_contact = time_or_unset(row, 4), s.newest_data = time_or_unset(row, 5),
  s.complete_until = time_or_unset(row, 6);
  if (!row.is_null(7)) s.agent = version_of(row.integer(7));
  s.open_incidents = static_cast<uint64_t>(row.integer(8)), s.refused_messages = static_cast<uint64_t>(row.integer(9));
  Handled handled;
  const auto newest = static_cast<uint64_t>(row.integer(11));
  if (from_bytes(row.blob(10), handled)) s.waiting_sequences = newest - handled.count_up_to(newest);
  return s;
}

}  // namespace

Result<Store> Store::open(const Path& file) {
  auto db = sqlite::open_kept(file, {}, kSchema);
  if (!db) return fail(std::move(db.error()));
  return Store(std::move(*db));
}

Status Store::enrol(const std::string& site, const std::string& label, const std::string& key, Time now) {
  if (auto good = wire::check_site(site); !good) return good;
  if (auto good = wire::check_label(label); !good) return good;
  return db_.transaction([&]() -> Status {
    auto owner = site_of_key(key);
    if (!owner) return fail(std::move(owner.error()));
    if (*owner && **owner != site)
      return fail(ErrorKind::busy, fmt::format("this key is enrolled as site {} already: revoke that first", **owner));
    auto made = db_.run(
        "INSERT INTO sites (site, label, enrolled) VALUES (?, ?, ?)"
        " ON CONFLICT (site) DO UPDATE SET label = excluded.label, enrolled = excluded.enrolled",
        site, label, microseconds(now));
    if (!made) return made;
    return db_.run("INSERT INTO site_keys (key, site) VALUES (?, ?) ON CONFLICT (site) DO UPDATE SET key = excluded.key", key,
                   site);
  });
}

Status Store::revoke(std::string_view site) {
  auto removed = db_.run("DELETE FROM site_keys WHERE site = ?", site);
  if (!removed) return removed;
  if (db_.changes() == 0) return fail(ErrorKind::not_found, fmt::format("no site {} with a key", site));
  return {};
}

Result<std::optional<std::string>> Store::site_of_key(std::string_view key) {
  auto query = db_.prepare("SELECT site FROM site_keys WHERE key = ?");
  if (!query) return fail(std::move(query.error()));
  std::optional<std::string> found;
  auto done = query->each([&found](const Statement& row) { found = row.text(0); }, key);
  if (!done) return fail(std::move(done.error()));
  return found;
}

Result<std::vector<Site>> Store::sites() {
  auto query = db_.prepare(kSites);
  if (!query) return fail(std::move(query.error()));
  std::vector<Site> out;
  auto done = query->each([&out](const Statement& row) { out.push_back(site_of(row)); });
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<Site> Store::site(std::string_view name) {
  auto all = sites();
  if (!all) return fail(std::move(all.error()));
  for (auto& s : *all)
    if (s.site == name) return std::move(s);
  return fail(ErrorKind::not_found, fmt::format("no site {}", name));
}

Status Store::forget_before(Time minutes, Time incidents) {
  return db_.transaction([&]() -> Status {
    auto removed = db_.run("DELETE FROM minutes WHERE start < ?", microseconds(minutes));
    if (!removed) return removed;
    if (removed = db_.run("DELETE FROM surveys WHERE start < ?", microseconds(minutes)); !removed) return removed;
    return db_.run("DELETE FROM incidents WHERE closed < ?", microseconds(incidents));
  });
}

}  // namespace hf::hq
