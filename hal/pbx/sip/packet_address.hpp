// Who speaks on the wire: an address and a port. IPv4 is kept as ::ffff:a.b.c.d, so that one type does for both.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf::pbx {

struct IpAddress {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const IpAddress&) const = default;
  bool v4() const;
  bool unspecified() const;  // 0.0.0.0 or ::
};
IpAddress ip_v4(const uint8_t* four);
IpAddress ip_v6(const uint8_t* sixteen);

struct Endpoint {
  IpAddress ip;
  uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};

std::string to_string(const IpAddress& ip);       // "192.0.2.7", "2001:db8::7"
std::string to_string(const Endpoint& endpoint);  // "192.0.2.7:5060", "[2001:db8::7]:5060"

// "192.0.2.7", "2001:db8::7"; nothing for what is neither.
std::optional<IpAddress> parse_ip(std::string_view text);
// "192.0.2.1, [2001:db8::7]:5060": addresses joined by commas, each with a port or without (then 0). invalid_input
// names the one.
Result<std::vector<Endpoint>> parse_endpoints(std::string_view text);

}  // namespace hf::pbx
