#include "hal/platform/schema.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/files.hpp"
#include "hal/platform/log.hpp"

namespace hf::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr auto kKeepCopy = std::chrono::hours(24 * 30);  // an update is long settled by then

struct Copy {
  fs::path file;
  size_t version = 0;
};

// "users.db.before-2" and its like, of one file.
std::vector<Copy> beside(const fs::path& file, std::string_view kind) {
  const std::string stem = file.filename().string() + "." + std::string(kind) + "-";
  std::vector<Copy> found;
  std::error_code error;
  fs::directory_iterator all(file.parent_path(), error);
  for (const fs::directory_iterator end; !error && all != end; all.increment(error)) {
    const std::string name = all->path().filename().string();
    Copy copy{all->path()};
    if (!name.starts_with(stem)) continue;
    const auto [rest, bad] = std::from_chars(name.data() + stem.size(), name.data() + name.size(), copy.version);
    if (bad == std::errc{} && rest == name.data() + name.size()) found.push_back(std::move(copy));
  }
  return found;
}

Status remove_all(const std::vector<Copy>& copies) {
  for (const Copy& copy : copies) {
    std::error_code error;
    fs::remove(copy.file, error);
    if (error) return fail(ErrorKind::io, fmt::format("{}: cannot remove: {}", copy.file.string(), error.message()));
  }
  return {};
}

void remove_old(const fs::path& file) {
  for (const Copy& copy : beside(file, "before")) {
    std::error_code error;
    const auto written = fs::last_write_time(copy.file, error);
    if (!error && fs::file_time_type::clock::now() - written > kKeepCopy) fs::remove(copy.file, error);
  }
}

Result<SchemaMark> mark_of(Database& database) {
  auto found = database.integer("PRAGMA user_version");
  if (!found) return fail(std::move(found.error()));
  return SchemaMark::of(static_cast<uint32_t>(found->value_or(0)));
}

// The copy takes its name only when it is whole and on the disk.
Status copy_before(Database& database, const fs::path& file, size_t version) {
  const fs::path name = file.string() + fmt::format(".before-{}", version), part = name.string() + ".part";
  std::error_code none;
  fs::remove(part, none);
  if (auto made = write_file(part, "", 0600); !made) return made;  // SQLite fills an empty file, and its mode stays
  if (auto copied = database.run("VACUUM INTO ?", part.string()); !copied) return fail(std::move(copied.error()).context("copying it before its format changes"));
  if (auto synced = sync_file(part); !synced) return synced;
  if (auto gone = remove_all(beside(file, "before")); !gone) return gone;
  fs::rename(part, name, none);
  if (none) return fail(ErrorKind::io, fmt::format("{}: cannot put in place: {}", name.string(), none.message()));
  return sync_folder(file.parent_path());
}

std::optional<Copy> newest_known(const fs::path& file, size_t steps) {
  std::optional<Copy> best;
  for (Copy& copy : beside(file, "before"))
    if (copy.version <= steps && (!best || copy.version > best->version)) best = std::move(copy);
  return best;
}

// The name is never without a file: a box that lost its power there would begin anew, without users.
Status put_back(const fs::path& file, const Copy& copy, SchemaMark newer) {
  const std::string aside = file.string() + fmt::format(".newer-{}", newer.version);
  std::error_code error;
  fs::remove(aside, error);  // of a time when this was cut short, or of an update before
  fs::create_hard_link(file, aside, error);
  if (!error) {
    for (const char* companion : {"-wal", "-shm"}) fs::rename(file.string() + companion, aside + companion, error);  // mostly absent
    fs::rename(copy.file, file, error);
  }
  if (error) return fail(ErrorKind::io, fmt::format("{}: cannot put {} in its place: {}", file.string(), copy.file.string(), error.message()));
  log_warning("sqlite", "{}: a newer program wrote it; it is kept as {}, and its state before that update is in use", file.string(), aside);
  return sync_folder(file.parent_path());
}

}  // namespace

SchemaMark SchemaMark::of(uint32_t user_version) {
  SchemaMark mark{static_cast<uint16_t>(user_version & 0xffff), static_cast<uint16_t>(user_version >> 16)};
  if (mark.needs == 0) mark.needs = mark.version;
  return mark;
}

SchemaMark SchemaMark::after(std::span<const SchemaStep> steps) {
  SchemaMark mark;
  for (const SchemaStep& step : steps) {
    ++mark.version;
    if (mark.version == 1 || step.change == SchemaChange::breaks) mark.needs = mark.version;
  }
  return mark;
}

Result<Database> open_kept(const fs::path& file, const OpenOptions& options, std::span<const SchemaStep> steps) {
  remove_old(file);
  auto database = Database::open(file, options);
  if (!database) return database;
  const auto mark = mark_of(*database);
  if (!mark) return fail(mark.error());
  if (!mark->known_to(steps.size())) {
    if (const auto copy = newest_known(file, steps.size())) {
      database = fail(ErrorKind::internal, "closed");
      if (auto put = put_back(file, *copy, *mark); !put) return fail(std::move(put.error()));
      database = Database::open(file, options);
      if (!database) return database;
    }
  } else if (mark->version > 0 && mark->version < steps.size()) {
    if (auto copied = copy_before(*database, file, mark->version); !copied) return fail(std::move(copied.error()));
  }
  if (auto moved = database->migrate(steps); !moved) return fail(std::move(moved.error()));
  return database;
}

Status drop_copies(const fs::path& file) {
  for (const char* kind : {"before", "newer"})
    if (auto gone = remove_all(beside(file, kind)); !gone) return gone;
  return sync_folder(file.parent_path());
}

}  // namespace hf::sqlite
