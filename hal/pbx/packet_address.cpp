#include "hal/pbx/packet_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace hf::pbx {

namespace {
constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

bool IpAddress::v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

IpAddress ip_v4(const uint8_t* four) {
  IpAddress ip;
  std::copy(kMapped.begin(), kMapped.end(), ip.bytes.begin());
  std::copy_n(four, 4, ip.bytes.begin() + 12);
  return ip;
}

IpAddress ip_v6(const uint8_t* sixteen) {
  IpAddress ip;
  std::copy_n(sixteen, 16, ip.bytes.begin());
  return ip;
}

std::string to_string(const IpAddress& ip) {
  char text[INET6_ADDRSTRLEN] = "";
  const bool v4 = ip.v4();
  inet_ntop(v4 ? AF_INET : AF_INET6, ip.bytes.data() + (v4 ? 12 : 0), text, sizeof text);
  return text;
}

std::string to_string(const Endpoint& endpoint) {
  return endpoint.ip.v4() ? fmt::format("{}:{}", to_string(endpoint.ip), endpoint.port)
                          : fmt::format("[{}]:{}", to_string(endpoint.ip), endpoint.port);
}

}  // namespace hf::pbx
