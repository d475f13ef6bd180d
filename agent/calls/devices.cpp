#include "agent/calls/devices.hpp"

#include <algorithm>
#include <array>

namespace hf::calls {

namespace {

constexpr auto kArtificial = std::to_array<std::string_view>(
    {"Local/", "CBAnn/", "CBRec/", "Announcer/", "Recorder/", "Snoop/", "Surrogate/", "Message/", "Bridge/",
     "MulticastRTP/", "UnicastRTP/", "AsyncGoto/", "Parked/", "OutgoingSpoolFailed", "loopback/"});
constexpr size_t kMaxDevices =
    20000;  // devices and contexts are a site's stock; a flood of invented names must not fill the memory

}  // namespace

bool is_artificial(std::string_view device) {
  if (device.empty()) return false;
  return std::ranges::any_of(kArtificial, [device](std::string_view prefix) {
    return prefix.front() == device.front() && device.starts_with(prefix);  // mostly told by the first letter
  });
}

void Devices::set_trunks(const std::vector<std::string>& trunks) {
  trunks_told_ = !trunks.empty();
  for (auto& [name, device] : devices_) device.told = false;
  for (const std::string& name : trunks) devices_[name].told = true;
}

bool Devices::add_phone(const std::string& device, bool guessed) {
  const auto at = devices_.find(device);
  const bool known = at != devices_.end() && at->second.phone;
  if (devices_.size() >= kMaxDevices || (!known && (device.empty() || is_artificial(device)))) return known;
  Device& d = at == devices_.end() ? devices_[device] : at->second;
  d.guessed = guessed && (!d.phone || d.guessed);
  d.phone = true;
  d.trunk = false;
  return known;
}

bool Devices::is_phone(const std::string& device) const {
  const auto at = devices_.find(device);
  return at != devices_.end() && at->second.phone;
}

bool Devices::is_trunk(const std::string& device) const {
  const auto at = devices_.find(device);
  return at != devices_.end() && (trunks_told_ ? at->second.told : at->second.trunk);
}

bool Devices::looks_like_phone(const std::string& device, const std::string& context) const {
  const auto at = devices_.find(device);
  return !is_artificial(device) && of_phones(context) &&
         (at == devices_.end() || (!at->second.trunk && !at->second.told));
}

void Devices::saw_channel(const std::string& device, const std::string& context) {
  const auto at = devices_.find(device);
  if (context.empty() || at == devices_.end() || !at->second.phone || at->second.guessed ||
      contexts_.size() >= kMaxDevices)
    return;
  contexts_[context].phones = true;
}

bool Devices::of_phones(const std::string& context) const {
  if (context == pbx::kPhoneContext) return true;
  const auto at = contexts_.find(context);
  return at != contexts_.end() && at->second.phones && !at->second.trunks;
}

bool Devices::make_trunk(Device& device, const std::string& context) {
  if (!context.empty() && contexts_.size() < kMaxDevices) contexts_[context].trunks = true;
  device.phone = device.guessed = false;
  return !std::exchange(device.trunk, true);
}

bool Devices::began_call(const std::string& device, const std::string& context, pbx::CallerKey caller) {
  if (is_artificial(device) || caller == 0 || of_phones(context) || devices_.size() >= kMaxDevices) return false;
  Device& d = devices_[device];
  if ((d.phone && !d.guessed) || d.trunk) return false;
  if (d.caller == 0) d.caller = caller;
  return d.caller != caller && make_trunk(d, context);
}

bool Devices::joined_queue(const std::string& device, const std::string& context) {
  if (device.empty() || is_artificial(device) || of_phones(context) || devices_.size() >= kMaxDevices) return false;
  Device& d = devices_[device];
  return (!d.phone || d.guessed) && make_trunk(d, context);
}

Origin Devices::origin(const std::string& device, const std::string& context, const std::string& dialled) const {
  if (is_artificial(device)) return Origin::inside;
  const auto at = devices_.find(device);
  if (trunks_told_) return at != devices_.end() && at->second.told ? Origin::outside : Origin::inside;
  if (at != devices_.end() && at->second.phone) return Origin::inside;
  if (at != devices_.end() && at->second.trunk) return Origin::outside;
  if (dialled.starts_with('*') || of_phones(context)) return Origin::inside;  // feature codes are dialled at phones
  const auto known = contexts_.find(context);
  return known != contexts_.end() && known->second.trunks && !known->second.phones ? Origin::outside : Origin::unknown;
}

}  // namespace hf::calls
