#include "agent/app/page_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/web/api.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/platform/supervisor.hpp"

namespace hf::app {

namespace {

bool is_every_address(const std::string& listen) { return listen == "0.0.0.0" || listen == "::"; }

std::string name_of_machine() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data() : "localhost";
}

}  // namespace

std::vector<std::string> names_of_page(const settings::AgentSettings& settings) {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1", "holdfast.local"};
  const auto& address = settings.web.address;
  if (!is_every_address(address) && std::ranges::find(names, address) == names.end()) names.push_back(address);
  return names;
}

std::string page_address(const std::string& listen, uint16_t port) {
  return fmt::format("https://{}/", net::to_string({is_every_address(listen) ? name_of_machine() : listen, port}));
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
