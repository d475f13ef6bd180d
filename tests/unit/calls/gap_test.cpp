// Gaps, crashes and pictures; a source that shows queues only; times that come late.
#include "agent/calls/event_time.hpp"
#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

Floor two_waiting() {
  Floor f;
  f.open_with_caller(1, 10, 14, "1");
  f.arrive(20, "2");
  return f;
}

void come_back(Floor& f, double t, const std::string& booted) {
  f.say(t, "source_up product=test channel_events=1 agent_state=1");
  f.say(t, "pbx_life state=0 booted=" + booted);
}

TEST(Gap, that_hid_a_crash_loses_all_calls_at_the_last_sight) {
  Floor f = two_waiting();
  f.say(60, "source_down reason=closed");
  EXPECT_EQ(f.count<ObservationLost>(), 1u);
  EXPECT_EQ(f.tracker.open_calls().size(), 2u) << "not known yet";
  come_back(f, 66, "1000064.000000");
  EXPECT_EQ(f.outcome("1"), Outcome::lost_by_restart);
  EXPECT_EQ(f.outcome("2"), Outcome::lost_by_restart);
  EXPECT_EQ(f.ended("1")->ended, at(60));
  const auto* back = std::get_if<ObservationBack>(&f.changes.back().what);
  ASSERT_NE(back, nullptr);
  EXPECT_TRUE(back->pbx_restarted);
  EXPECT_EQ(back->lost_at, at(60));
}

TEST(Gap, spares_a_call_that_began_on_the_new_pbx) {
  Floor f = two_waiting();
  f.say(60, "source_down reason=closed");
  f.say(66, "source_up product=test channel_events=1 agent_state=1");
  f.arrive(66.5, "9");
  f.say(67, "pbx_life state=0 booted=1000064.000000");
  EXPECT_EQ(f.tracker.open_calls().count("9"), 1u);
  EXPECT_EQ(f.tracker.open_calls().size(), 1u);
}

TEST(Gap, of_the_line_alone_keeps_who_is_in_the_next_picture) {
  Floor f = two_waiting();
  f.say(60, "source_down reason=cable");
  come_back(f, 90, "900000.000000");
  f.say(90, "resync_started scope=0");
  f.say(90, "caller_seen channel=1 queue=support wait=76000000");
  f.say(90, "resync_ended scope=0");
  f.say(90, "resync_started scope=1");
  f.say(90, "channel_seen channel=1 linked=1 device=PJSIP/trunk dialled=s context=line state=2 age=80000000");
  f.say(90, "resync_ended scope=1");
  f.advance(100);
  ASSERT_EQ(f.tracker.open_calls().count("1"), 1u);
  const Call& kept = f.tracker.open_calls().at("1");
  EXPECT_EQ(kept.arrived, at(10));
  EXPECT_TRUE(kept.half_seen);
  EXPECT_EQ(kept.stints.size(), 1u);
  ASSERT_NE(f.ended("2"), nullptr);
  EXPECT_TRUE(f.ended("2")->half_seen);
  EXPECT_EQ(f.ended("2")->ended, at(60));
}

TEST(Gap, in_which_a_caller_was_answered_shows_in_the_picture) {
  Floor f = two_waiting();
  f.say(60, "source_down reason=cable");
  come_back(f, 90, "900000.000000");
  f.say(90, "resync_started scope=1");
  f.say(90, "channel_seen channel=1 linked=1 device=PJSIP/trunk context=line state=2 age=80000000 bridge=b");
  f.say(90, "channel_seen channel=leg linked=1 device=PJSIP/1001 context=from-phones state=2 age=20000000 bridge=b");
  f.say(90, "resync_ended scope=1");
  f.advance(100);
  const Call& call = f.tracker.open_calls().at("1");
  EXPECT_TRUE(call.connected);
  EXPECT_TRUE(call.half_seen);
  EXPECT_EQ(call.agent, "PJSIP/1001");
}

TEST(Picture, at_the_start_brings_callers_with_their_age) {
  Floor f;
  SiteModel model;
  model.trunks = {"PJSIP/trunk"};
  model.lines = {{"5550101", "", "", {}, {}}};
  f.tracker.set_site_model(model);
  f.say(100, "source_up product=test channel_events=1 agent_state=1");
  f.say(100, "resync_started scope=1");
  f.say(100,
        "channel_seen channel=1 linked=1 device=PJSIP/trunk dialled=5550101 context=from-trunk state=2 age=300000000");
  f.say(100, "resync_ended scope=1");
  const Call& call = f.tracker.open_calls().at("1");
  EXPECT_EQ(call.arrived, at(-200));
  EXPECT_FALSE(call.arrival_seen);
  EXPECT_EQ(call.line, "5550101");
}

TEST(Picture, taken_while_a_call_ends_does_not_end_it_otherwise) {
  Floor f = two_waiting();
  f.say(50, "resync_started scope=1");
  f.say(50, "channel_seen channel=2 linked=2 device=PJSIP/trunk state=2");
  f.say(50, "resync_ended scope=1");
  f.far_end_hangs_up(50.01, "1");  // was on its way when the picture was drawn
  f.end(50.01, "1");
  f.advance(100);
  EXPECT_EQ(f.outcome("1"), Outcome::abandoned);
  EXPECT_EQ(f.tracker.open_calls().count("2"), 1u);
}

