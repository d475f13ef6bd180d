// Which interfaces and addresses this machine has. In: /proc and the kernel's word. Out: plain values. Without netlink, which the agent's sandbox does not have.
#pragma once

#include <string_view>

#include "agent/machine/machine.hpp"
#include "hal/platform/files.hpp"

namespace hf::machine {

inline constexpr size_t kMaxInterfaces = 16, kMaxAddresses = 16;

struct NetworkPlaces {
  Path proc = "/proc/net", sys = "/sys/class/net";
  Path dns = "/run/systemd/resolve/resolv.conf", dns_else = "/etc/resolv.conf";
};

// What cannot be read stays empty.
Network see_network(const NetworkPlaces& places);

// Of /proc/net/if_inet6: "fe80..(32 hex signs) ifindex prefix scope flags name", as {name, "fe80::1/64"}.
std::vector<std::pair<std::string, std::string>> read_inet6(std::string_view table);
// Of /proc/net/route: the gateway of the default route with the least metric; empty: none.
std::string read_gateway(std::string_view table);
// Of resolv.conf: "nameserver" lines, three at most.
std::vector<std::string> read_dns(std::string_view text);

}  // namespace hf::machine
