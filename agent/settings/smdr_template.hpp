// The files in config/smdr-templates: how one kind of PBX prints its call records.
#pragma once

#include "agent/settings/settings.hpp"
#include "hal/pbx/smdr/smdr_template.hpp"

namespace hf::settings {

// Every problem with file, line and column, a line each: unknown keys, columns that cannot be, a template that tells no time or no wait.
Result<pbx::SmdrTemplate> parse_smdr_template(std::string_view text, std::string_view name);
// A file smdr-templates/ID.toml that is not there is the one of this name that comes with Holdfast; not_found tells which do.
Result<pbx::SmdrTemplate> load_smdr_template(const Path& file);

// As a file that parse_smdr_template() reads back.
std::string dump(const pbx::SmdrTemplate& how);

}  // namespace hf::settings
