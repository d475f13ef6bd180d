// New versions for the sites: bundles that HQ holds, which site is offered which version, and what each site told of it. In: files and choices of an admin, reports of sites.
// Out: what a site may fetch. One SQLite file of its own and a folder; belongs to one thread at a time; the command line may work on the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/files.hpp"
#include "hal/platform/sqlite.hpp"
#include "hal/platform/time.hpp"

namespace hf::hq {

inline constexpr size_t kBundlePiece = 128 * 1024;

struct HeldBundle {
  std::string version, sha256, name;
  uint64_t size = 0;
  Time added{};
};

// What a site says of its versions. Texts are from the site's closed lists, but for the versions.
struct SiteReport {
  std::string runs, target, stage, outcome, reason;
  Time at{};
};

struct SiteVersions {
  std::string site, offered;  // offered empty: nothing
  std::optional<SiteReport> report;
};

class Offers {
 public:
  // Makes the folder. Errors as sqlite::Database::open.
  static Result<Offers> open(const Path& state_dir);

  // Copies the bundle into HQ's folder. invalid_input: the version's form, or another file of this version is held; not_found, io: the file.
  Result<HeldBundle> add(const Path& file, const std::string& version, Time now);
  Result<std::vector<HeldBundle>> bundles();

  Status offer(const std::string& site, const std::string& version, Time now);  // not_found: no such bundle
  Status withdraw(const std::string& site);                                      // not_found: nothing is offered
  Result<std::optional<HeldBundle>> offered(std::string_view site);
  Status report(const std::string& site, const SiteReport& report);
  Result<std::vector<SiteVersions>> sites();  // those that were offered something or told something, by name

  // Bytes of a bundle from `offset` on, kBundlePiece at most. not_found: no such bundle; invalid_input: behind its end.
  Result<std::string> piece(const HeldBundle& bundle, uint64_t offset) const;

 private:
  Offers(sqlite::Database db, Path folder) : db_(std::move(db)), folder_(std::move(folder)) {}
  Path file_of(const std::string& sha256) const { return folder_ / (sha256 + ".raucb"); }
  sqlite::Database db_;
  Path folder_;
};

}  // namespace hf::hq
