#include "hq/offers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "hal/platform/schema.hpp"

namespace hf::hq {
namespace {

using sqlite::Statement;

constexpr std::array<sqlite::SchemaStep, 1> kSchema{{{
    "CREATE TABLE bundles (version TEXT PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, added INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE offers (site TEXT PRIMARY KEY, version TEXT NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE reports (site TEXT PRIMARY KEY, runs TEXT NOT NULL, target TEXT NOT NULL, stage TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"}}};

int64_t microseconds(Time t) { return t.time_since_epoch().count(); }
Time time_of(int64_t us) { return Time(Duration(us)); }

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 32 && text.front() >= '0' && text.front() <= '9' &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '+'; });
}

HeldBundle bundle_of(const Statement& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), static_cast<uint64_t>(row.integer(3)), time_of(row.integer(4))};
}

}  // namespace

Result<Offers> Offers::open(const Path& state_dir) {
  const Path folder = state_dir / "updates";
  if (auto made = make_folder(folder, 0700); !made) return fail(std::move(made.error()));
  auto db = sqlite::open_kept(state_dir / "updates.db", {}, kSchema);
  if (!db) return fail(std::move(db.error()));
  return Offers(std::move(*db), folder);
}

Result<HeldBundle> Offers::add(const Path& file, const std::string& version, Time now) {
  if (!is_version(version)) return fail(ErrorKind::invalid_input, "a version is like 1.2.0");
  const auto digest = net::sha256_of_file(file);
  if (!digest) return fail(digest.error());
  std::error_code error;
  HeldBundle bundle{version, to_hex(*digest), file.filename().string(), std::filesystem::file_size(file, error), now};
  if (error) return fail(file_error(file, error.value()));
  if (bundle.size == 0) return fail(ErrorKind::invalid_input, file.string() + ": is empty");
  const Path part = folder_ / (bundle.sha256 + ".part");
  std::filesystem::copy_file(file, part, std::filesystem::copy_options::overwrite_existing, error);
  if (error) return fail(file_error(part, error.value()));
  std::filesystem::rename(part, file_of(bundle.sha256), error);
  if (error) return fail(file_error(part, error.value()));
  if (auto kept = sync_folder(folder_); !kept) return fail(std::move(kept.error()));
  auto held = db_.run("INSERT INTO bundles (version, sha256, name, size, added) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", version, bundle.sha256, bundle.name, static_cast<int64_t>(bundle.size), microseconds(now));
  if (!held) return fail(std::move(held.error()));
  if (db_.changes() > 0) return bundle;
  const auto all = bundles();
  if (!all) return fail(all.error());
  const auto old = std::ranges::find(*all, version, &HeldBundle::version);
  if (old != all->end() && old->sha256 == bundle.sha256) return *old;
  return fail(ErrorKind::invalid_input, fmt::format("another bundle of version {} is held already", version));
}

Result<std::vector<HeldBundle>> Offers::bundles() {
  auto query = db_.prepare("SELECT version, sha256, name, size, added FROM bundles ORDER BY added DESC, version");
  if (!query) return fail(std::move(query.error()));
  std::vector<HeldBundle> out;
  auto done = query->each([&out](const Statement& row) { out.push_back(bundle_of(row)); });
  if (!done) return fail(std::move(done.error()));
  return out;
}

Status Offers::offer(const std::string& site, const std::string& version, Time now) {
  auto done = db_.run("INSERT INTO offers SELECT ?1, version, ?3 FROM bundles WHERE version = ?2 ON CONFLICT (site) DO UPDATE SET version = excluded.version, since = excluded.since", site,
                      version, microseconds(now));
  if (!done) return done;
  return db_.changes() > 0 ? Status{} : fail(ErrorKind::not_found, fmt::format("HQ holds no bundle of version {}", version));
}

Status Offers::withdraw(const std::string& site) {
  if (auto done = db_.run("DELETE FROM offers WHERE site = ?", site); !done) return done;
  return db_.changes() > 0 ? Status{} : fail(ErrorKind::not_found, fmt::format("nothing is offered to site {}", site));
}

Result<std::optional<HeldBundle>> Offers::offered(std::string_view site) {
  auto query = db_.prepare("SELECT b.version, b.sha256, b.name, b.size, b.added FROM offers o JOIN bundles b USING (version) WHERE o.site = ?");
  if (!query) return fail(std::move(query.error()));
  std::optional<HeldBundle> found;
  auto done = query->each([&found](const Statement& row) { found = bundle_of(row); }, site);
  if (!done) return fail(std::move(done.error()));
  return found;
}

Status Offers::report(const std::string& site, const SiteReport& r) {
  return db_.run("INSERT INTO reports (site, runs, target, stage, outcome, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site) DO UPDATE SET runs = excluded.runs, target = excluded.target, stage = excluded.stage,"
                 " outcome = excluded.outcome, reason = excluded.reason, at = excluded.at",
                 site, r.runs, r.target, r.stage, r.outcome, r.reason, microseconds(r.at));
}

Result<std::vector<SiteVersions>> Offers::sites() {
  auto query = db_.prepare("SELECT s.site, ifnull(o.version, ''), r.runs, r.target, r.stage, r.outcome, r.reason, r.at FROM (SELECT site FROM offers UNION SELECT site FROM reports) s"
                           " LEFT JOIN offers o USING (site) LEFT JOIN reports r USING (site) ORDER BY s.site");
  if (!query) return fail(std::move(query.error()));
  std::vector<SiteVersions> out;
  auto done = query->each([&out](const Statement& row) {
    SiteVersions one{std::string(row.text(0)), std::string(row.text(1)), std::nullopt};
    if (!row.is_null(7))
      one.report = {std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6)), time_of(row.integer(7))};
    out.push_back(std::move(one));
  });
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<std::string> Offers::piece(const HeldBundle& bundle, uint64_t offset) const {
  if (offset >= bundle.size) return fail(ErrorKind::invalid_input, "offset: lies behind the bundle's end");
  const Path file = file_of(bundle.sha256);
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (fd.get() < 0) return fail(file_error(file, errno));
  std::string bytes(std::min<uint64_t>(kBundlePiece, bundle.size - offset), '\0');
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::pread(fd.get(), bytes.data() + have, bytes.size() - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(file_error(file, errno));
    if (got == 0) return fail(ErrorKind::corrupt, file.string() + ": is shorter than it was");
    have += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace hf::hq
