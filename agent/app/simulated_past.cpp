#include "agent/app/simulated_past.hpp"

#include <algorithm>

namespace hf::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "simulated";
constexpr const char* kMade[] = {"journal", "derived.db", "derived.db-wal", "derived.db-shm", "outbox.db", "outbox.db-wal", "outbox.db-shm", "survey-imports"};

Status drop(const Path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  return error ? Status(fail(file_error(path, error.value()))) : Status();
}

}  // namespace

bool only_simulated(const std::vector<settings::SourceSettings>& sources) {
  return std::ranges::all_of(sources, [](const auto& source) { return source.kind == settings::PbxKind::simulator; });
}

bool holds_simulation(const Path& state) {
  std::error_code none;
  return fs::exists(state / kMark, none);
}

Result<bool> settle_simulation(const Path& state, bool simulated) {
  std::error_code none;
  if (simulated) {
    if (fs::exists(state / "journal", none)) return false;
    if (auto marked = write_file(state / kMark, ""); !marked) return fail(std::move(marked.error()));
    return false;
  }
  if (!holds_simulation(state)) return false;
  for (const char* made : kMade)
    if (auto gone = drop(state / made); !gone) return fail(std::move(gone.error()));
  if (auto synced = sync_folder(state); !synced) return fail(std::move(synced.error()));
  if (auto gone = drop(state / kMark); !gone) return fail(std::move(gone.error()));
  if (auto synced = sync_folder(state); !synced) return fail(std::move(synced.error()));
  return true;
}

}  // namespace hf::app
