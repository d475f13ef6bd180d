// Which device a leg stands for: an agent's phone must have one name on every leg, a trunk another, and a caller's
// number must be in neither.
#include <algorithm>

#include "hal/pbx/freeswitch/esl_map_detail.hpp"

namespace hf::pbx {

namespace {

using K = EslKey;

// "+442079460001", "0770-0900": seven digits and no letter.
bool is_number(std::string_view text) {
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 7 && text.find_first_not_of("+0123456789-.") == text.npos;
}

// "sofia/internal/+442079460001@192.0.2.9:5060" -> "sofia/internal".
std::string_view endpoint(std::string_view name) { return name.substr(0, name.rfind('/')); }

std::string inbound_leg(std::string_view name, std::string_view address) {
  std::string device(endpoint(name));
  if (name.starts_with("sofia/") && !address.empty()) device += '/', device.append(address);
  return clean_text(device);
}

// A number that is dialled out belongs to the call, not to the way it takes.
std::string outbound_leg(std::string_view name) {
  const size_t user = name.rfind('/') + 1, at = std::min(name.find('@', user), name.size());
  if (!is_number(name.substr(user, at - user))) return clean_text(name);
  return clean_text(std::string(endpoint(name)) + (at == name.size() ? "" : "/" + std::string(name.substr(at + 1))));
}

std::string user_at(std::string_view user, std::string_view domain) {
  std::string device = "user/" + clean_text(user);
  if (!domain.empty()) device += '@', device += clean_text(domain);
  return device;
}

}  // namespace

std::string device_of_leg(const EslContext& c) {
  const EslFloor& floor = c.memory.floor;
  if (const std::string agent = c.text(K::var_cc_agent); !agent.empty() && c.fields[K::call_direction] == "outbound")
    if (const std::string& device = floor.device(agent); !device.empty()) return device;
  const std::string name = c.fields[K::channel_name];
  if (name.starts_with("loopback/")) return clean_text(name);
  if (const std::string gateway = c.text(K::var_sip_gateway_name); !gateway.empty()) return "sofia/gateway/" + gateway;
  if (c.fields[K::call_direction] == "inbound") {
    if (const std::string user = c.fields[K::var_user_name]; !user.empty())  // a phone that logged in with a password
      return user_at(user, c.fields[K::var_domain_name]);
    return inbound_leg(name, c.fields[K::caller_network_addr]);
  }
  if (floor.is_device(clean_text(name))) return clean_text(name);
  if (const std::string user = c.fields[K::var_dialed_user]; !user.empty())
    return user_at(user, c.fields[K::var_dialed_domain]);
  return outbound_leg(name);
}

std::string device_of_row(const EslFloor& floor, std::string_view name, bool inbound, std::string_view address,
                          std::string_view presence) {
  if (name.starts_with("loopback/")) return clean_text(name);
  if (floor.is_device(clean_text(name))) return clean_text(name);
  const size_t at = presence.find('@');
  if (at != presence.npos && floor.is_device(user_at(presence.substr(0, at), presence.substr(at + 1))))
    return user_at(presence.substr(0, at), presence.substr(at + 1));
  return inbound ? inbound_leg(name, address) : outbound_leg(name);
}

}  // namespace hf::pbx
