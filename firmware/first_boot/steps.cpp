#include "firmware/first_boot/steps.hpp"

#include <filesystem>

#include "hal/device/message.hpp"

namespace hf::first_boot {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxWord = 64, kMaxNetworkFile = 16 * 1024, kMaxLabel = 1024, kMaxConfig = 64 * 1024;

// What lies in a folder goes; the folder stays, with its owner. A link is removed, never followed. Fine when there is no such folder.
Status empty_folder(const Path& folder) {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(folder, error))) return {};
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code removal;
    fs::remove_all(entry->path(), removal);
    if (removal) return fail(file_error(entry->path(), removal.value()));
  }
  if (error) return fail(file_error(folder, error.value()));
  return sync_folder(folder);
}

Status remove_files(const Path& folder, std::string_view begin) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with(begin)) continue;
    std::error_code removal;
    fs::remove(entry.path(), removal);
    if (removal) return fail(file_error(entry.path(), removal.value()));
  }
  return {};
}

Status forget_settings(const Places& places) {
  for (const char* part : {"network", "settings"})
    if (auto emptied = empty_folder(places.device / part); !emptied) return emptied;
  if (auto emptied = empty_folder(places.config); !emptied) return emptied;
  if (auto emptied = empty_folder(places.agent / "files"); !emptied) return emptied;  // secrets and certificates that the settings named
  if (auto gone = remove_files(places.agent, "access.db"); !gone) return gone;
  const auto factory = read_file(places.factory, kMaxConfig);
  if (!factory) return factory.error().kind == ErrorKind::not_found ? Status{} : fail(factory.error());
  return write_file(places.config / "agent.toml", *factory, 0644);
}

}  // namespace

Result<std::vector<std::string>> carry_out_reset(const Places& places) {
  std::vector<std::string> done;
  const Path word_file = places.device / "reset";
  const auto word = read_file(word_file, kMaxWord);
  if (!word && word.error().kind == ErrorKind::not_found) return done;
  if (!word) return fail(word.error());
  const bool data = *word == "data\n";
  if (!data && *word != "settings\n") return fail(ErrorKind::corrupt, word_file.string() + ": says neither settings nor data; nothing was reset");
  if (auto forgotten = forget_settings(places); !forgotten) return fail(std::move(forgotten.error()));
  done.emplace_back("settings and users are those of the factory");
  if (data) {
    if (auto emptied = empty_folder(places.agent); !emptied) return fail(std::move(emptied.error()));
    if (auto emptied = empty_folder(places.updates); !emptied) return fail(std::move(emptied.error()));
    done.emplace_back("all data is removed");
  }
  std::error_code error;
  fs::remove(word_file, error);
  if (error) return fail(file_error(word_file, error.value()));
  if (auto kept = sync_folder(places.device); !kept) return fail(std::move(kept.error()));
  return done;
}

Result<size_t> restore_network(const Places& places) {
  size_t count = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(places.device / "network", error)) {
    if (entry.path().extension() != ".network") continue;
    const auto text = read_file(entry.path(), kMaxNetworkFile);
    if (!text) return fail(text.error());
    if (auto written = write_file(places.live_network / entry.path().filename(), *text, 0644); !written) return fail(std::move(written.error()));
    ++count;
  }
  return count;  // no folder: nothing was ever set
}

Result<std::string> lay_out_label(const Places& places) {
  const auto text = read_file(places.label, kMaxLabel);
  if (!text) return fail(text.error());
  const auto fields = device::parse_fields(*text);
  if (!fields) return fail(Error(fields.error()).context(places.label.string()));
  const auto serial = device::find(*fields, "serial"), claim = device::find(*fields, "claim");
  if (!serial || !claim) return fail(ErrorKind::invalid_input, places.label.string() + ": needs serial and claim");
  if (auto laid = write_file(places.desk / "claim", std::string(*claim) + "\n", 0640); !laid) return fail(std::move(laid.error()));
  return std::string(*serial);
}

}  // namespace hf::first_boot
