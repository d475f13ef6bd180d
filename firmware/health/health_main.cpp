// health_check: is the box good? Exit codes: 0 good, 1 not good, 2 wrong use.
#include <fmt/format.h>
#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <string_view>
#include <thread>

#include "firmware/health/checks.hpp"
#include "hal/device/client.hpp"
#include "hal/platform/clock.hpp"

namespace {

using namespace hf;

constexpr std::string_view kUsage =
    "health_check [--state FOLDER] [--within SECONDS] [--write FILE] [--json] [--decide]\n"
    "Tells whether agent, databases, sources, page, clock and disk are good; exit code 0 = all are.\n"
    "--within: looks again until they are, so long. --write: keeps the result, and what the next check compares with.\n"
    "--decide: on a sealed box a good result confirms the running version (RAUC's mark-good).\n";
constexpr auto kPause = std::chrono::seconds(5);
constexpr auto kPatience = std::chrono::seconds(30);
constexpr size_t kMaxRecord = 1 << 20;

struct Options {
  health::Places places;
  std::chrono::seconds within{0};
  Path write;
  bool as_json = false, decide = false, help = false;
};

std::optional<Options> parse(int count, char** arguments) {
  static const option kOptions[] = {{"state", required_argument, nullptr, 's'}, {"within", required_argument, nullptr, 'w'}, {"write", required_argument, nullptr, 'f'},
                                    {"json", no_argument, nullptr, 'j'},        {"decide", no_argument, nullptr, 'd'},       {"help", no_argument, nullptr, 'h'},
                                    {nullptr, 0, nullptr, 0}};
  Options o;
  for (int c = 0; (c = ::getopt_long(count, arguments, "", kOptions, nullptr)) != -1;) {
    const std::string_view value = optarg == nullptr ? std::string_view() : std::string_view(optarg);
    int64_t seconds = 0;
    if (c == 's') o.places.state = value;
    else if (c == 'f') o.write = value;
    else if (c == 'j') o.as_json = true;
    else if (c == 'd') o.decide = true;
    else if (c == 'h') o.help = true;
    else if (c == 'w' && std::from_chars(value.data(), value.data() + value.size(), seconds).ptr == value.data() + value.size() && seconds >= 0 && seconds <= 3600)
      o.within = std::chrono::seconds(seconds);
    else return std::nullopt;
  }
  return optind == count ? std::optional(o) : std::nullopt;
}

health::Verdict look_until_good(const Options& o, const health::Memory& before) {
  const SteadyTime end = system_clock().steady() + o.within;
  while (true) {
    auto verdict = health::look(o.places, before, system_clock().now());
    if (verdict.good() || system_clock().steady() + kPause > end) return verdict;
    std::this_thread::sleep_for(kPause);
  }
}

void remember_failure(health::Verdict& verdict) {
  if (verdict.good()) return;
  verdict.memory.failed_version = verdict.version, verdict.memory.failed_at = verdict.memory.at;
  verdict.memory.failed.clear();
  for (const auto& f : verdict.findings)
    if (!f.good) verdict.memory.failed += fmt::format("{}{}: {}", verdict.memory.failed.empty() ? "" : "; ", f.name, f.what);
}

// Only a sealed box has somebody to tell.
Status confirm_version() {
  auto marked = device::ask(device::kSocket, {"health check", device::MarkBooted{true}}, kPatience);
  if (marked || marked.error().kind == ErrorKind::not_found) return {};
  return fail(std::move(marked.error()).context("confirming this version"));
}

int run(const Options& o) {
  health::Memory before;
  if (!o.write.empty())
    if (const auto record = read_file(o.write, kMaxRecord)) before = health::read_record(*record);
  auto verdict = look_until_good(o, before);
  remember_failure(verdict);
  const std::string record = health::write_record(verdict, system_clock().now());
  if (o.as_json) fmt::print("{}", record);
  else
    for (const auto& f : verdict.findings) fmt::print("{:<5} {:<11} {}\n", f.good ? "good" : "BAD", f.name, f.what);
  std::fflush(stdout);
  Status done;
  if (!o.write.empty()) done = write_file(o.write, record, 0600);
  if (done && o.decide && verdict.good()) done = confirm_version();
  if (!done) fmt::print(stderr, "health_check: {}\n", done.error().what);
  return verdict.good() && done ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  if (!options || options->help) {
    fmt::print(options ? stdout : stderr, "{}", kUsage);
    return options ? 0 : 2;
  }
  return run(*options);
}
