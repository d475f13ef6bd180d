#include "agent/app/health_word.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace hf::app {

namespace {

namespace json = boost::json;

constexpr size_t kMaxReason = 500;

std::string text(const json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()).substr(0, kMaxReason) : std::string();
}

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
  const auto* checks = record.if_contains("checks");
  if (!checks || !checks->is_array()) return found;
  for (const auto& check : checks->get_array()) {
    if (!check.is_object() || text(check.get_object(), "name") != "protection") continue;
    if (auto what = text(check.get_object(), "what"); what.starts_with("WEAK")) found.push_back({"protection", web::Severity::warning, now, "protection of the disk: " + what});
  }
  return found;
}

}  // namespace hf::app
