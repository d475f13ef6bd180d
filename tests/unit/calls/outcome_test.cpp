// How calls end: what a person on the floor would say of each.
#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

TEST(Outcome, answered_measures_the_wait_from_the_first_arrival) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.offer(15, "1", "leg", 1);
  f.answer(20.5, "1", "leg", 1);
  f.far_end_hangs_up(50, "1");
  f.done(50, "1", "leg", 1, 1);
  f.leave_bridge(50, "1", "leg");
  f.end(50, "leg", "1");
  f.end(50, "1");
  const Call* call = f.ended("1");
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->outcome, Outcome::answered);
  EXPECT_EQ(call->caller_wait(), std::chrono::milliseconds(10'500));
  EXPECT_EQ(call->line, "5550101");
  EXPECT_EQ(call->agent, "PJSIP/1001");
  EXPECT_EQ(call->answering_queue, "support");
  EXPECT_EQ(call->talk, std::chrono::milliseconds(29'500));
  EXPECT_EQ(f.tracker.queue_of_line("5550101"), "support");
}

TEST(Outcome, abandoned_when_the_caller_hung_up_before_the_queue_let_go) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.far_end_hangs_up(30, "1");
  f.timed_out(30, "1");
  f.end(30, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::abandoned);
  EXPECT_EQ(f.ended("1")->stints.at(0).end, StintEnd::abandoned);
}

TEST(Outcome, timeout_when_the_queue_let_go_and_the_channel_lived_on) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.timed_out(34, "1");
  f.pbx_hangs_up(37, "1");  // after the announcement
  f.end(37, "1");
  f.advance(60);
  EXPECT_EQ(f.outcome("1"), Outcome::timeout);
  EXPECT_EQ(f.ended("1")->ended, at(37)) << "the end is when it ended, not when it was sure";
}

TEST(Outcome, timeout_of_a_holding_queue_is_no_end) {
  Floor f;
  f.open(1);
  f.arrive(0, "1");
  f.join(4, "1", "holding");
  f.timed_out(304, "1", "holding");
  EXPECT_TRUE(Tracker::waiting(f.tracker.open_calls().at("1")));
  f.join(304.01, "1");
  f.offer(305, "1", "leg", 1);
  f.answer(308, "1", "leg", 1);
  const Call& call = f.tracker.open_calls().at("1");
  ASSERT_EQ(call.stints.size(), 2u);
  EXPECT_EQ(call.stints[0].end, StintEnd::timeout);
  EXPECT_EQ(call.stints[1].end, StintEnd::answered);
  EXPECT_EQ(call.caller_wait(), std::chrono::seconds(308));
}

TEST(Outcome, exit_key_when_the_queue_was_left_without_abandon_or_agent) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.say(24, "queue_left channel=1 queue=support");
  f.pbx_hangs_up(27, "1");
  f.end(27, "1");
  f.advance(60);
  EXPECT_EQ(f.outcome("1"), Outcome::exit_key);
  EXPECT_EQ(f.ended("1")->stints.at(0).left, at(24));
}

TEST(Outcome, exit_key_also_when_the_caller_hangs_up_after_it) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.say(24, "queue_left channel=1 queue=support");
  f.far_end_hangs_up(24.5, "1");
  f.end(24.5, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::exit_key);
}

TEST(Outcome, refused_when_turned_away_without_any_queue_event) {
  Floor f;
  f.open(1);
  f.arrive(10, "1");
  f.pbx_hangs_up(17, "1");
  f.end(17, "1");
  f.advance(60);
  EXPECT_EQ(f.outcome("1"), Outcome::refused);
}

TEST(Outcome, abandoned_when_given_up_before_the_queue) {
  Floor f;
  f.open(1);
  f.arrive(10, "1");
  f.far_end_hangs_up(310, "1");
  f.end(310, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::abandoned);
  EXPECT_EQ(f.ended("1")->caller_wait(), std::chrono::seconds(300));
}

