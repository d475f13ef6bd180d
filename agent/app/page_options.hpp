// How the page is served: where it listens, under which names, how long a body may be. In: the settings, and the sockets that systemd hands over.
#pragma once

#include <string>
#include <vector>

#include "agent/http/https_server.hpp"
#include "agent/settings/settings.hpp"

namespace hf::app {

// What stands in the page's certificate.
std::vector<std::string> names_of_page(const settings::AgentSettings& settings);
// invalid_input: sockets handed over that are not there.
Result<http::ServerOptions> page_options(const settings::AgentSettings& settings, net::Identity identity);

}  // namespace hf::app
