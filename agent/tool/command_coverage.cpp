#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "agent/tool/command.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/json_reading.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

// What a site could connect to see more.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kLacking{{
    {"channels", "calls before the queue (AMI with class call, ESL, SIP)"},
    {"steps", "the dialplan's steps (AMI with class dialplan, ESL)"},
    {"agents", "who is free (AMI with class agent, ESL)"},
    {"live", "callers while they wait (any source but call records)"},
    {"survey", "answers to a survey after the call (UserEvent, queue_log, ESL, POST /api/v1/events, a file)"},
}};

std::string joined(const json::object& row, std::string_view name) {
  std::string all;
  for (const auto& word : list_of(row, name)) {
    if (!word.is_string()) continue;
    std::string_view text = word.get_string();
    for (const auto& [id, words] : kLacking)
      if (name == "lacking" && id == text) text = words;
    all.append(all.empty() ? "" : ", ").append(text);
  }
  return all;
}

void print(const json::object& coverage) {
  size_t seen = 0, all = 0;
  for (const auto& row : list_of(coverage, "signatures")) {
    if (!row.is_object()) continue;
    const std::string by = joined(row.get_object(), "seen_by"), lacking = joined(row.get_object(), "lacking");
    seen += by.empty() ? 0 : 1, ++all;
    fmt::print("{:<4} {}\n", text_of(row.get_object(), "signature"), by.empty() ? "not visible: it needs " + lacking : "seen by " + by);
  }
  fmt::print("{} of {} signatures of an imposed hold can be seen with this source; H20, the same at several sites, is HQ's\n\n", seen, all);
  for (const auto& row : list_of(coverage, "metrics")) {
    if (!row.is_object()) continue;
    const std::string lacking = joined(row.get_object(), "lacking");
    fmt::print("{:<16} {}\n", text_of(row.get_object(), "metric"), lacking.empty() ? "seen" : "not visible: it needs " + lacking);
  }
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
  const json::value* coverage = !bad && value.is_object() ? value.get_object().if_contains("coverage") : nullptr;
  if (coverage == nullptr || !coverage->is_object() || list_of(coverage->get_object(), "signatures").empty()) {
    fmt::print(stderr, "holdfast coverage: {}/status.json does not tell it: has the agent heard its PBX yet?\n", state_dir);
    return 2;
  }
  print(coverage->get_object());
  return 0;
}

}  // namespace hf::app
