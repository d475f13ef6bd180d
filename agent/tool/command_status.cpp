#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "agent/tool/command.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/json_reading.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

constexpr double kFresh = 30;  // seconds; the agent writes every five

int print(const json::object& status) {
  const double age = unix_seconds(system_clock().now()) - number_of(status, "at");
  const bool running = age < kFresh;
  fmt::print("agent      {} {}\n", text_of(status, "version"), running ? "running" : fmt::format("not running: its last word is {:.0f} s old", age));
  fmt::print("page       {}\n", text_of(status, "address"));
  fmt::print("journal    {:.0f} entries\n", number_of(status, "journal_sequence"));
  for (const auto& source : list_of(status, "sources"))
    if (source.is_object())
      fmt::print("{:<10} {} {}: {} ({})\n", text_of(source.get_object(), "name"), text_of(source.get_object(), "kind"), text_of(source.get_object(), "address"), text_of(source.get_object(), "state"),
                 text_of(source.get_object(), "what"));
  if (const auto* hq = status.if_contains("hq"); hq && hq->is_object())
    fmt::print("hq         {} {} {} ({:.0f} messages queued)\n", text_of(hq->get_object(), "state"), text_of(hq->get_object(), "address"),
               text_of(hq->get_object(), "what"), number_of(hq->get_object(), "queued"));
  fmt::print("incidents  {:.0f} open\n", number_of(status, "open_incidents"));
  size_t problems = 0;
  for (const auto& problem : list_of(status, "problems")) {
    ++problems;
    if (problem.is_object()) fmt::print("problem    {}\n", text_of(problem.get_object(), "what"));
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
