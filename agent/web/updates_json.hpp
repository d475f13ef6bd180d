// Versions of the box as the JSON of openapi.yaml.
#pragma once

#include <boost/json/object.hpp>

#include "agent/updates/updates.hpp"

namespace hf::web {

boost::json::object to_json(const updates::Overview& overview);
boost::json::object to_json(const updates::Transfer& transfer);

}  // namespace hf::web
