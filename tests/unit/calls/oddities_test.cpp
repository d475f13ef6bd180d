// What cannot be is counted, believed as far as it can be, and breaks nothing.
#include "agent/calls/oddities.hpp"

#include "floor.hpp"

namespace hf::calls {
namespace {

TEST(Oddities, an_ordinary_call_has_none) {
  Floor f;
  f.open(2), f.arrive(100, "1"), f.join(104, "1"), f.offer(105, "1", "1b", 1), f.answer(108, "1", "1b", 1);
  f.say(200, "channel_ended channel=1 linked=1 cause=16");
  f.say(200, "channel_ended channel=1b linked=1 cause=16");
  for (const auto& [name, count] : f.tracker.oddities().named()) EXPECT_EQ(count, 0u) << name;
}

TEST(Oddities, a_clock_that_goes_back_moves_nothing_back) {
  Floor f;
  f.open(1), f.arrive(100, "1"), f.join(60, "1");
  EXPECT_EQ(f.tracker.oddities().clock_back, 1u);
  EXPECT_EQ(f.tracker.open_calls().at("1").stints.at(0).joined, at(100));
}

TEST(Oddities, a_pbx_clock_that_goes_back_by_seconds_is_counted_and_by_less_is_not) {
  Floor f;
  f.open(1);
  f.say(10, "queue_available pbx_at=1000010.000000 queue=support");
  f.say(11, "queue_available pbx_at=1000009.000000 queue=support");
  EXPECT_EQ(f.tracker.oddities().clock_back, 0u);
  f.say(12, "queue_available pbx_at=1000002.000000 queue=support");
  EXPECT_EQ(f.tracker.oddities().clock_back, 1u);
}

TEST(Oddities, a_duration_below_zero_is_taken_as_zero) {
  Floor f;
  f.open(1), f.arrive(100, "1"), f.join(104, "1");
  f.say(110, "member_connected channel=1 queue=support member=PJSIP/1001 leg=1b queue_wait=-50000000 rang=-3000000");
  EXPECT_EQ(f.tracker.oddities().negative, 1u);
  EXPECT_EQ(f.tracker.open_calls().at("1").connected, at(110));
}

TEST(Oddities, orders_that_cannot_be) {
  Floor f;
  f.open(1), f.advance(100), f.arrive(100, "1"), f.arrive(101, "1");
  EXPECT_EQ(f.tracker.oddities().started_twice, 1u);
  f.say(102, "queue_left channel=1 queue=support");
  EXPECT_EQ(f.tracker.oddities().left_unjoined, 1u);
  f.join(103, "1"), f.join(104, "1");
  EXPECT_EQ(f.tracker.oddities().joined_twice, 1u);
  f.say(105, "channel_ended channel=nobody linked=nobody cause=16");
  EXPECT_EQ(f.tracker.oddities().ended_unknown, 1u);
}

TEST(Oddities, after_a_gap_an_unknown_end_is_no_oddity) {
  Floor f;
  f.open(1), f.say(100, "source_down reason=cable"), f.say(200, "source_up product=test channel_events=1");
  f.advance(300), f.say(300, "channel_ended channel=nobody linked=nobody cause=16");
  EXPECT_EQ(f.tracker.oddities().ended_unknown, 0u);
}

TEST(Oddities, members_that_never_log_out_are_told_after_a_day) {
  Floor f;
  f.open(3), f.arrive(100, "1"), f.join(104, "1");
  f.advance(23 * 3600);
  EXPECT_EQ(f.tracker.oddities().members_for_ever, 0u);
  f.advance(26 * 3600);
  EXPECT_EQ(f.tracker.oddities().members_for_ever, 3u);
}

TEST(Transfers, and_who_ended_the_talk_are_part_of_the_call) {
  Floor f;
  f.open(2), f.arrive(100, "1");
  f.say(100.5, "channel_state channel=1 state=2");
  f.join(104, "1"), f.offer(105, "1", "1b", 1), f.answer(108, "1", "1b", 1);
  f.say(120, "transferred transferer=1b transferee=1");
  f.say(130, "member_done channel=1 queue=support member=PJSIP/1001 leg=1b end=2");
  const Call& call = f.tracker.open_calls().at("1");
  EXPECT_EQ(call.transfers, 1u);
  EXPECT_EQ(call.talk_end, pbx::TalkEnd::agent);
  EXPECT_EQ(call.picked_up, at(100.5));
}

TEST(Trunks, a_leg_ends_with_its_cause) {
  Floor f;
  f.open(1), f.arrive(100, "1");
  f.say(101, "channel_started channel=2 linked=9 device=PJSIP/trunk dialled=s context=out");
  f.say(102, "dial_ended channel=2 outcome=3");
  f.say(103, "channel_ended channel=2 linked=9 cause=34");
  f.say(104, "channel_ended channel=1 linked=1 cause=16");
  std::vector<TrunkLegEnded> legs;
  for (const Change& c : f.changes)
    if (const auto* leg = std::get_if<TrunkLegEnded>(&c.what)) legs.push_back(*leg);
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].cause, 34);
  EXPECT_TRUE(legs[0].dial_failed);
  EXPECT_EQ(legs[1].cause, 16);
  EXPECT_FALSE(legs[1].dial_failed);
}

}  // namespace
}  // namespace hf::calls
