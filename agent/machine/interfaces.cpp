#include "agent/machine/interfaces.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "hal/platform/descriptor.hpp"

namespace hf::machine {

namespace {

constexpr size_t kMaxTable = 64 * 1024, kMaxDns = 3;
constexpr const char* kLoopback = "lo";

std::string_view next_line(std::string_view& rest) {
  const size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (words.size() < 16) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty()) break;
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    words.push_back(word);
    line.remove_prefix(word.size());
  }
  return words;
}

std::optional<uint32_t> hex(std::string_view text) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string text_of(int family, const void* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? std::string() : std::string(text.data());
}

in_addr address_of(const sockaddr& address) {
  sockaddr_in in{};
  std::memcpy(&in, &address, sizeof in);
  return in.sin_addr;
}

// The IPv4 addresses by the names of their interfaces ("eth0:1" is eth0's).
std::vector<std::pair<std::string, std::string>> inet4() {
  std::vector<std::pair<std::string, std::string>> found;
  const Descriptor fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::array<ifreq, kMaxInterfaces * 4> all{};
  ifconf ask{};
  ask.ifc_len = static_cast<int>(sizeof all), ask.ifc_req = all.data();
  if (fd.get() < 0 || ::ioctl(fd.get(), SIOCGIFCONF, &ask) != 0) return found;
  for (size_t i = 0; i < static_cast<size_t>(ask.ifc_len) / sizeof(ifreq); ++i) {
    ifreq one = all.at(i);
    if (one.ifr_addr.sa_family != AF_INET) continue;
    const in_addr address = address_of(one.ifr_addr);
    if (::ioctl(fd.get(), SIOCGIFNETMASK, &one) != 0) continue;
    const std::string name(one.ifr_name, ::strnlen(one.ifr_name, sizeof one.ifr_name));
    found.emplace_back(name.substr(0, name.find(':')), text_of(AF_INET, &address) + "/" + std::to_string(std::popcount(address_of(one.ifr_netmask).s_addr)));
  }
  return found;
}

// Of /proc/net/dev: two lines of head, then "  eth0: counts..".
std::vector<std::string> read_names(std::string_view table) {
  std::vector<std::string> names;
  while (!table.empty() && names.size() < kMaxInterfaces) {
    const auto words = words_of(next_line(table));
    if (words.empty() || words[0].find(':') == std::string_view::npos) continue;
    names.emplace_back(words[0].substr(0, words[0].find(':')));
  }
  return names;
}

std::string word_in(const Path& file) {
  const auto text = read_file(file, 64);
  return text ? text->substr(0, text->find('\n')) : std::string("unknown");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> read_inet6(std::string_view table) {
  std::vector<std::pair<std::string, std::string>> found;
  while (!table.empty()) {
    const auto words = words_of(next_line(table));
    if (words.size() < 6 || words[0].size() != 32) continue;
    std::array<uint8_t, 16> bytes{};
    bool good = true;
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = hex(words[0].substr(i * 2, 2));
      good = good && byte.has_value();
      bytes.at(i) = static_cast<uint8_t>(byte.value_or(0));
    }
    const auto prefix = hex(words[2]);
    if (good && prefix) found.emplace_back(words[5], text_of(AF_INET6, bytes.data()) + "/" + std::to_string(*prefix));
  }
  return found;
}

std::string read_gateway(std::string_view table) {
  std::string best;
  uint64_t least = UINT64_MAX;
  while (!table.empty()) {
    const auto words = words_of(next_line(table));  // Iface Destination Gateway Flags RefCnt Use Metric Mask ..
    if (words.size() < 8 || words[1] != "00000000" || words[7] != "00000000" || words[2] == "00000000") continue;
    const auto gateway = hex(words[2]);
    uint64_t metric = 0;
    std::from_chars(words[6].data(), words[6].data() + words[6].size(), metric);
    if (!gateway || metric >= least) continue;
    const in_addr address{*gateway};  // printed as the machine holds it
    best = text_of(AF_INET, &address), least = metric;
  }
  return best;
}

std::vector<std::string> read_dns(std::string_view text) {
  std::vector<std::string> servers;
  while (!text.empty() && servers.size() < kMaxDns) {
    const auto words = words_of(next_line(text));
    if (words.size() >= 2 && words[0] == "nameserver") servers.emplace_back(words[1]);
  }
  return servers;
}

Network see_network(const NetworkPlaces& places) {
  Network network;
  for (auto& name : read_names(read_file(places.proc / "dev", kMaxTable).value_or(std::string())))
    if (name != kLoopback) network.interfaces.push_back({name, word_in(places.sys / name / "operstate"), {}});
  auto addresses = inet4();
  for (auto& one : read_inet6(read_file(places.proc / "if_inet6", kMaxTable).value_or(std::string()))) addresses.push_back(std::move(one));
  for (auto& [name, address] : addresses) {
    const auto interface = std::ranges::find(network.interfaces, name, &Interface::name);
    if (name == kLoopback) network.own.push_back(std::move(address));
    else if (interface != network.interfaces.end() && interface->addresses.size() < kMaxAddresses) interface->addresses.push_back(std::move(address));
  }
  network.gateway = read_gateway(read_file(places.proc / "route", kMaxTable).value_or(std::string()));
  auto dns = read_file(places.dns, kMaxTable);
  if (!dns) dns = read_file(places.dns_else, kMaxTable);
  network.dns = read_dns(dns.value_or(std::string()));
  return network;
}

}  // namespace hf::machine
