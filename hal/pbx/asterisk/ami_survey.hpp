// The first pass over a recorded AMI stream. In: its path. Out: what it tells about itself.
#pragma once

#include "hal/pbx/asterisk/ami_capture.hpp"

namespace hf::pbx {

// Fails only when the file cannot be opened; a damaged stream is surveyed as far as it goes.
Result<AmiSurvey> survey_ami(const std::filesystem::path& path);

// The PBX's own time of an event, where manager.conf has timestampevents=yes.
std::optional<Time> ami_timestamp(std::string_view message);

}  // namespace hf::pbx
