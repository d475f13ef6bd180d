// The border: what the core says becomes what may leave. In: minutes, incidents, approved labels. Out: wire values, in
// which names of the PBX are keyed ids and members, user names and texts have no place. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/incidents/incident.hpp"
#include "agent/metrics/minute.hpp"
#include "agent/metrics/survey_sum.hpp"
#include "agent/wire/opaque_id.hpp"

namespace hf::sync {

wire::Summary to_wire(const wire::SiteKey& key, const metrics::Minute& minute);
// Lists are cut to the wire's limits, in the incident's order; evidence and values that are not on the wire's list are
// left out.
wire::Incident to_wire(const wire::SiteKey& key, const incidents::Incident& incident);

// Nothing for a day that has no place there: too few answers, none of the known questions, no scale, or no clock.
std::optional<wire::SurveyDay> to_wire(const wire::SiteKey& key, const metrics::SurveySum& day);

// A label that the site's IT approved for HQ, and what it names at the PBX.
struct ApprovedLabel {
  metrics::Scope scope{};
  std::string id, label;
};
// Those of the labels that may leave (wire::check_label()), at most wire::kMaxLabels: the others' lines and queues have
// no label at HQ.
wire::Labels to_wire(const wire::SiteKey& key, uint32_t revision, const std::vector<ApprovedLabel>& labels);

}  // namespace hf::sync
