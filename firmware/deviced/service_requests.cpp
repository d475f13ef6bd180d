// What each request does. Order everywhere: check, act, keep for the next start.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "firmware/deviced/key_eraser.hpp"
#include "firmware/deviced/service.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/release.hpp"

namespace hf::deviced {

namespace {

constexpr size_t kMaxKept = 1024;
constexpr const char *kHostname = "hostname", *kZone = "zone", *kTimeServers = "time_servers";

Result<Fields> nothing_more(Status status) {
  if (!status) return fail(std::move(status.error()));
  return Fields{};
}

constexpr std::array<const char*, 3> kTrialEnds{"kept", "reverted", "taken_back"};

int64_t whole_seconds(SteadyTime::duration d) { return std::chrono::ceil<std::chrono::seconds>(d).count(); }

void add_network(const std::string& prefix, const device::SetNetwork& setting, Fields& facts) {
  facts.emplace_back(prefix + "interface", setting.interface);
  facts.emplace_back(prefix + "dhcp", setting.dhcp ? "yes" : "no");
  facts.emplace_back(prefix + "address", setting.address);
  facts.emplace_back(prefix + "gateway", setting.gateway);
  facts.emplace_back(prefix + "dns", fmt::format("{}", fmt::join(setting.dns, ",")));
}

// "/usr/share/zoneinfo/Europe/Berlin" behind the link is "Europe/Berlin"; empty when it is none.
std::string zone_of(const Path& link) {
  constexpr std::string_view kFolder = "zoneinfo/";
  std::error_code error;
  const std::string target = std::filesystem::read_symlink(link, error).string();
  const size_t at = target.find(kFolder);
  return error || at == std::string::npos ? std::string() : target.substr(at + kFolder.size());
}

std::string moment(device::Moment at) { return std::to_string(at.time_since_epoch().count()); }

device::Words words_of(std::string_view joined) {
  device::Words words;
  while (!joined.empty()) {
    const std::string_view word = joined.substr(0, joined.find(','));
    words.emplace_back(word);
    joined.remove_prefix(std::min(word.size() + 1, joined.size()));
  }
  return words;
}

std::string text_of(const Path& file) {
  auto text = read_file(file, kMaxKept);
  if (!text) return "unknown";
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return *text;
}

Status write_time_servers(const Path& folder, const device::Words& servers) {
  if (auto made = make_folder(folder, 0755); !made) return made;
  return write_file(folder / "10-holdfast.conf", fmt::format("[Time]\nNTP={}\nFallbackNTP=\n", fmt::join(servers, " ")), 0644);
}

}  // namespace

Status Service::keep(const char* name, const std::string& value) const {
  if (auto made = make_folder(places_.state / "settings", 0700); !made) return made;
  return write_file(places_.state / "settings" / name, value, 0600);
}

std::string Service::kept(const char* name) const { return read_file(places_.state / "settings" / name, kMaxKept).value_or(std::string()); }

void Service::apply_kept() {
  const auto told = [](const char* what, const Status& status) {
    if (!status) log_warning("device", "{} as it was set cannot be applied: {}", what, status.error().what);
  };
  if (const auto name = kept(kHostname); !name.empty()) told(kHostname, machine_.set_hostname(name));
  if (const auto zone = kept(kZone); !zone.empty()) told(kZone, machine_.set_zone(zone));
  if (const auto servers = words_of(kept(kTimeServers)); !servers.empty()) {
    told(kTimeServers, write_time_servers(places_.time_servers, servers));
    told(kTimeServers, machine_.keep_time(true));
  }
}

Status Service::check_bundle_place(const std::string& path) const {
  std::error_code error;
  const Path real = std::filesystem::canonical(path, error);
  if (error) return fail(file_error(path, error.value()));
  if (real != path) return fail(ErrorKind::denied, path + ": leads elsewhere by a link");
  if (std::ranges::find(places_.bundles, real.parent_path()) == places_.bundles.end()) return fail(ErrorKind::denied, path + ": no update may lie there");
  return {};
}

Result<Fields> Service::operator()(const device::GetStatus&) {
  const auto trial = network_.on_trial();
  Fields facts{{"service_version", "1"}, {"hostname", kept(kHostname)}, {"zone", kept(kZone)}, {"time_servers", kept(kTimeServers)}, {"network_on_trial", trial ? trial->interface : ""},
               {"hostname_now", text_of(places_.hostname)}, {"zone_now", zone_of(places_.zone)}};
  const SteadyTime now = clock_.steady();
  if (trial) {
    add_network("trial.", *trial, facts);
    facts.emplace_back("trial.seconds_left", std::to_string(std::max<int64_t>(whole_seconds(*network_.deadline() - now), 0)));
  }
  if (const auto& last = network_.last()) {
    add_network("last_trial.", last->setting, facts);
    facts.emplace_back("last_trial.end", kTrialEnds.at(static_cast<size_t>(last->how)));
    facts.emplace_back("last_trial.ago", std::to_string(whole_seconds(now - last->at)));
  }
  size_t number = 0;
  for (const auto& setting : network_.kept()) add_network(fmt::format("network.{}.", number++), setting, facts);
  if (!shutdown_) return facts;
  facts.emplace_back(shutdown_->power_off ? "power_off_at" : "reboot_at", moment(shutdown_->not_before));
  facts.emplace_back("shutdown_until", moment(shutdown_->not_after));
  return facts;
}

Result<Fields> Service::operator()(const device::SetNetwork& r) {
  if (auto made = make_folder(places_.state / "network", 0700); !made) return fail(std::move(made.error()));
  auto token = network_.set(r, clock_.steady());
  if (!token) return fail(std::move(token.error()));
  return Fields{{"token", std::move(*token)}, {"confirm_within", std::to_string(r.confirm_within.count())}};
}

Result<Fields> Service::operator()(const device::ConfirmNetwork& r) { return nothing_more(network_.confirm(r.token, clock_.steady())); }
Result<Fields> Service::operator()(const device::RevertNetwork&) { return nothing_more(network_.revert(clock_.steady())); }

// A time service without servers of ours only stands in the way: timedated refuses a time while one runs.
Result<Fields> Service::operator()(const device::SetTime& r) {
  if (!kept(kTimeServers).empty()) return fail(ErrorKind::denied, "time servers keep the clock; take them away first");
  if (auto left = machine_.keep_time(false); !left) return fail(std::move(left.error()));
  return nothing_more(machine_.set_time(r.at));
}

Result<Fields> Service::operator()(const device::SetTimeServers& r) {
  if (auto written = write_time_servers(places_.time_servers, r.servers); !written) return fail(std::move(written.error()));
  if (auto done = machine_.keep_time(!r.servers.empty()); !done) return fail(std::move(done.error()));
  return nothing_more(keep(kTimeServers, fmt::format("{}", fmt::join(r.servers, ","))));
}

Result<Fields> Service::operator()(const device::SetZone& r) {
  if (auto done = machine_.set_zone(r.zone); !done) return fail(std::move(done.error()));
  return nothing_more(keep(kZone, r.zone));
}

Result<Fields> Service::operator()(const device::SetHostname& r) {
  if (auto done = machine_.set_hostname(r.name); !done) return fail(std::move(done.error()));
  return nothing_more(keep(kHostname, r.name));
}

Result<Fields> Service::operator()(const device::InspectUpdate& r) {
  if (auto good = check_bundle_place(r.path); !good) return fail(std::move(good.error()));
  return machine_.inspect_bundle(r.path);
}

Result<Fields> Service::operator()(const device::InstallUpdate& r) {
  if (auto good = check_bundle_place(r.path); !good) return fail(std::move(good.error()));
  return nothing_more(machine_.install_bundle(r.path));
}

Result<Fields> Service::operator()(const device::UpdateStatus&) {
  auto facts = machine_.update_status();
  if (!facts) return facts;
  facts->emplace_back("version", image_version(places_.release));
  facts->emplace_back("confirmed", confirmed_ ? "yes" : "no");
  return facts;
}

Result<Fields> Service::operator()(const device::MarkBooted& r) {
  auto marked = machine_.mark_booted(r.good);
  if (marked) confirmed_ = r.good;
  return nothing_more(std::move(marked));
}

Result<Fields> Service::operator()(const device::Shutdown& r) {
  if (clock_.now() > r.not_after) return fail(ErrorKind::invalid_input, "not_after: the window is over");
  if (shutdown_) return fail(ErrorKind::busy, "a shutdown waits already; cancel it first");
  shutdown_ = r;
  return Fields{{"at", moment(r.not_before)}};
}

Result<Fields> Service::operator()(const device::CancelShutdown&) {
  if (!shutdown_) return fail(ErrorKind::not_found, "no shutdown waits");
  shutdown_.reset();
  return Fields{};
}

// Settings and data are removed at the next start, before anything runs that uses them; keys go at once.
Result<Fields> Service::operator()(const device::FactoryReset& r) {
  if (r.level == device::ResetLevel::everything) {
    if (auto erased = erase_keys(places_.data_partition, random_); !erased) return fail(std::move(erased.error()));
  } else if (auto written = write_file(places_.state / "reset", r.level == device::ResetLevel::data ? "data\n" : "settings\n", 0600); !written) {
    return fail(std::move(written.error()));
  }
  return nothing_more(machine_.shut_down(false));
}

Result<Fields> Service::operator()(const device::SetLamp& r) { return nothing_more(board_.show(r.state)); }
Result<Fields> Service::operator()(const device::SetRelay& r) { return nothing_more(board_.set_relay(r.on, r.at_most)); }

Result<Fields> Service::operator()(const device::BoardState&) {
  Fields facts{{"button", board_.has_button() ? "yes" : "none"}};
  if (const auto at = board_.pressed()) facts.emplace_back("button_pressed_ago", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - *at).count()));
  const Path watchdog = places_.board.sys / "class/watchdog/watchdog0";
  for (const char* fact : {"identity", "state", "timeout", "bootstatus"}) facts.emplace_back(fmt::format("watchdog_{}", fact), text_of(watchdog / fact));
  size_t number = 0;
  for (const auto& disk : board::disks_of(places_.board)) {
    const std::string prefix = fmt::format("disk.{}.", number++);
    facts.emplace_back(prefix + "name", disk.name);
    facts.emplace_back(prefix + "worn_percent", disk.worn_percent ? std::to_string(*disk.worn_percent) : "unknown");
    facts.emplace_back(prefix + "failing", disk.failing ? (*disk.failing ? "yes" : "no") : "unknown");
  }
  return facts;
}

Result<Fields> Service::operator()(const device::WriteDiagnostics&) { return nothing_more(machine_.write_diagnostics()); }
Result<Fields> Service::operator()(const device::TakeSettings&) { return nothing_more(machine_.take_settings()); }

Result<Fields> Service::operator()(const device::ReadAudit& r) {
  auto lines = audit_.newest(r.lines);
  if (!lines) return fail(std::move(lines.error()));
  Fields facts;
  facts.reserve(lines->size());
  for (size_t i = 0; i < lines->size(); ++i) facts.emplace_back(fmt::format("line.{}", i), std::move((*lines)[i]));
  return facts;
}

}  // namespace hf::deviced
