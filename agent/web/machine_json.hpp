// The machine as the JSON of openapi.yaml. Pure.
#pragma once

#include <boost/json/object.hpp>

#include "agent/machine/machine.hpp"

namespace hf::web {

boost::json::object to_json(const machine::View& view, Time now);

}  // namespace hf::web
