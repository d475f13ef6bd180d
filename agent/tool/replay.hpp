// A history through the same core that follows a live PBX. In: a capture, a queue_log, or a PBX's tables. Out: every call, agent interval and incident.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "agent/core/core.hpp"
#include "hal/pbx/recorded/open_capture.hpp"

namespace hf::app {

struct History {
  std::vector<calls::Call> calls;                      // in the order of their ends; those still open at the end come last
  std::vector<calls::AgentInterval> agents;            // closed intervals, then those still open
  std::vector<incidents::Incident> incidents;          // by signal time, as they stood at the end
  std::vector<metrics::Minute> minutes;                // latest revision of each
  pbx::SourceUp source;                                // what the source could tell
  Time first{}, last{};
  uint64_t events = 0;
  std::vector<std::string> warnings;
};

// What the reader gives, from its beginning to its end.
History replay(pbx::CaptureReader& reader, const calls::SiteModel& model);
// Errors as open_captures(); what is damaged inside is read as far as it goes and told in `warnings`.
Result<History> replay(const std::vector<std::filesystem::path>& paths, const SipKey& site_key, const calls::SiteModel& model);

}  // namespace hf::app
