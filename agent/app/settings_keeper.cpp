#include "agent/app/settings_keeper.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "agent/app/settings_trial.hpp"
#include "agent/app/simulated_past.hpp"
#include "agent/sync/site_identity.hpp"
#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"

namespace hf::app {

namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestName = 64;
constexpr const char* kSiteKey = "site.key";

std::string mark_of(std::string_view text) { return to_hex(net::sha256(text)); }

Status good_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; };
  if (!name.empty() && name.size() <= kLongestName && name.front() != '.' && name.front() != '-' && std::ranges::all_of(name, plain)) return {};
  return fail(ErrorKind::invalid_input, "a file's name takes small letters, digits, '.', '-' and '_', up to 64, and begins with a letter or digit");
}

std::vector<std::string> lines_of(const settings::Problems& problems) {
  std::vector<std::string> lines;
  for (std::string_view rest : problems)
    for (;;) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      lines.emplace_back(rest.substr(0, end));
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  return lines;
}

Time changed_at(const struct stat& facts) { return Time(std::chrono::seconds(facts.st_mtim.tv_sec)); }

}  // namespace

SettingsKeeper::SettingsKeeper(KeeperParts parts) : parts_(std::move(parts)) {
  std::error_code none;
  folder_ = fs::absolute(parts_.running.state_dir / "files", none);
}

std::optional<std::string> SettingsKeeper::locked() const {
  if (parts_.file.empty()) return "the agent was started without a settings file (--config)";
  const Path folder = parts_.file.has_parent_path() ? parts_.file.parent_path() : Path(".");
  if (::access(folder.c_str(), W_OK) == 0) return std::nullopt;
  return fmt::format("{} can be changed on the machine itself only, by its administrator; the agent has to be started anew afterwards", parts_.file.string());
}

Result<std::string> SettingsKeeper::text() const {
  if (parts_.file.empty()) return settings::dump(parts_.running);
  return read_file(parts_.file, kMaxText);
}

Result<std::vector<web::SettingsFile>> SettingsKeeper::files() const {
  std::vector<web::SettingsFile> all;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error); !error && entry != fs::directory_iterator() && all.size() < kMaxFiles; entry.increment(error)) {
    struct stat facts{};
    const std::string name = entry->path().filename().string();
    if (::lstat(entry->path().c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) || !good_name(name)) continue;
    all.push_back({name, static_cast<uint64_t>(facts.st_size), changed_at(facts), names(name)});
  }
  if (error && error != std::errc::no_such_file_or_directory) return fail(file_error(folder_, error.value()));
  std::ranges::sort(all, {}, &web::SettingsFile::name);
  return all;
}

bool SettingsKeeper::names(const std::string& name) const {
  const auto now = text();
  if (!now) return true;  // who knows
  const auto read = settings::parse_agent(*now, "", parts_.file.parent_path());
  return !read || settings::dump(*read).find(fmt::format("\"{}\"", (folder_ / name).string())) != std::string::npos;
}

Result<web::SettingsView> SettingsKeeper::view() {
  auto now = text();
  if (!now) return fail(std::move(now.error()));
  auto kept = files();
  if (!kept) return fail(std::move(kept.error()));
  const std::string mark = mark_of(*now);
  return web::SettingsView{parts_.file.string(), std::move(*now), mark, locked(), folder_.string(), std::move(*kept), parts_.taken_back};
}

web::SettingsVerdict SettingsKeeper::check(std::string_view text) {
  const std::string name = parts_.file.filename().string();
  const Path folder = parts_.file.parent_path();
  web::SettingsVerdict verdict{lines_of(settings::check_agent(text, name, folder)), false};
  const auto read = settings::parse_agent(text, name, folder);
  if (!read) return verdict;
  const auto& running = parts_.running;
  if (read->web.address != running.web.address || read->web.port != running.web.port || read->redirect_port != running.redirect_port || read->state_dir != running.state_dir)
    verdict.problems.push_back(name + ": state_dir and [web] address, port and redirect_port are changed on the machine itself: this page stands on them");
  verdict.forgets_simulation = !only_simulated(read->sources) && holds_simulation(running.state_dir);
  return verdict;
}

Status SettingsKeeper::save(std::string_view text, std::string_view mark) {
  if (const auto why = locked()) return fail(ErrorKind::denied, *why);
  const auto now = this->text();
  if (!now) return fail(now.error());
  if (mark_of(*now) != mark) return fail(ErrorKind::denied, "the settings were changed meanwhile: load them again");
  const auto verdict = check(text);
  if (!verdict.problems.empty()) return fail(ErrorKind::invalid_input, fmt::format("{}", fmt::join(verdict.problems, "\n")));
  if (auto begun = begin_trial(parts_.file, text); !begun) return begun;
  parts_.on_saved();
  return {};
}

Status SettingsKeeper::keep_file(std::string_view name, std::string_view bytes) {
  if (auto good = good_name(name); !good) return good;
  if (const auto why = locked()) return fail(ErrorKind::denied, *why);
  if (auto made = make_folder(folder_, 0700); !made) return made;
  const auto kept = files();
  if (!kept) return fail(kept.error());
  const bool there = std::ranges::find(*kept, name, &web::SettingsFile::name) != kept->end();
  if (!there && kept->size() >= kMaxFiles) return fail(ErrorKind::invalid_input, fmt::format("there are {} files already: remove one first", kMaxFiles));
  return write_file(folder_ / name, bytes, 0600);
}

Status SettingsKeeper::remove_file(std::string_view name) {
  if (auto good = good_name(name); !good) return fail(ErrorKind::not_found, "no such file");
  if (const auto why = locked()) return fail(ErrorKind::denied, *why);
  struct stat facts{};
  if (::lstat((folder_ / name).c_str(), &facts) != 0) return fail(ErrorKind::not_found, "no such file");
  if (names(std::string(name))) return fail(ErrorKind::denied, "the settings name this file: change them first");
  std::error_code error;
  fs::remove(folder_ / name, error);
  return error ? Status(fail(file_error(folder_ / name, error.value()))) : sync_folder(folder_);
}

Result<web::EnrolmentRequest> SettingsKeeper::enrolment_request() {
  if (const auto why = locked()) return fail(ErrorKind::denied, *why);
  if (auto made = make_folder(folder_, 0700); !made) return fail(std::move(made.error()));
  const Path key = folder_ / kSiteKey;
  auto request = sync::site_request(key, parts_.running.site_id);
  if (!request) return fail(std::move(request.error()));
  return web::EnrolmentRequest{std::move(request->pem), std::move(request->fingerprint), key.string()};
}

}  // namespace hf::app
