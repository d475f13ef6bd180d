// The kernel's filter of the tap, as classic BPF: what it refuses never reaches the program. In: SIP ports. Out: a
// program for SO_ATTACH_FILTER that passes UDP and TCP of these ports, RTCP at any port (told by its first two bytes),
// and IP fragments of both. Ethernet with up to one VLAN tag in the frame (the kernel has taken the outermost off
// already), IPv4, IPv6.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hf::tap {

inline constexpr size_t kMaxPorts = 16;

// At most kMaxPorts are used.
std::vector<sock_filter> packet_filter(const std::vector<uint16_t>& ports);

}  // namespace hf::tap
