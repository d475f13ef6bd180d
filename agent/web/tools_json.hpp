// Source tools as the JSON of openapi.yaml. The coverage is also what `holdfast coverage` prints: one function for both.
#pragma once

#include <boost/json/object.hpp>

#include "agent/web/source_tools.hpp"

namespace hf::web {

boost::json::object to_json(const SurveyReport& report, Time from, Time to);
boost::json::object to_json(const SurveyImport& import);
boost::json::object to_json(const VoiceReport& report, Time from, Time to);
boost::json::object to_json(const CoverageView& coverage);
boost::json::object to_json(const ListenView& listening);  // of one source
boost::json::object to_json(const SmdrView& proposal);

}  // namespace hf::web
