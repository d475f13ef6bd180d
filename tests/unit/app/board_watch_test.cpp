#include "agent/app/board_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>

#include "agent/app/lamp_keeper.hpp"
#include "tests/support/eventually.hpp"

namespace hf::app {
namespace {

constexpr Time kNow{std::chrono::seconds(1'772'445'600)};

TEST(BoardProblems, name_the_part_and_what_to_do) {
  board::Facts facts;
  facts.disks = {{"sda", board::DiskKind::sata, 40, false}, {"mmcblk0", board::DiskKind::emmc, 90, false}, {"nvme0n1", board::DiskKind::nvme, {}, true}};
  facts.temperatures = {{"lm75 temp1", 81, 80.0}, {"coretemp", 99, {}}};
  facts.clock_battery_low = true;
  const auto found = board_problems(facts, kNow);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].what, "nvme0n1: the disk says of itself that it fails; replace it");
  EXPECT_EQ(found[1].id, "board_hot");
  EXPECT_EQ(found[2].what, "mmcblk0: 90 % of the disk's life is used; plan its replacement");
  EXPECT_EQ(found[2].severity, web::Severity::warning);
  EXPECT_EQ(found[3].id, "board_battery");
}

TEST(BoardProblems, tell_a_day_long_that_the_watchdog_reset_the_machine) {
  board::Facts facts;
  facts.reset_by_watchdog = true, facts.up = std::chrono::hours(23);
  ASSERT_EQ(board_problems(facts, kNow).size(), 1u);
  EXPECT_EQ(board_problems(facts, kNow)[0].id, "board_reset");
  facts.up = std::chrono::hours(25);
  EXPECT_TRUE(board_problems(facts, kNow).empty());
}

TEST(BoardProblems, a_board_that_tells_nothing_has_none) { EXPECT_TRUE(board_problems({}, kNow).empty()); }

TEST(LampFor, puts_waiting_callers_before_the_boxs_own_troubles) {
  const web::Problem warning{"disk", web::Severity::warning, kNow, ""}, failure{"journal", web::Severity::failure, kNow, ""};
  EXPECT_EQ(lamp_for(0, {}), board::LampState::calm);
  EXPECT_EQ(lamp_for(0, {warning}), board::LampState::warning);
  EXPECT_EQ(lamp_for(0, {warning, failure}), board::LampState::box_ill);
  EXPECT_EQ(lamp_for(1, {failure}), board::LampState::incident);
}

struct FakeLamp final : board::Lamp {
  struct Seen {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::pair<board::LampState, bool>> lit;
    bool broken = false;
  };
  explicit FakeLamp(Seen& s) : seen(s) {}
  Status light(board::LampState state, bool on) override {
    const std::lock_guard lock(seen.mutex);
    seen.lit.emplace_back(state, on);
    seen.changed.notify_all();
    return seen.broken ? fail(ErrorKind::io, "lamp0: no such lamp") : Status{};
  }
  Seen& seen;
};

TEST(LampKeeper, blinks_in_the_rhythm_of_the_state_and_leaves_it_dark) {
  FakeLamp::Seen seen;
  {
    LampKeeper keeper(std::make_unique<FakeLamp>(seen), system_clock());
    keeper.show(board::LampState::incident);
    std::unique_lock lock(seen.mutex);
    const auto flashes = [&] { return std::ranges::count(seen.lit, std::pair(board::LampState::incident, true)) >= 2; };
    EXPECT_TRUE(seen.changed.wait_for(lock, std::chrono::seconds(10), flashes));
  }
  EXPECT_EQ(seen.lit.back(), std::pair(board::LampState::off, false));
}

TEST(LampKeeper, tells_of_a_lamp_that_cannot_be_lit) {
  FakeLamp::Seen seen;
  seen.broken = true;
  LampKeeper keeper(std::make_unique<FakeLamp>(seen), system_clock());
  std::unique_lock lock(seen.mutex);
  EXPECT_TRUE(seen.changed.wait_for(lock, std::chrono::seconds(10), [&] { return !seen.lit.empty(); }));
  lock.unlock();
  EXPECT_TRUE(test::eventually([&] { return keeper.problem().has_value(); }));
  EXPECT_EQ(keeper.problem().value_or("none"), "lamp0: no such lamp");
}

}  // namespace
}  // namespace hf::app
