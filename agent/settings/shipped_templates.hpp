// The files of config/smdr-templates inside the program: a box in a closed cabinet has no folder beside its settings to put them into.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hf::settings {

// The text of a file named smdr-templates/ID.toml, whatever stands before it; unset when none of that name comes with Holdfast.
std::optional<std::string_view> shipped_template(const std::filesystem::path& file);
// "smdr-templates/3cx.toml, ...", for messages.
std::string shipped_templates();

}  // namespace hf::settings
