#include "firmware/deviced/network_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"

namespace hf::deviced {

namespace {

constexpr size_t kMaxFile = 16 * 1024;
constexpr mode_t kReadable = 0644;  // networkd is a user of its own

constexpr std::string_view kBegin = "10-holdfast-", kEnd = ".network";

Path file_of(const Path& folder, const std::string& interface) { return folder / fmt::format("{}{}{}", kBegin, interface, kEnd); }

void read_line(std::string_view line, device::SetNetwork& setting) {
  const size_t equals = std::min(line.find('='), line.size());
  const std::string_view key = line.substr(0, equals);
  std::string value(line.substr(std::min(equals + 1, line.size())));
  if (key == "Name") setting.interface = std::move(value);
  else if (key == "DHCP") setting.dhcp = value == "yes";
  else if (key == "Address") setting.address = std::move(value);
  else if (key == "Gateway") setting.gateway = std::move(value);
  else if (key == "DNS") setting.dns.push_back(std::move(value));
}

}  // namespace

std::string network_file(const device::SetNetwork& setting) {
  std::string text = fmt::format("[Match]\nName={}\n\n[Network]\n", setting.interface);
  if (setting.dhcp) text += "DHCP=yes\n";
  else text += fmt::format("DHCP=no\nAddress={}\n", setting.address);
  if (!setting.gateway.empty()) text += fmt::format("Gateway={}\n", setting.gateway);
  for (const auto& server : setting.dns) text += fmt::format("DNS={}\n", server);
  // Names are asked of those servers alone: nothing of the site is told to its neighbours.
  text += "LLMNR=no\nMulticastDNS=no\nLLDP=no\nEmitLLDP=no\n";
  return text;
}

device::SetNetwork read_network_file(std::string_view text) {
  device::SetNetwork setting;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    read_line(text.substr(0, end), setting);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return setting;
}

Result<std::string> NetworkKeeper::set(const device::SetNetwork& setting, SteadyTime now) {
  if (trial_) return fail(ErrorKind::busy, "the setting of " + trial_->setting.interface + " is on trial; confirm or revert it first");
  std::array<uint8_t, 16> random;
  random_.fill(std::as_writable_bytes(std::span(random)));
  Trial trial{setting, to_hex(random), network_file(setting), now + setting.confirm_within};
  if (auto written = write_file(file_of(live_, setting.interface), trial.text, kReadable); !written) return fail(std::move(written.error()));
  trial_ = std::move(trial);
  if (auto loaded = machine_.reload_network(); !loaded) {
    (void)take_back();
    return fail(std::move(loaded.error()));
  }
  return trial_->token;
}

void NetworkKeeper::end(TrialEnd how, SteadyTime now) { last_ = {std::move(trial_->setting), how, now}, trial_.reset(); }

Status NetworkKeeper::confirm(std::string_view token, SteadyTime now) {
  if (!trial_) return fail(ErrorKind::not_found, "no network setting is on trial");
  if (!net::equal_constant_time(token, trial_->token)) return fail(ErrorKind::denied, "this is not the token of the setting on trial");
  if (auto kept = write_file(file_of(kept_, trial_->setting.interface), trial_->text, kReadable); !kept) return kept;
  end(TrialEnd::kept, now);
  return {};
}

// The trial stays while its file stands there still.
Status NetworkKeeper::take_back() {
  const auto live = file_of(live_, trial_->setting.interface);
  auto before = read_file(file_of(kept_, trial_->setting.interface), kMaxFile);
  if (before) {
    if (auto written = write_file(live, *before, kReadable); !written) return written;
  } else if (before.error().kind == ErrorKind::not_found) {  // there was none of ours: the image's own applies again
    std::error_code error;
    std::filesystem::remove(live, error);
    if (error) return fail(file_error(live, error.value()));
  } else {
    return fail(std::move(before.error()));
  }
  trial_.reset();
  return machine_.reload_network();
}

Status NetworkKeeper::revert(SteadyTime now) {
  if (!trial_) return fail(ErrorKind::not_found, "no network setting is on trial");
  EndedTrial ended{trial_->setting, TrialEnd::reverted, now};
  auto back = take_back();
  if (!trial_) last_ = std::move(ended);
  return back;
}

Result<bool> NetworkKeeper::tick(SteadyTime now) {
  if (!trial_ || now < trial_->until) return false;
  auto reverted = revert(now);
  if (!reverted && trial_) trial_->until = now + std::chrono::seconds(5);  // tried again until it succeeds
  else last_->how = TrialEnd::taken_back;
  if (!reverted) return fail(std::move(reverted.error()));
  return true;
}

std::vector<device::SetNetwork> NetworkKeeper::kept() const {
  std::vector<device::SetNetwork> settings;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(kept_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kBegin) || !name.ends_with(kEnd) || settings.size() >= kMaxKept) continue;
    const auto text = read_file(entry.path(), kMaxFile);
    if (text) settings.push_back(read_network_file(*text));
  }
  std::ranges::sort(settings, {}, &device::SetNetwork::interface);
  return settings;
}

}  // namespace hf::deviced
