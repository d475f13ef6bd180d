// "status.json" in the state folder: how the agent is, for `holdfast status`, written every second whole or not at all. Holds no personal data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/app/agent.hpp"
#include "agent/web/backend.hpp"
#include "agent/web/source_tools.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

struct StatusFacts {
  Time at{};
  std::string address;
  web::BoxHealth health;
  std::vector<web::SourceView> sources;
  web::HqLink hq;
  size_t open_incidents = 0;
  web::CoverageView coverage{};
};

Status write_status(const Path& state_dir, const StatusFacts& facts);

}  // namespace hf::app
