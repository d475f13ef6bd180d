// From the ids of one PBX to those of a site with several (agent/calls/pbx_name.hpp), and back. For a PBX without a name both are the same.
#pragma once

#include "agent/core/core_output.hpp"

namespace hf::app {

void to_site_ids(const std::string& pbx, Step& step);
void to_site_ids(const std::string& pbx, incidents::Incident& incident);
void to_site_ids(const std::string& pbx, calls::Call& call);
void to_site_ids(const std::string& pbx, calls::AgentInterval& interval);

// What of the site's model is this PBX's, in its own ids.
calls::SiteModel part_of(const calls::SiteModel& site, const std::string& pbx);

}  // namespace hf::app
