#include <fmt/format.h>

#include <cstdio>

#include "agent/settings/settings.hpp"
#include "agent/sync/site_identity.hpp"
#include "agent/tool/command.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

int refuse(const Error& error) {
  fmt::print(stderr, "holdfast request: {}\n", error.what);
  return 2;
}

}  // namespace

int run_request(const std::string& config_path, const std::string& out) {
  auto settings = settings::load_agent(config_path);
  if (!settings) return refuse(settings.error());
  if (settings->hq_key_file.empty()) return refuse({ErrorKind::invalid_input, config_path + ": hq.key_file is not set: the key needs a place"});
  auto request = sync::site_request(settings->hq_key_file, settings->site_id);
  if (!request) return refuse(request.error());
  if (auto written = write_file(out, request->pem, 0644); !written) return refuse(written.error());
  fmt::print("{}\n", request->fingerprint);
  return 0;
}

}  // namespace hf::app
