#include "agent/incidents/floor_record.hpp"

#include <gtest/gtest.h>

namespace hf::incidents {
namespace {

const Time kTen = from_unix_seconds(1'735'552'800);
Time at(double s) { return kTen + from_seconds(s); }

metrics::Minute minute(int m, double staffed, double busy, double waiting = 0) {
  metrics::Minute out;
  out.start = at(m * 60), out.observed_seconds = 60;
  out.staffed = from_seconds(60 * staffed), out.busy = from_seconds(60 * busy);
  out.waiting = from_seconds(60 * waiting);
  return out;
}

RecentCall answered(double came, double wait, double talk) {
  return {.came = at(came),
          .wait_s = static_cast<float>(wait),
          .held_s = 0,
          .talk_s = static_cast<float>(talk),
          .answered = true,
          .open = false};
}

TEST(FloorRecord, cuts_out_an_interval_with_who_waited_and_who_talked_at_its_beginning) {
  FloorRecord record;
  for (int m = 0; m < 20; ++m) record.on(minute(m, 4, 2));
  record.on(answered(0, 10, 100));    // over before
  record.on(answered(500, 10, 200));  // talks on at 600
  record.on(answered(590, 30, 100));  // waits at 600
  record.on(answered(700, 5, 100));
  record.on(answered(1190, 5, 100));  // after
  const SeenFloor seen = record.seen(at(600), at(900), {});
  ASSERT_EQ(seen.busy_until.size(), 1u);
  EXPECT_DOUBLE_EQ(seen.busy_until[0], 110);
  ASSERT_EQ(seen.calls.size(), 2u);
  EXPECT_DOUBLE_EQ(seen.calls[0].arrived, -10);
  EXPECT_DOUBLE_EQ(seen.calls[1].arrived, 100);
  EXPECT_EQ(seen.agents.size(), 5u);
  EXPECT_EQ(seen.taking, std::vector<double>(5, -1)) << "nobody waited";
}

TEST(FloorRecord, sees_how_many_at_work_take_calls_while_callers_wait) {
  FloorRecord record;
  for (int m = 0; m < 10; ++m) record.on(minute(m, 4, 4, 2));
  for (int m = 10; m < 20; ++m) record.on(minute(m, 4, 1, 3));
  EXPECT_NEAR(*record.usual(at(600), std::chrono::hours(1)).taking, 1, 1e-6);
  const SeenFloor seen = record.seen(at(600), at(1200), {});
  ASSERT_EQ(seen.taking.size(), 10u);
  EXPECT_NEAR(seen.taking[0], 0.25, 1e-6);
}

TEST(FloorRecord, knows_what_was_usual_only_after_ten_minutes_and_ten_calls) {
  FloorRecord record;
  for (int m = 0; m < 9; ++m) record.on(minute(m, 5, 2));
  for (int k = 0; k < 9; ++k) record.on(answered(k * 60, 1, 120));
  EXPECT_FALSE(record.usual(at(540), std::chrono::hours(1)).agents);
  for (int m = 9; m < 20; ++m) record.on(minute(m, 5, 2));
  EXPECT_FALSE(record.usual(at(1200), std::chrono::hours(1)).arrivals);
  record.on(answered(1000, 1, 120));
  const UsualFloor usual = record.usual(at(1200), std::chrono::hours(1));
  EXPECT_NEAR(*usual.arrivals, 30, 1e-9);
  EXPECT_NEAR(*usual.agents, 5, 1e-6);
  EXPECT_NEAR(*usual.handling_s, 120, 1e-6);
  EXPECT_FALSE(usual.taking) << "nobody ever waited";
}

TEST(FloorRecord, counts_talkers_where_the_source_knows_no_agents) {
  FloorRecord record;
  for (int m = 0; m < 30; ++m) {
    metrics::Minute bare;
    bare.start = at(m * 60);
    record.on(bare);
  }
  for (int k = 0; k < 3; ++k) record.on(answered(600, 0, 300));
  const SeenFloor seen = record.seen(at(0), at(1800), {});
  EXPECT_EQ(seen.agents[12], 3);
  EXPECT_TRUE(seen.taking.empty());
  EXPECT_FALSE(record.usual(at(1800), std::chrono::hours(1)).agents);
}

TEST(FloorRecord, stays_within_its_bounds) {
  FloorRecord record;
  for (int m = 0; m < 2000; ++m) record.on(minute(m, 5, 2));
  for (int k = 0; k < 5000; ++k) record.on(answered(k * 10, 1, 120));
  EXPECT_LT(to_bytes(record).size(), 60u * 1024);
}

TEST(FloorRecord, a_revision_of_an_old_minute_changes_nothing) {
  FloorRecord record;
  record.on(minute(0, 5, 2)), record.on(minute(1, 5, 2));
  const std::string before = to_bytes(record);
  record.on(minute(0, 9, 9));
  EXPECT_EQ(to_bytes(record), before);
}

}  // namespace
}  // namespace hf::incidents
