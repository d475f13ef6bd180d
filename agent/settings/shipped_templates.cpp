#include "agent/settings/shipped_templates.hpp"

#include "generated/smdr_3cx.hpp"
#include "generated/smdr_avaya_ip_office.hpp"
#include "generated/smdr_generic_csv.hpp"
#include "generated/smdr_panasonic_kx_80.hpp"

namespace hf::settings {

namespace {

struct Shipped {
  std::string_view id;
  const std::string_view& text;
};
const Shipped kShipped[] = {{"3cx", generated::smdr_3cx},
                            {"avaya-ip-office", generated::smdr_avaya_ip_office},
                            {"generic-csv", generated::smdr_generic_csv},
                            {"panasonic-kx-80", generated::smdr_panasonic_kx_80}};

constexpr std::string_view kFolder = "smdr-templates";

}  // namespace

std::optional<std::string_view> shipped_template(const std::filesystem::path& file) {
  if (file.parent_path().filename() != kFolder || file.extension() != ".toml") return std::nullopt;
  for (const Shipped& one : kShipped)
    if (file.stem() == one.id) return one.text;
  return std::nullopt;
}

std::string shipped_templates() {
  std::string names;
  for (const Shipped& one : kShipped) names.append(names.empty() ? "" : ", ").append(kFolder).append("/").append(one.id).append(".toml");
  return names;
}

}  // namespace hf::settings
