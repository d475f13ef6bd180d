#include "hal/pbx/smdr/smdr_calls.hpp"

#include <gtest/gtest.h>

namespace hf::pbx {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Time kNow{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + hours(10)};

SmdrRecord record(const std::string& call, seconds ring, seconds talk, bool more = false) {
  SmdrRecord r;
  r.call = call, r.start = kNow - hours(1), r.ring = ring, r.talk = talk, r.answered = talk > seconds(0), r.more = more;
  r.device = r.answered ? "E201" : "";
  return r;
}

TEST(SmdrCalls, a_record_without_another_is_a_call) {
  SmdrCalls calls;
  std::vector<CallEvent> out;
  calls.take(record("7", seconds(900), seconds(60)), "x", kNow, out);
  ASSERT_EQ(out.size(), 1u);
  const auto& call = std::get<CallRecorded>(out[0].body);
  EXPECT_EQ(call.call, "7");
  EXPECT_EQ(call.wait, seconds(900));
  EXPECT_EQ(out[0].at, kNow);
  EXPECT_EQ(out[0].pbx_at, kNow - hours(1) + seconds(960));
}

TEST(SmdrCalls, joins_the_parts_of_a_call_that_moved_on) {
  SmdrCalls calls;
  std::vector<CallEvent> out;
  calls.take(record("7", seconds(30), seconds(0), true), "x", kNow, out);  // rang at a group in vain
  calls.take(record("7", seconds(20), seconds(60), true), "x", kNow, out);
  calls.take(record("8", seconds(5), seconds(9)), "x", kNow, out);  // another call in between
  SmdrRecord last = record("7", seconds(10), seconds(120));
  last.device = "E305", last.hold = seconds(15);
  calls.take(last, "x", kNow, out);
  ASSERT_EQ(out.size(), 2u);
  const auto& call = std::get<CallRecorded>(out[1].body);
  EXPECT_EQ(call.wait, seconds(50));
  EXPECT_EQ(call.talk, seconds(195));
  EXPECT_EQ(call.hold, seconds(15));
  EXPECT_EQ(call.device, "E201") << "who answered first";
  EXPECT_EQ(call.transfers, 1u);
  EXPECT_EQ(calls.open(), 0u);
}

TEST(SmdrCalls, does_not_wait_for_ever_for_a_part_that_was_lost) {
  SmdrCalls calls;
  std::vector<CallEvent> out;
  calls.take(record("7", seconds(30), seconds(60), true), "x", kNow, out);
  calls.advance(kNow + hours(1), out);
  EXPECT_TRUE(out.empty());
  calls.advance(kNow + hours(2), out);
  EXPECT_EQ(out.size(), 1u);
}

TEST(SmdrCalls, keeps_no_more_open_than_a_pbx_can_have) {
  SmdrCalls calls;
  std::vector<CallEvent> out;
  for (int i = 0; i < 3'000; ++i) calls.take(record(std::to_string(i), seconds(1), seconds(1), true), "x", kNow + seconds(i), out);
  EXPECT_LE(calls.open(), 2'000u);
  EXPECT_EQ(out.size() + calls.open(), 3'000u) << "none is lost";
}

TEST(SmdrCalls, a_wait_at_its_columns_limit_is_told_as_cut_unless_the_times_tell_more) {
  SmdrCalls calls;
  std::vector<CallEvent> out;
  SmdrRecord cut = record("7", seconds(599), seconds(60));
  cut.clipped = true;
  calls.take(cut, "x", kNow, out);
  EXPECT_TRUE(std::get<CallRecorded>(out[0].body).wait_cut);
  cut.call = "8", cut.total = seconds(960);
  calls.take(cut, "x", kNow, out);
  EXPECT_EQ(std::get<CallRecorded>(out[1].body).wait, seconds(900));
  EXPECT_FALSE(std::get<CallRecorded>(out[1].body).wait_cut);
}

TEST(SmdrCalls, names_calls_that_their_pbx_does_not_name) {
  SmdrCalls calls;
  std::vector<CallEvent> out;
  calls.take(record("", seconds(1), seconds(1)), "smdr-17", kNow, out);
  EXPECT_EQ(std::get<CallRecorded>(out[0].body).call, "smdr-17");
}

}  // namespace
}  // namespace hf::pbx
