// The two pages, bundled and compressed at build time (build.mjs). Nothing else is served to a browser, and nothing comes from elsewhere.
#pragma once

#include <span>

#include "agent/http/assets.hpp"

namespace hf::web::ui {

std::span<const http::Asset> page_assets();  // the agent's
std::span<const http::Asset> hq_assets();    // HQ's

}  // namespace hf::web::ui
