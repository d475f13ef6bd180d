#include "agent/app/page_options.hpp"

#include <algorithm>

#include "agent/web/api.hpp"
#include "hal/platform/supervisor.hpp"

namespace hf::app {

std::vector<std::string> names_of_page(const settings::AgentSettings& settings) {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1", "holdfast.local"};
  const auto& address = settings.web.address;
  if (address != "0.0.0.0" && address != "::" && std::ranges::find(names, address) == names.end()) names.push_back(address);
  return names;
}

Result<http::ServerOptions> page_options(const settings::AgentSettings& settings, net::Identity identity) {
  http::ServerOptions options;
  options.listen = {{settings.web.address, settings.web.port}};
  if (settings.redirect_port != 0) options.redirect = {{settings.web.address, settings.redirect_port}};
  options.identity = std::move(identity);
  options.body_limit = web::Api::body_limit;
  options.limits.max_body = web::Api::kMaxBody;
  auto handed = handed_sockets();
  if (!handed) return fail(std::move(handed.error()));
  for (const auto& socket : *handed) (socket.name == "redirect" ? options.redirect_fds : options.listen_fds).push_back(socket.fd);
  return options;
}

}  // namespace hf::app
