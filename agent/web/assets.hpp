// The page's files, as this folder calls them.
#pragma once

#include "agent/http/assets.hpp"

namespace hf::web {

using http::Asset;
using http::asset_answer;

}  // namespace hf::web
