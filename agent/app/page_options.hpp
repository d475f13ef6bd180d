// How the page is served: where it listens, under which names, how long a body may be. In: the settings, and the sockets that systemd hands over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/http/https_server.hpp"
#include "agent/settings/settings.hpp"

namespace hf::app {

// What stands in the page's certificate.
std::vector<std::string> names_of_page(const settings::AgentSettings& settings);
// Where a browser finds it: of a page that listens at every address ("0.0.0.0", "::") by the machine's name.
std::string page_address(const std::string& listen, uint16_t port);
// invalid_input: sockets handed over that are not there.
Result<http::ServerOptions> page_options(const settings::AgentSettings& settings, net::Identity identity);

}  // namespace hf::app
