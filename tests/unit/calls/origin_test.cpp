// Which calls are customers', where no site model says so.
#include "agent/calls/devices.hpp"
#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

TEST(Origin, a_call_that_joins_a_queue_makes_its_device_a_trunk) {
  Floor f;
  f.open(1, false);
  f.arrive(10, "1");
  EXPECT_EQ(f.count<CallArrived>(), 0u) << "it may be a phone";
  f.join(14, "1");
  ASSERT_EQ(f.count<CallArrived>(), 1u);
  EXPECT_EQ(f.tracker.open_calls().at("1").arrived, at(10));
  EXPECT_EQ(f.tracker.open_calls().at("1").line, "5550101");
  f.arrive(20, "2");
  EXPECT_EQ(f.count<CallArrived>(), 2u);
}

TEST(Origin, callers_of_two_numbers_make_a_device_a_trunk_before_any_queue) {
  Floor f;
  f.open(1, false);
  f.arrive(10, "1");
  f.far_end_hangs_up(12, "1");
  f.end(12, "1");
  f.arrive(20, "2");
  EXPECT_EQ(f.count<CallArrived>(), 2u);
  EXPECT_EQ(f.outcome("1"), Outcome::abandoned) << "the first is told when its device is known";
}

TEST(Origin, a_lone_caller_who_waits_is_believed_in_time) {
  Floor f;
  f.open(1, false);
  f.arrive(10, "1");
  f.advance(54);
  EXPECT_EQ(f.count<CallArrived>(), 0u);
  f.advance(56);
  EXPECT_EQ(f.count<CallArrived>(), 1u);
  EXPECT_TRUE(Tracker::waiting(f.tracker.open_calls().at("1")));
}

TEST(Origin, an_agents_own_calls_are_no_customers) {
  Floor f;
  f.open(1, false);
  f.say(10, "channel_started channel=o linked=o device=PJSIP/1001 dialled=0301234 context=from-phones caller=77");
  f.say(10, "channel_started channel=t linked=o device=PJSIP/trunk dialled=s context=from-trunk");
  f.say(15, "channel_state channel=t state=2");
  f.say(15, "bridge_entered channel=o linked=o bridge=b channels=1");
  f.say(15, "bridge_entered channel=t linked=o bridge=b channels=2");
  f.advance(200);
  f.end(200, "t", "o");
  f.end(200, "o");
  EXPECT_EQ(f.count<CallArrived>(), 0u);
}

TEST(Origin, a_trunk_first_seen_as_the_far_side_of_an_agents_call_is_still_learnt) {
  Floor f;
  f.open(1, false);
  f.say(2, "channel_started channel=o linked=o device=PJSIP/1001 dialled=0301234 context=from-phones caller=77");
  f.say(2, "channel_started channel=t linked=o device=PJSIP/trunk context=from-phones");
  f.say(5, "channel_ended channel=t linked=o");
  f.say(5, "channel_ended channel=o linked=o");
  f.arrive(10, "1");
  f.join(14, "1");
  f.arrive(20, "2");
  EXPECT_EQ(f.count<CallArrived>(), 2u);
  EXPECT_EQ(f.tracker.open_calls().at("2").line, "5550101");
}

TEST(Origin, other_phones_in_the_phones_context_are_no_customers) {
  Floor f;
  f.open(1, false);
  f.arrive(5, "1");
  f.join(6, "1");
  f.offer(7, "1", "leg", 1);  // teaches that from-phones is the phones' context
  f.say(10, "channel_started channel=o linked=o device=PJSIP/2001 dialled=1001 context=from-phones caller=88");
  f.advance(200);
  EXPECT_EQ(f.count<CallArrived>(), 1u);
}

TEST(Origin, a_feature_code_is_dialled_at_a_phone) {
  Floor f;
  f.open(0, false);
  f.say(10, "channel_started channel=o linked=o device=PJSIP/1007 dialled=*451 context=from-phones caller=88");
  f.advance(200);
  EXPECT_EQ(f.count<CallArrived>(), 0u);
}

TEST(Origin, a_colleague_who_calls_the_queue_waits_on_no_line) {
  Floor f;
  f.open(2, false);
  f.say(10, "channel_started channel=o linked=o device=PJSIP/1001 dialled=5550101 context=from-phones caller=88");
  f.join(12, "o");
  ASSERT_EQ(f.count<CallArrived>(), 1u);
  EXPECT_TRUE(f.tracker.open_calls().at("o").line.empty());
  EXPECT_EQ(f.tracker.queue("support")->waiting, 1u);
}

TEST(Origin, a_call_the_pbx_places_itself_is_no_arrival_until_it_waits_in_a_queue) {
  Floor f;
  f.open(1);
  f.say(10, "channel_started channel=c linked=c device=PJSIP/trunk dialled=s context=from-trunk");
  f.say(11, "channel_state channel=c state=1");
  f.say(15, "channel_state channel=c state=2");
  EXPECT_EQ(f.count<CallArrived>(), 0u);
  f.join(16, "c");
  EXPECT_EQ(f.count<CallArrived>(), 1u);
}

TEST(Origin, an_analogue_line_rings_as_it_begins) {
  Floor f;
  SiteModel model;
  model.trunks = {"DAHDI/1"};
  f.open(1);
  f.tracker.set_site_model(model);
  f.say(10, "channel_started channel=c linked=c device=DAHDI/1 dialled=s context=from-analogue");
  f.say(10, "channel_state channel=c state=1");
  EXPECT_EQ(f.count<CallArrived>(), 1u);
}

TEST(Devices, told_trunks_settle_it) {
  Devices d;
  EXPECT_EQ(d.origin("PJSIP/a", "x", "1"), Origin::unknown);
  d.set_trunks({"PJSIP/a"});
  EXPECT_EQ(d.origin("PJSIP/a", "x", "1"), Origin::outside);
  EXPECT_EQ(d.origin("PJSIP/b", "x", "1"), Origin::inside);
  EXPECT_EQ(d.origin("Local/1@x", "x", "1"), Origin::inside);
}

}  // namespace
}  // namespace hf::calls
