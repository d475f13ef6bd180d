#include "agent/app/health_word.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "hal/platform/json_reading.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

constexpr size_t kMaxReason = 500;

std::string text(const json::object& o, std::string_view name) { return std::string(text_of(o, name).substr(0, kMaxReason)); }

}  // namespace

std::vector<web::Problem> health_problems(std::string_view health_json, std::string_view running, Time now) {
  std::vector<web::Problem> found;
  boost::system::error_code wrong;
  const auto value = json::parse(health_json, wrong);
  if (wrong || !value.is_object()) return found;
  const auto& record = value.get_object();
  const std::string failed = text(record, "failed_version");
  if (!failed.empty() && failed != running)
    found.push_back({"update_given_back", web::Severity::warning, now, fmt::format("version {} was not good and was given back; {} runs. The reason: {}", failed, running, text(record, "failed"))});
  for (const auto& check : list_of(record, "checks")) {
    if (!check.is_object() || text(check.get_object(), "name") != "protection") continue;
    if (auto what = text(check.get_object(), "what"); what.starts_with("WEAK")) found.push_back({"protection", web::Severity::warning, now, "protection of the disk: " + what});
  }
  return found;
}

}  // namespace hf::app
