// A TCP connection as a ByteStream.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"

namespace hf::net {

// A name or a literal address (IPv6 without brackets), and a port.
struct HostPort {
  std::string host;
  uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
};

// "pbx:5038", "[2001:db8::7]:5038"; the port is needed and 1-65535. invalid_input names the text.
Result<HostPort> parse_host_port(std::string_view text);
std::string to_string(const HostPort& address);

// A literal IPv4 or IPv6 address, not a name.
[[nodiscard]] bool is_address(const std::string& host);

// Tries the addresses of `to.host` in turn within one deadline (resolving the name takes as long as the system's
// resolver takes; a literal address needs none). Errors name the address: not_found (no such name), timed_out, io
// (refused, unreachable), closed (interrupted). `stop`, when given, ends this call and every later wait of the stream.
Result<std::unique_ptr<ByteStream>> connect_tcp(const HostPort& to, std::chrono::milliseconds within,
                                                std::shared_ptr<Interrupt> stop = nullptr);

}  // namespace hf::net
