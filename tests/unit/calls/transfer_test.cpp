// Holds and transfers: the talk goes on with another person, or ends.
#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

using std::chrono::seconds;

Floor talking() {
  Floor f;
  f.open_with_caller(2, 0, 4, "1");
  f.offer(5, "1", "leg", 1);
  f.answer(10, "1", "leg", 1);
  return f;
}

TEST(Hold, by_the_agent_is_time_on_hold_and_still_the_same_talk) {
  Floor f = talking();
  f.say(20, "hold_started channel=leg linked=1");
  f.say(20, "music_started channel=1 linked=1 context=x");
  f.say(28, "hold_ended channel=leg linked=1");
  f.say(28, "music_stopped channel=1 linked=1");
  f.far_end_hangs_up(40, "1");
  f.done(40, "1", "leg", 1, 1);
  f.end(40, "leg", "1");
  f.end(40, "1");
  EXPECT_EQ(f.ended("1")->hold, seconds(8));
  EXPECT_EQ(f.ended("1")->talk, seconds(30));
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::on_hold), (Spans{{20, 28}}));
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::talking), (Spans{{10, 40}}));
}

TEST(Hold, that_ends_with_the_call_is_counted_to_its_end) {
  Floor f = talking();
  f.say(20, "hold_started channel=leg linked=1");
  f.far_end_hangs_up(35, "1");
  f.end(35, "1");
  EXPECT_EQ(f.ended("1")->hold, seconds(15));
}

TEST(Hold, by_the_caller_is_no_wait_of_ours) {
  Floor f = talking();
  f.say(20, "hold_started channel=1 linked=1");
  f.far_end_hangs_up(35, "1");
  f.end(35, "1");
  EXPECT_EQ(f.ended("1")->hold, Duration{});
}

TEST(Transfer, blind_keeps_the_call_answered_and_counts_no_ringing_as_talk) {
  Floor f = talking();
  f.say(20, "transferred kind=0 transferer=leg transferee=1 extension=1002");
  f.done(20, "1", "leg", 1, 3);
  f.leave_bridge(20, "1", "leg");
  f.end(20, "leg", "1");
  f.say(20, "channel_started channel=leg2 linked=1 device=PJSIP/1002 dialled=s context=from-phones");
  f.say(25, "channel_state channel=leg2 state=2");
  f.say(25, "bridge_entered channel=leg2 linked=1 bridge=b2 channels=1");
  f.say(25, "bridge_entered channel=1 linked=1 bridge=b2 channels=2");
  f.far_end_hangs_up(60, "1");
  f.end(60, "leg2", "1");
  f.end(60, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::answered);
  EXPECT_EQ(f.ended("1")->agent, "PJSIP/1001");
  EXPECT_EQ(f.ended("1")->talk, seconds(45));
  EXPECT_EQ(f.count<CallConnected>(), 1u);
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::talking), (Spans{{10, 20}}));
  EXPECT_EQ(f.intervals("PJSIP/1002", AgentState::talking), (Spans{{25, 60}}));
}

TEST(Transfer, attended_goes_on_in_the_same_bridge) {
  Floor f = talking();
  f.say(20, "hold_started channel=leg linked=1");
  f.say(21, "channel_started channel=ask linked=ask device=PJSIP/1001 dialled=1002 context=from-phones");
  f.say(21, "channel_started channel=leg2 linked=ask device=PJSIP/1002 dialled=s context=from-phones");
  f.say(24, "channel_state channel=leg2 state=2");
  f.say(30, "hold_ended channel=leg linked=1");
  f.say(30, "bridge_left channel=leg linked=1 bridge=bleg");
  f.say(30, "bridge_entered channel=leg2 linked=1 bridge=bleg channels=2");
  f.done(30, "1", "leg", 1, 3);
  f.end(30, "leg", "1");
  f.end(30, "ask", "ask");
  f.far_end_hangs_up(70, "1");
  f.end(70, "leg2", "1");
  f.end(70, "1");
  EXPECT_EQ(f.ended("1")->talk, seconds(60));
  EXPECT_EQ(f.ended("1")->hold, seconds(10));
  EXPECT_EQ(f.ended("ask"), nullptr) << "the consultation is no customer's call";
  EXPECT_EQ(f.intervals("PJSIP/1002", AgentState::talking), (Spans{{24, 70}}));
}

