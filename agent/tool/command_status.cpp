#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "agent/tool/command.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

constexpr double kFresh = 30;  // seconds; the agent writes every five

std::string_view text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

double number(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_number() ? value->to_number<double>() : 0;
}

int print(const json::object& status) {
  const double age = unix_seconds(system_clock().now()) - number(status, "at");
  const bool running = age < kFresh;
  fmt::print("agent      {} {}\n", text(status, "version"), running ? "running" : fmt::format("not running: its last word is {:.0f} s old", age));
  fmt::print("page       {}\n", text(status, "address"));
  fmt::print("journal    {:.0f} entries\n", number(status, "journal_sequence"));
  if (const auto* sources = status.if_contains("sources"); sources && sources->is_array())
    for (const auto& source : sources->get_array())
      if (source.is_object())
        fmt::print("{:<10} {} {}: {} ({})\n", text(source.get_object(), "name"), text(source.get_object(), "kind"), text(source.get_object(), "address"), text(source.get_object(), "state"),
                   text(source.get_object(), "what"));
  if (const auto* hq = status.if_contains("hq"); hq && hq->is_object())
    fmt::print("hq         {} {} {} ({:.0f} messages queued)\n", text(hq->get_object(), "state"), text(hq->get_object(), "address"),
               text(hq->get_object(), "what"), number(hq->get_object(), "queued"));
  fmt::print("incidents  {:.0f} open\n", number(status, "open_incidents"));
  size_t problems = 0;
  if (const auto* found = status.if_contains("problems"); found && found->is_array())
    for (const auto& problem : found->get_array()) {
      ++problems;
      if (problem.is_object()) fmt::print("problem    {}\n", text(problem.get_object(), "what"));
    }
  return running && problems == 0 ? 0 : 1;
}

}  // namespace

int run_status(const std::string& state_dir) {
  const auto bytes = read_file(Path(state_dir) / "status.json", 1 << 20);
  if (!bytes) {
    fmt::print(stderr, "holdfast status: {}; is this the state folder of an agent that was started?\n", bytes.error().what);
    return 2;
  }
  boost::system::error_code bad;
  const auto value = json::parse(*bytes, bad);
  if (bad || !value.is_object()) {
    fmt::print(stderr, "holdfast status: {}/status.json is not what an agent writes\n", state_dir);
    return 2;
  }
  return print(value.get_object());
}

}  // namespace hf::app
