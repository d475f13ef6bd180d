#include "hal/pbx/sip/packet_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "hal/pbx/sip/sip_scan.hpp"

namespace hf::pbx {

namespace {
constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  std::string_view host = text, port;
  const size_t colon = text.rfind(':');
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == text.npos) return std::nullopt;
    host = text.substr(1, close - 1), port = text.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return std::nullopt;
    if (!port.empty()) port.remove_prefix(1);
  } else if (colon != text.npos && text.find(':') == colon) {
    host = text.substr(0, colon), port = text.substr(colon + 1);
  }
  Endpoint endpoint;
  if (const auto ip = parse_ip(host)) endpoint.ip = *ip;
  else return std::nullopt;
  if (port.empty()) return host.size() == text.size() || text.ends_with(']') ? std::optional(endpoint) : std::nullopt;
  const auto number = sip_number<uint16_t>(port);
  if (!number) return std::nullopt;
  endpoint.port = *number;
  return endpoint;
}
}  // namespace

bool IpAddress::v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

bool IpAddress::unspecified() const {
  const size_t from = v4() ? kMapped.size() : 0;
  return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), [](uint8_t b) { return b == 0; });
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> name{};  // inet_pton() wants an end
  std::array<uint8_t, 16> bytes{};
  if (text.size() >= name.size()) return std::nullopt;
  std::ranges::copy(text, name.begin());
  if (::inet_pton(AF_INET, name.data(), bytes.data()) == 1) return ip_v4(bytes.data());
  if (::inet_pton(AF_INET6, name.data(), bytes.data()) == 1) return ip_v6(bytes.data());
  return std::nullopt;
}

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
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (!ip.v4()) return ::inet_ntop(AF_INET6, ip.bytes.data(), text.data(), text.size());
  char* end = text.data();  // inet_ntop() asks printf(), for each leg of each call
  for (size_t i = kMapped.size(); i < ip.bytes.size(); ++i) {
    if (i > kMapped.size()) *end++ = '.';
    end = std::to_chars(end, text.data() + text.size(), ip.bytes[i]).ptr;
  }
  return {text.data(), end};
}

std::string to_string(const Endpoint& endpoint) {
  const std::string ip = to_string(endpoint.ip), port = std::to_string(endpoint.port);
  return endpoint.ip.v4() ? ip + ":" + port : "[" + ip + "]:" + port;
}

Result<std::vector<Endpoint>> parse_endpoints(std::string_view text) {
  std::vector<Endpoint> all;
  while (!text.empty()) {
    const std::string_view one = sip_trim(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(text.find(','), text.size() - 1) + 1);
    if (one.empty()) continue;
    const auto endpoint = parse_endpoint(one);
    if (!endpoint)
      return fail(ErrorKind::invalid_input, fmt::format("\"{}\" is no IP address, with a port or without", one));
    all.push_back(*endpoint);
  }
  return all;
}

}  // namespace hf::pbx