TEST(Transfer, to_a_second_queue_is_no_second_wait_for_a_first_person) {
  Floor f = talking();
  f.done(20, "1", "leg", 1, 3);
  f.leave_bridge(20, "1", "leg");
  f.end(20, "leg", "1");
  f.join(20, "1", "printers");
  const Call& call = f.tracker.open_calls().at("1");
  EXPECT_FALSE(Tracker::waiting(call));
  EXPECT_EQ(call.caller_wait(), seconds(10));
  EXPECT_EQ(f.tracker.queue("printers")->waiting, 1u);
}

TEST(MemberDone, without_channels_is_matched_by_queue_and_member) {
  Floor f = talking();
  f.say(30, "member_done queue=support member=PJSIP/1001 talk=20000000 end=1");
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::talking), (Spans{{10, 30}}));
}

TEST(LocalMember, is_one_agent_with_its_phone) {
  Floor f;
  f.open(0);
  f.say(0, "member_state queue=support member=Local/1008@from-phones/n device=PJSIP/1008 state=1");
  f.arrive(0, "1");
  f.join(1, "1");
  f.say(2, "channel_started channel=l1 linked=1 device=Local/1008@from-phones dialled=1008 context=from-phones");
  f.say(2, "channel_started channel=l2 linked=1 device=Local/1008@from-phones dialled=1008 context=from-phones");
  f.say(2, "member_offered channel=1 queue=support member=Local/1008@from-phones/n leg=l1");
  f.say(2, "channel_started channel=phone linked=1 device=PJSIP/1008 dialled=s context=from-phones");
  EXPECT_EQ(f.state_of("PJSIP/1008"), AgentState::ringing);
  f.say(5, "channel_state channel=phone state=2");
  f.say(5, "queue_left channel=1 queue=support");
  f.say(5, "member_connected channel=1 queue=support member=Local/1008@from-phones/n leg=l1");
  f.say(6, "channel_ended channel=l1 linked=1");  // optimised away: the talk goes on
  f.say(6, "channel_ended channel=l2 linked=1");
  EXPECT_EQ(f.state_of("PJSIP/1008"), AgentState::talking);
  f.say(30, "member_done channel=1 queue=support member=PJSIP/1008 leg=phone end=2");  // named by the phone now
  EXPECT_EQ(f.intervals("PJSIP/1008", AgentState::talking), (Spans{{5, 30}}));
  EXPECT_EQ(f.tracker.open_calls().at("1").agent, "PJSIP/1008");
}

TEST(RingAll, frees_those_who_were_not_quick_enough) {
  Floor f;
  f.open_with_caller(2, 0, 1, "1");
  f.offer(2, "1", "a", 1);
  f.offer(2, "1", "b", 2);
  EXPECT_EQ(f.free(), 0u);
  f.say(5, "channel_state channel=a state=2");
  f.say(5, "dial_ended channel=b outcome=4");
  f.end(5, "b", "1");
  f.answer(5, "1", "a", 1);
  EXPECT_EQ(f.state_of("PJSIP/1002"), AgentState::free);
  EXPECT_EQ(f.count<OfferMissed>(), 0u);
}

TEST(Agent, who_logs_out_while_it_rings_still_talks_as_himself) {
  Floor f;
  f.open(0);
  f.say(0, "member_state queue=support member=Local/1008@from-phones/n device=PJSIP/1008 state=1");
  f.arrive(0, "1");
  f.join(1, "1");
  f.say(2, "member_removed queue=support member=Local/1008@from-phones/n");
  f.say(3, "queue_left channel=1 queue=support");
  f.say(3, "member_connected channel=1 queue=support member=Local/1008@from-phones/n leg=l1");
  EXPECT_EQ(f.tracker.open_calls().at("1").agent, "PJSIP/1008");
  EXPECT_TRUE(f.tracker.agents().empty());
}

}  // namespace
}  // namespace hf::calls
