// The limits of each request. Pure: what may be in the text, not whether the machine can do it.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "hal/device/request.hpp"

namespace hf::device {

namespace {

constexpr size_t kMaxPath = 200;
constexpr auto kFarthestWindow = std::chrono::hours(24 * 14);

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

Error wrong(std::string_view field, std::string_view why) { return {ErrorKind::invalid_input, std::string(field) + ": " + std::string(why)}; }

// AF_INET, AF_INET6 or 0.
int family_of(const std::string& address) {
  in6_addr bytes;
  if (::inet_pton(AF_INET, address.c_str(), &bytes) == 1) return AF_INET;
  return ::inet_pton(AF_INET6, address.c_str(), &bytes) == 1 ? AF_INET6 : 0;
}

bool is_prefix(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos) return false;
  const int family = family_of(text.substr(0, slash));
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
  return family != 0 && error == std::errc() && end == text.data() + text.size() && bits >= 1 && bits <= (family == AF_INET ? 32U : 128U);
}

// RFC 1123: letters, digits and '-', not at an end; labels joined by dots.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  while (true) {
    const std::string_view label = name.substr(0, name.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](char c) { return letter(c) || digit(c) || c == '-'; })) return false;
    if (label.size() == name.size()) return true;
    name.remove_prefix(label.size() + 1);
  }
}

// A path that means what it says: absolute, no "." or "..", no empty part, plain signs.
bool is_plain_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.size() > kMaxPath) return false;
  if (!std::ranges::all_of(path, [](char c) { return letter(c) || digit(c) || c == '/' || c == '-' || c == '_' || c == '.' || c == '+'; })) return false;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    path.remove_prefix(part.size());
  }
  return true;
}

Status check_bundle(const std::string& path) {
  if (!is_plain_path(path) || !path.ends_with(".raucb")) return fail(wrong("path", "must be the plain absolute path of a .raucb file"));
  return {};
}

template <class T>
Status check_one(const T&) {
  return {};
}
Status check_one(const SetNetwork& r) {
  const bool name = !r.interface.empty() && r.interface.size() < 16 && letter(r.interface[0]) &&
                    std::ranges::all_of(r.interface, [](char c) { return letter(c) || digit(c) || c == '-' || c == '_' || c == '.'; });
  if (!name) return fail(wrong("interface", "is no name of an interface"));
  if (r.confirm_within < Seconds(30) || r.confirm_within > Seconds(600)) return fail(wrong("confirm_within", "must be 30 to 600 seconds"));
  if (r.dhcp != r.address.empty()) return fail(wrong("address", "is needed without DHCP, and only then"));
  if (!r.dhcp && !is_prefix(r.address)) return fail(wrong("address", "must be like 192.0.2.7/24"));
  if (r.dhcp && !r.gateway.empty()) return fail(wrong("gateway", "comes from DHCP"));
  if (!r.gateway.empty() && family_of(r.gateway) == 0) return fail(wrong("gateway", "is no address"));
  if (r.dns.size() > 3) return fail(wrong("dns", "at most 3"));
  for (const auto& server : r.dns)
    if (family_of(server) == 0) return fail(wrong("dns", "holds what is no address"));
  return {};
}
Status check_one(const ConfirmNetwork& r) {
  if (r.token.size() != 32) return fail(wrong("token", "is none of ours"));
  return {};
}
Status check_one(const SetTime& r) {
  if (r.at < Moment(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1))) return fail(wrong("at", "lies before this program was made"));
  return {};
}
Status check_one(const SetTimeServers& r) {
  if (r.servers.size() > 4) return fail(wrong("servers", "at most 4"));
  for (const auto& server : r.servers)
    if (!is_host_name(server) && family_of(server) == 0) return fail(wrong("servers", "holds what is neither a name nor an address"));
  return {};
}
Status check_one(const SetZone& r) {
  const bool signs = std::ranges::all_of(r.zone, [](char c) { return letter(c) || digit(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
  if (r.zone.empty() || r.zone.size() > 64 || !signs || !letter(r.zone[0])) return fail(wrong("zone", "must be like Europe/Berlin"));
  return {};
}
Status check_one(const SetHostname& r) {
  if (r.name.size() > 63 || !is_host_name(r.name) || r.name.find('.') != std::string::npos) return fail(wrong("name", "takes letters, digits and '-', up to 63"));
  return {};
}
Status check_one(const InspectUpdate& r) { return check_bundle(r.path); }
Status check_one(const InstallUpdate& r) { return check_bundle(r.path); }
Status check_one(const Shutdown& r) {
  if (r.not_after <= r.not_before || r.not_after - r.not_before > kFarthestWindow) return fail(wrong("not_after", "must end the window, within two weeks of its begin"));
  return {};
}
Status check_one(const FactoryReset& r) {
  if (r.level == ResetLevel::none) return fail(wrong("level", "is missing"));
  if (r.sure != "ERASE") return fail(wrong("sure", "must be the word ERASE"));
  return {};
}
Status check_one(const SetRelay& r) {
  if (r.at_most > std::chrono::hours(1)) return fail(wrong("at_most", "an hour at most"));
  return {};
}
Status check_one(const ReadAudit& r) {
  if (r.lines == 0 || r.lines > 100) return fail(wrong("lines", "1 to 100"));
  return {};
}

}  // namespace

Status check(const Request& request) {
  return std::visit([](const auto& r) { return check_one(r); }, request);
}

}  // namespace hf::device
