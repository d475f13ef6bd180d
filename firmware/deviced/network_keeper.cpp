#include "firmware/deviced/network_keeper.hpp"

#include <fmt/format.h>

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

Path file_of(const Path& folder, const std::string& interface) { return folder / ("10-holdfast-" + interface + ".network"); }

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

Result<std::string> NetworkKeeper::set(const device::SetNetwork& setting, SteadyTime now) {
  if (trial_) return fail(ErrorKind::busy, "the setting of " + trial_->interface + " is on trial; confirm or revert it first");
  std::array<uint8_t, 16> random;
  random_.fill(std::as_writable_bytes(std::span(random)));
  Trial trial{setting.interface, to_hex(random), network_file(setting), now + setting.confirm_within};
  if (auto written = write_file(file_of(live_, setting.interface), trial.text, kReadable); !written) return fail(std::move(written.error()));
  trial_ = std::move(trial);
  if (auto loaded = machine_.reload_network(); !loaded) {
    (void)revert();
    return fail(std::move(loaded.error()));
  }
  return trial_->token;
}

Status NetworkKeeper::confirm(std::string_view token) {
  if (!trial_) return fail(ErrorKind::not_found, "no network setting is on trial");
  if (!net::equal_constant_time(token, trial_->token)) return fail(ErrorKind::denied, "this is not the token of the setting on trial");
  if (auto kept = write_file(file_of(kept_, trial_->interface), trial_->text, kReadable); !kept) return kept;
  trial_.reset();
  return {};
}

Status NetworkKeeper::revert() {
  if (!trial_) return fail(ErrorKind::not_found, "no network setting is on trial");
  const auto live = file_of(live_, trial_->interface);
  auto before = read_file(file_of(kept_, trial_->interface), kMaxFile);
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

Result<bool> NetworkKeeper::tick(SteadyTime now) {
  if (!trial_ || now < trial_->until) return false;
  auto reverted = revert();
  if (!reverted && trial_) trial_->until = now + std::chrono::seconds(5);  // tried again until it succeeds
  if (!reverted) return fail(std::move(reverted.error()));
  return true;
}

}  // namespace hf::deviced
