// A history through the same core that follows a live PBX. In: a capture, a queue_log, a PBX's tables, or an agent's own journal. Out: every call,
// agent interval and incident.
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
  pbx::SourceUp source;                                // what the source could tell; of a journal, the PBX without a name
  std::map<std::string, pbx::SourceUp, std::less<>> sources;  // the same for each PBX by its name
  Time first{}, last{};
  uint64_t events = 0;
  std::vector<std::string> warnings;

  const pbx::SourceUp& source_of(const calls::Call& call) const;
};

// What the reader gives, from its beginning to its end.
History replay(pbx::CaptureReader& reader, const calls::SiteModel& model);
// Errors as open_captures(); what is damaged inside is read as far as it goes and told in `warnings`.
Result<History> replay(const std::vector<std::filesystem::path>& paths, const SipKey& site_key, const calls::SiteModel& model);

// What an agent's journal holds, read beside the agent that writes it, as it stood at `now` or, where nothing came for longer, a minute after the
// last event. invalid_input: no journal lies there; corrupt: it cannot be read through.
Result<History> replay_journal(const std::filesystem::path& folder, Time now);
// A folder with an agent's journal in it.
bool is_journal(const std::filesystem::path& folder);

}  // namespace hf::app
