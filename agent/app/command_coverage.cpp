#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "agent/app/command.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

std::string joined(const json::object& row, std::string_view name) {
  std::string all;
  if (const auto* list = row.if_contains(name); list && list->is_array())
    for (const auto& word : list->get_array())
      if (word.is_string()) all += (all.empty() ? "" : ", ") + std::string(word.get_string());
  return all;
}

}  // namespace

int run_coverage(const std::string& state_dir) {
  const auto bytes = read_file(Path(state_dir) / "status.json", 1 << 20);
  if (!bytes) {
    fmt::print(stderr, "holdfast coverage: {}; is this the state folder of an agent that was started?\n", bytes.error().what);
    return 2;
  }
  boost::system::error_code bad;
  const auto value = json::parse(*bytes, bad);
  const json::value* rows = !bad && value.is_object() ? value.get_object().if_contains("coverage") : nullptr;
  if (rows == nullptr || !rows->is_array()) {
    fmt::print(stderr, "holdfast coverage: {}/status.json does not tell it: has the agent heard its PBX yet?\n", state_dir);
    return 2;
  }
  size_t seen = 0;
  for (const auto& row : rows->get_array()) {
    if (!row.is_object()) continue;
    const std::string by = joined(row.get_object(), "seen_by"), lacking = joined(row.get_object(), "lacking");
    const auto* name = row.get_object().if_contains("signature");
    seen += by.empty() ? 0 : 1;
    fmt::print("{:<4} {}\n", name && name->is_string() ? std::string_view(name->get_string()) : "", by.empty() ? "not visible: it needs " + lacking : "seen by " + by);
  }
  fmt::print("{} of {} signatures of an imposed hold can be seen with this source; H20, the same at several sites, is HQ's\n", seen, rows->get_array().size());
  return 0;
}

}  // namespace hf::app