TEST(Picture, ends_calls_whose_hangup_never_came) {
  Floor f = two_waiting();
  f.say(50, "resync_started scope=1");
  f.say(50, "channel_seen channel=2 linked=2 device=PJSIP/trunk state=2");
  f.say(50, "resync_ended scope=1");
  f.advance(100);
  ASSERT_NE(f.ended("1"), nullptr);
  EXPECT_TRUE(f.ended("1")->half_seen);
}

Floor log() {
  Floor f;
  f.say(0, "source_up product=queue_log");
  return f;
}

TEST(QueueLog, knows_a_call_from_the_queue_to_the_end_of_the_talk) {
  Floor f = log();
  f.join(10, "1");
  f.say(20, "queue_left channel=1 queue=support");
  f.say(20, "member_connected channel=1 queue=support member=Anna name=Anna leg=l queue_wait=10000000");
  f.say(50, "member_done channel=1 queue=support member=Anna talk=30000000 end=2");
  ASSERT_NE(f.ended("1"), nullptr);
  EXPECT_EQ(f.ended("1")->talk, std::chrono::seconds(30));
  EXPECT_FALSE(f.ended("1")->arrival_seen);
}

TEST(QueueLog, waits_for_the_next_queue_after_a_timeout) {
  Floor f = log();
  f.join(10, "1", "holding");
  f.say(310, "queue_exited channel=1 queue=holding reason=0");
  f.say(310, "queue_left channel=1 queue=holding");
  f.join(311, "1");
  EXPECT_EQ(f.tracker.open_calls().at("1").stints.size(), 2u);
  f.say(315, "queue_exited channel=1 queue=support reason=1");
  f.advance(2000);
  EXPECT_EQ(f.outcome("1"), Outcome::exit_key);
  EXPECT_EQ(f.ended("1")->ended, at(315));
}

TEST(QueueLog, takes_abandons_of_the_last_second_for_the_restarts) {
  Floor f = log();
  f.join(10, "1");
  f.join(11, "2");
  f.join(12, "3");
  f.say(20, "queue_abandoned channel=3 queue=support");
  f.say(30, "queue_abandoned channel=1 queue=support");
  f.say(30, "queue_abandoned channel=2 queue=support");
  f.say(36, "pbx_life state=1");
  EXPECT_EQ(f.outcome("1"), Outcome::lost_by_restart);
  EXPECT_EQ(f.outcome("2"), Outcome::lost_by_restart);
  EXPECT_EQ(f.outcome("3"), Outcome::abandoned);
}

TEST(QueueLog, gives_up_a_caller_whose_end_was_never_written) {
  Floor f = log();
  f.join(10, "1");
  f.advance(23 * 3600);
  EXPECT_EQ(f.tracker.queue("support")->waiting, 1u);
  f.advance(26 * 3600);
  EXPECT_EQ(f.tracker.queue("support")->waiting, 0u);
  EXPECT_EQ(f.outcome("1"), Outcome::lost_by_restart);
}

TEST(QueueLog, leaves_abandons_before_a_crash_alone) {
  Floor f = log();
  f.join(10, "1");
  f.join(11, "2");
  f.say(30, "queue_abandoned channel=1 queue=support");
  f.say(36, "pbx_life state=1");
  EXPECT_EQ(f.outcome("1"), Outcome::abandoned);
  EXPECT_EQ(f.outcome("2"), Outcome::lost_by_restart);
}

pbx::CallEvent event(double received, double told) { return {at(received), at(told), pbx::QueueJoined{}}; }

TEST(EventTime, is_the_time_of_receipt_while_events_come_promptly) {
  EventTime time;
  EXPECT_EQ(time.of(event(100, 3700)), at(100)) << "the PBX's clock may be wrong";
  EXPECT_EQ(time.of(event(110.4, 3710)), at(110.4));
}

TEST(EventTime, is_the_pbxs_own_when_events_were_read_late) {
  EventTime time;
  EXPECT_EQ(time.of(event(100, 3700)), at(100));
  EXPECT_EQ(time.of(event(700, 3720)), at(120));  // ten minutes in a buffer
  EXPECT_EQ(time.of(event(700, 4000)), at(400));
  EXPECT_EQ(time.of(event(700.1, 4300)), at(700.1));
}

TEST(EventTime, never_goes_back) {
  EventTime time;
  EXPECT_EQ(time.of(event(100, 100)), at(100));
  EXPECT_EQ(time.of(event(200, 90)), at(100));
}

TEST(EventTime, gets_used_to_a_pbx_whose_clock_was_set_back) {
  EventTime time;
  EXPECT_EQ(time.of(event(100, 100)), at(100));
  for (int t = 101; t < 300; ++t) static_cast<void>(time.of(event(t, t - 3600)));
  EXPECT_EQ(time.of(event(300, 300 - 3600)), at(300));
}

}  // namespace
}  // namespace hf::calls
