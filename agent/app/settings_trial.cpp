#include "agent/app/settings_trial.hpp"

#include "hal/platform/log.hpp"

namespace hf::app {

namespace {

constexpr mode_t kMode = 0644;  // no secret stands in it
constexpr size_t kMaxText = size_t{1} << 20;

Path before(const Path& file) { return file.string() + ".before"; }

}  // namespace

Status begin_trial(const Path& file, std::string_view text) {
  const auto present = read_file(file, kMaxText);
  if (!present) return fail(present.error());
  if (auto kept = write_file(before(file), *present, kMode); !kept) return kept;
  return write_file(file, text, kMode);
}

void end_trial(const Path& file) {
  std::error_code error;
  if (!std::filesystem::remove(before(file), error) && error) log_warning("settings", "{}: {}", before(file).string(), error.message());
}

Result<bool> take_back(const Path& file) {
  const auto kept = read_file(before(file), kMaxText);
  if (!kept && kept.error().kind == ErrorKind::not_found) return false;
  if (!kept) return fail(kept.error());
  if (auto back = write_file(file, *kept, kMode); !back) return fail(std::move(back.error()));
  end_trial(file);
  return true;
}

}  // namespace hf::app
