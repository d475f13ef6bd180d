#include "agent/app/board_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::app {

namespace {
constexpr uint8_t kWorn = 80, kWornOut = 100;  // per cent of a disk's life
constexpr auto kToldFor = std::chrono::hours(24);
}

std::vector<web::Problem> board_problems(const board::Facts& facts, Time now) {
  using enum web::Severity;
  std::vector<web::Problem> found;
  for (const auto& disk : facts.disks) {
    if (disk.failing.value_or(false)) found.push_back({"board_disk", failure, now, fmt::format("{}: the disk says of itself that it fails; replace it", disk.name)});
    else if (disk.worn_percent.value_or(0) >= kWorn)
      found.push_back({"board_disk", *disk.worn_percent >= kWornOut ? failure : warning, now, fmt::format("{}: {} % of the disk's life is used; plan its replacement", disk.name, *disk.worn_percent)});
  }
  for (const auto& t : facts.temperatures)
    if (t.limit && t.celsius >= *t.limit) found.push_back({"board_hot", failure, now, fmt::format("{}: {:.0f} degrees, its limit is {:.0f}; look after the cooling", t.sensor, t.celsius, *t.limit)});
  if (facts.clock_battery_low.value_or(false)) found.push_back({"board_battery", warning, now, "the clock's battery is low: after a power cut the time will be wrong"});
  if (facts.reset_by_watchdog.value_or(false) && facts.up.value_or(Duration{}) < kToldFor)
    found.push_back({"board_reset", warning, now, "the machine stood still and was reset by its watchdog"});
  std::ranges::stable_sort(found, std::ranges::greater{}, [](const web::Problem& p) { return p.severity == failure; });
  return found;
}

board::LampState lamp_for(size_t open_incidents, const std::vector<web::Problem>& problems) {
  if (open_incidents > 0) return board::LampState::incident;
  if (problems.empty()) return board::LampState::calm;
  const bool ill = std::ranges::any_of(problems, [](const web::Problem& p) { return p.severity == web::Severity::failure; });
  return ill ? board::LampState::box_ill : board::LampState::warning;
}

}  // namespace hf::app
