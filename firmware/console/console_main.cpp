// console_menu: the menu on the box's screen. Reads keys from its terminal, asks the device service, and draws anew every few seconds.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "firmware/console/menu.hpp"
#include "hal/device/client.hpp"
#include "hal/platform/clock.hpp"

namespace {

using namespace hf;

constexpr int kRedrawEvery = 5000;  // milliseconds
constexpr auto kPatience = std::chrono::seconds(30);
constexpr const char *kDesk = "/run/holdfast", *kState = "/var/lib/holdfast";
constexpr size_t kMaxShown = 8;

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = address->sa_family == AF_INET ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr)
                                                    : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  return ::inet_ntop(address->sa_family, bytes, text.data(), text.size()) == nullptr ? std::string() : std::string(text.data());
}

console::Facts facts() {
  std::vector<std::string> addresses, interfaces;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) == 0) {
    for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
      if ((one->ifa_flags & IFF_LOOPBACK) != 0) continue;
      const std::string name = one->ifa_name;
      if (std::ranges::find(interfaces, name) == interfaces.end() && interfaces.size() < kMaxShown) interfaces.push_back(name);
      if (one->ifa_addr == nullptr || (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6)) continue;
      const std::string address = text_of(one->ifa_addr);
      if (!address.empty() && !address.starts_with("fe80") && addresses.size() < kMaxShown) addresses.push_back(address);
    }
    ::freeifaddrs(all);
  }
  return console::read_facts({kDesk, kState, device::kDiagnosticsTold, device::kSettingsTold}, std::move(addresses), std::move(interfaces));
}

// Keys one by one, unseen; nothing to do where the input is no terminal.
void read_keys_singly() {
  termios how{};
  if (::tcgetattr(STDIN_FILENO, &how) != 0) return;
  how.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &how);
}

}  // namespace

int main() {
  read_keys_singly();
  console::Menu menu({facts, [](const device::Request& request) { return device::ask(device::kSocket, {"console", request}, kPatience); },
                      [] { return write_file(Path(kState) / "forget-users", ""); }, [] { return std::chrono::floor<std::chrono::seconds>(system_clock().now()); }});
  while (true) {
    fmt::print("\033[H\033[2J{}", menu.screen());
    std::fflush(stdout);
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, kRedrawEvery) <= 0) continue;
    char pressed = 0;
    if (::read(STDIN_FILENO, &pressed, 1) != 1) return 0;  // the terminal is gone; systemd starts us anew
    menu.key(pressed);
  }
}