TEST(Outcome, refused_when_the_queue_was_left_because_nobody_serves_it) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.timed_out(24, "1");
  f.say(24, "queue_exited channel=1 reason=4");
  f.pbx_hangs_up(27, "1");
  f.end(27, "1");
  f.advance(60);
  EXPECT_EQ(f.outcome("1"), Outcome::refused);
}

TEST(Outcome, lost_by_restart_when_the_pbx_hangs_up_and_then_says_that_it_stops) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.arrive(12, "2");  // not in a queue yet
  f.pbx_hangs_up(30, "1");
  f.timed_out(30, "1");
  f.end(30, "1");
  f.end(30, "2");
  f.say(30.1, "pbx_life state=2");
  EXPECT_EQ(f.outcome("1"), Outcome::lost_by_restart);
  EXPECT_EQ(f.outcome("2"), Outcome::lost_by_restart);
  EXPECT_EQ(f.ended("1")->stints.at(0).end, StintEnd::lost);
}

TEST(Outcome, stays_abandoned_when_the_caller_left_just_before_the_pbx_stopped) {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.far_end_hangs_up(29.9, "1");
  f.timed_out(29.9, "1");
  f.end(29.9, "1");
  f.say(30.1, "pbx_life state=2");
  EXPECT_EQ(f.outcome("1"), Outcome::abandoned);
}

TEST(Outcome, answered_stays_answered_after_a_survey) {
  Floor f;
  f.open_with_caller(1, 0, 4, "1");
  f.offer(5, "1", "leg", 1);
  f.answer(8, "1", "leg", 1);
  f.done(38, "1", "leg", 1);
  f.leave_bridge(38, "1", "leg");
  f.end(38, "leg", "1");
  f.say(38, "queue_exited channel=1 reason=7");
  f.say(38, "channel_step channel=1 kind=4 context=survey");
  EXPECT_FALSE(Tracker::waiting(f.tracker.open_calls().at("1")));
  f.pbx_hangs_up(55, "1");
  f.end(55, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::answered);
  EXPECT_EQ(f.ended("1")->talk, std::chrono::seconds(30)) << "the survey is no talk";
}

TEST(Outcome, of_a_caller_leaving_a_message_after_the_timeout_is_the_timeout) {
  Floor f;
  f.open_with_caller(1, 0, 4, "1");
  f.timed_out(24, "1");
  f.say(24, "channel_step channel=1 kind=5 context=mailbox");
  EXPECT_FALSE(Tracker::waiting(f.tracker.open_calls().at("1")));
  f.far_end_hangs_up(50, "1");
  f.end(50, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::timeout);
}

TEST(Outcome, of_an_inbound_call_answered_without_a_queue_is_answered) {
  Floor f;
  f.open(1);
  f.arrive(0, "1", "5550177");
  f.say(1, "channel_started channel=leg linked=1 device=PJSIP/1001 dialled=s context=from-phones");
  f.say(6, "channel_state channel=leg state=2");
  f.say(6, "bridge_entered channel=leg linked=1 bridge=b channels=1");
  f.say(6, "bridge_entered channel=1 linked=1 bridge=b channels=2");
  f.far_end_hangs_up(20, "1");
  f.end(20, "1");
  EXPECT_EQ(f.outcome("1"), Outcome::answered);
  EXPECT_EQ(f.ended("1")->caller_wait(), std::chrono::seconds(6));
  EXPECT_EQ(f.ended("1")->agent, "PJSIP/1001");
  EXPECT_TRUE(f.ended("1")->answering_queue.empty());
}

TEST(Outcome, two_callers_parked_together_are_not_talking) {
  Floor f;
  f.open(1);
  f.arrive(0, "1");
  f.arrive(1, "2");
  f.say(5, "bridge_entered channel=1 linked=1 bridge=lot channels=1");
  f.say(6, "bridge_entered channel=2 linked=2 bridge=lot channels=2");
  EXPECT_EQ(f.count<CallConnected>(), 0u);
}

}  // namespace
}  // namespace hf::calls
