// Values of HQ as the JSON of openapi.yaml. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "agent/access/sessions.hpp"
#include "hq/store.hpp"

namespace hf::hq {

// A site is silent when it has a key and was not heard of within `silent_after`.
[[nodiscard]] bool is_silent(const Site& site, Time now, std::chrono::seconds silent_after);

boost::json::object to_json(const Site& site, Time now, std::chrono::seconds silent_after);
boost::json::object to_json(const SiteIncident& incident, const LabelTable& labels);
boost::json::object to_json(const HqIncident& incident);
boost::json::object to_json(const GapRow& gap);
boost::json::object to_json(const RefusedRow& refused);
boost::json::object to_json(const NamedId& named, const LabelTable& labels);
boost::json::object to_json(const metrics::Minute& step);
boost::json::object to_json(const metrics::SurveySum& sum, const LabelTable& labels);
boost::json::object to_json(const access::Session& session);

template <class C, class... More>
boost::json::array all_to_json(const C& items, const More&... more) {
  boost::json::array out;
  for (const auto& item : items) out.push_back(to_json(item, more...));
  return out;
}

}  // namespace hf::hq
