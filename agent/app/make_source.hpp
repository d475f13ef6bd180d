// The PBX as the settings say it. In: settings. Out: a source, and whether its time is the clock's from the start.
#pragma once

#include <memory>

#include "agent/calls/site_model.hpp"
#include "agent/settings/settings.hpp"
#include "agent/web/intake.hpp"
#include "hal/pbx/live_source.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/recorder.hpp"
#include "hal/pbx/simulated/sim_source.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/siphash.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::app {

struct Source {
  std::unique_ptr<pbx::SimPacer> pacer;     // outlives the source that uses it
  std::unique_ptr<pbx::PbxSource> source;
  bool live = true;                         // false: it begins in the past
  calls::SiteModel first_model;             // for a site that has none yet
  std::unique_ptr<web::Intake> intake;      // where connectors post; null for every other kind. Speaks to `source`
};

// invalid_input: no such scenario or event class; what only shows when it runs is told by health().
// `connect`: dials an ami or esl instead of TCP alone, for who looks at its bytes too; others have none.
// `recorder`: hears what comes to an smdr, syslog, hep or tap; it outlives the source.
// `zone`: of the site, for PBXs that print local times.
Result<Source> make_source(const settings::SourceSettings& settings, const TimeZone& zone, const SipKey& caller_key, Clock& clock, Random& random, const pbx::LiveConnect& connect = {},
                           pbx::Recorder* recorder = nullptr);

}  // namespace hf::app
