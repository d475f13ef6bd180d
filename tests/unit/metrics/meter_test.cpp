#include "agent/metrics/meter.hpp"

#include "tests/unit/metrics/floor.hpp"

namespace hf::metrics {
namespace {

using std::chrono::seconds;

TEST(Meter, counts_a_call_in_the_minute_of_its_arrival) {
  Floor f;
  f.open_with_caller(1, 50, 52, "1");
  f.answer(70, "1");
  f.advance(120);
  const Minute& line = f.minute("5550101");
  EXPECT_EQ(line.offered, 1u);
  EXPECT_EQ(line.answered, 1u);
  EXPECT_EQ(line.answered_wait, seconds(20));
  EXPECT_EQ(line.answered_within, 0u) << "20 s are not within 20 s";
  EXPECT_EQ(line.revision, 1u) << "answered after the minute had closed";
  EXPECT_EQ(f.minute("support").answered_wait, seconds(18));
  EXPECT_EQ(f.minute("support").answered_within, 1u);
  EXPECT_EQ(f.minute("support", 60).offered, 0u);
}

TEST(Meter, adds_up_waiting_time_in_the_minute_in_which_it_was_waited) {
  Floor f;
  f.open_with_caller(0, 30, 40, "1");
  f.hang_up(75, "1");
  f.advance(120);
  EXPECT_EQ(f.minute("support").waiting, seconds(20));
  EXPECT_EQ(f.minute("support", 60).waiting, seconds(15));
  EXPECT_EQ(f.minute("5550101").waiting, seconds(30));
  EXPECT_EQ(f.minute("support").longest_wait, seconds(20));
  EXPECT_EQ(f.minute("support", 60).longest_wait, seconds(35));
  EXPECT_EQ(f.minute("support").abandoned, 1u);
  EXPECT_EQ(f.minute("support").abandoned_wait, seconds(35));
}

TEST(Meter, keeps_short_abandons_apart) {
  Floor f;
  f.open_with_caller(0, 10, 11, "1");
  f.hang_up(13, "1");
  f.advance(60);
  EXPECT_EQ(f.minute("support").abandoned, 1u);
  EXPECT_EQ(f.minute("support").short_abandoned, 1u);
  EXPECT_EQ(f.minute("support").abandoned_within, 1u);
}

TEST(Meter, calls_a_wait_beside_free_agents_avoidable_after_one_ring) {
  Floor f;
  f.open(2);
  f.arrive(5, "1");
  f.join(10, "1");  // 15 s of grace: from 25 s on
  f.advance(60);
  EXPECT_EQ(f.minute("support").avoidable_wait, seconds(35));
  EXPECT_EQ(f.minute("5550101").avoidable_wait, seconds(35));
  EXPECT_EQ(f.minute("support").free, seconds(120));
  EXPECT_EQ(f.meter.avoidable_total("support"), seconds(35));
}

TEST(Meter, counts_no_more_callers_than_there_are_free_agents) {
  Floor f;
  f.open(1);
  for (const char* id : {"1", "2", "3"}) f.arrive(0, id), f.join(0, id);
  f.advance(60);
  EXPECT_EQ(f.minute("support").avoidable_wait, seconds(45));
}

TEST(Meter, calls_no_wait_avoidable_while_all_agents_are_busy_or_paused) {
  Floor f;
  f.open(1);
  f.say(0, "member_state queue=support member=PJSIP/1001 device=PJSIP/1001 state=1 paused=1");
  f.arrive(0, "1");
  f.join(1, "1");
  f.advance(60);
  EXPECT_EQ(f.minute("support").avoidable_wait, Duration{});
  EXPECT_EQ(f.minute("support").staffed, Duration{});
}

TEST(Meter, sees_the_wait_before_the_queue_beyond_the_usual) {
  Floor f;
  f.open(1);
  for (int i = 1; i <= 6; ++i) {  // the usual way in takes 4 s
    const std::string id = std::to_string(i);
    f.arrive(10.0 * i, id);
    f.join(10.0 * i + 4, id);
    f.hang_up(10.0 * i + 5, id);
  }
  f.arrive(120, "99");
  f.advance(240);
  // usual 4.5 s (middle of the bin), one ring 15 s: from 139.5 s on
  EXPECT_EQ(f.minute("5550101", 120).avoidable_wait, std::chrono::milliseconds(40'500));
  EXPECT_EQ(f.minute("support", 180).avoidable_wait, seconds(60));
  EXPECT_EQ(f.minute("support", 180).waiting, Duration{}) << "it stands in no queue";
}

TEST(Meter, does_not_learn_an_imposed_wait_as_usual) {
  Floor f;
  f.open(1);
  for (int i = 0; i < 30; ++i) {
    const std::string id = std::to_string(i + 1);
    f.arrive(60.0 * i, id);
    f.join(60.0 * i + (i < 10 ? 4 : 50), id);
    f.hang_up(60.0 * i + 55, id);
  }
  f.arrive(3000, "99");
  f.advance(3120);
  EXPECT_GT(f.minute("support", 3060).avoidable_wait.value(), seconds(20));
}

TEST(Meter, counts_a_caller_parked_in_an_unmanned_queue_against_those_who_could_help) {
  Floor f;
  f.open(1);
  f.arrive(0, "1");
  f.join(0, "1", "holding");
  f.advance(60);
  EXPECT_EQ(f.minute("support").avoidable_wait, seconds(45));
  EXPECT_EQ(f.minute("holding").waiting, seconds(60));
}

TEST(Meter, believes_the_site_model_that_a_queue_only_holds) {
  Floor f;
  f.open(1);
  calls::SiteModel model;
  model.trunks = {"PJSIP/trunk"};
  model.lines = {{"5550101", "", "support", {}, {}}};
  model.queues.resize(1);
  model.queues[0].id = "park", model.queues[0].holding = true;
  f.meter.set_site_model(model);
  f.say(0, "member_state queue=park member=PJSIP/1009 device=PJSIP/1009 state=1");
  f.arrive(0, "1");
  f.join(0, "1", "park");
  f.advance(60);
  EXPECT_EQ(f.minute("support").avoidable_wait, seconds(45));
  EXPECT_EQ(f.minute("park").avoidable_wait, Duration{});
}

TEST(Meter, leaves_free_and_avoidable_unknown_without_agent_state) {
  Floor f;
  f.say(0, "source_up product=queue_log");
  f.join(1, "1");
  f.advance(60);
  const Minute& m = f.minute("support");
  EXPECT_EQ(m.waiting, seconds(59));
  EXPECT_FALSE(m.free || m.staffed || m.busy || m.avoidable_wait);
}

TEST(Meter, tells_how_much_of_a_minute_was_seen) {
  Floor f;
  f.open(1);
  f.say(20, "source_down reason=cable");
  f.say(130, "source_up product=test channel_events=1 agent_state=1");
  f.advance(240);
  EXPECT_EQ(f.minute("support").observed_seconds, 20u);
  EXPECT_EQ(f.minute("support", 60).observed_seconds, 0u);
  EXPECT_EQ(f.minute("support", 120).observed_seconds, 50u);
  EXPECT_EQ(f.minute("support", 180).observed_seconds, 60u);
}

TEST(Meter, grants_a_talk_to_the_queue_that_brought_it) {
  Floor f;
  f.open_with_caller(1, 0, 2, "1");
  f.answer(10, "1");
  f.say(40, "member_done channel=1 queue=support member=PJSIP/1001 leg=leg1");
  f.hang_up(40, "1");
  f.advance(60);
  EXPECT_EQ(f.minute("support").talk, seconds(30));
  EXPECT_EQ(f.minute("support").busy, seconds(30));
}

TEST(Meter, shows_the_minute_under_way) {
  Floor f;
  f.open_with_caller(1, 0, 0, "1");
  f.advance(30);
  const auto now = f.meter.running(Scope::queue, "support", at(40));
  ASSERT_TRUE(now);
  EXPECT_EQ(now->waiting, seconds(40));
  EXPECT_EQ(now->longest_wait, seconds(40));
  EXPECT_EQ(now->avoidable_wait, seconds(25));
  f.advance(60);
  EXPECT_EQ(f.minute("support").waiting, seconds(60)) << "looking changes nothing";
  EXPECT_FALSE(f.meter.running(Scope::queue, "nowhere", at(60)));
}

TEST(Meter, takes_back_what_turned_out_otherwise) {
  Floor f;
  f.open_with_caller(0, 0, 2, "1");
  f.say(30, "hangup_requested channel=1 side=1");  // the PBX itself hangs up
  f.say(30, "queue_abandoned channel=1 queue=support");
  f.say(30, "channel_ended channel=1 linked=1");
  f.say(30.5, "pbx_life state=2");  // and says why: it stops
  f.advance(60);
  EXPECT_EQ(f.minute("support").lost, 1u);
  EXPECT_EQ(f.minute("support").refused + f.minute("support").abandoned + f.minute("support").timeout, 0u);
  EXPECT_EQ(f.minute("5550101").lost, 1u);
}

TEST(Meter, goes_on_the_same_after_save_and_load) {
  Floor f;
  f.open_with_caller(1, 0, 0, "1");
  f.advance(30);
  StateSaver saver;
  f.meter.save(saver);
  Meter loaded;
  StateLoader loader(saver.bytes);
  ASSERT_TRUE(loaded.load(loader));
  StateSaver again;
  loaded.save(again);
  EXPECT_EQ(again.bytes, saver.bytes);
  f.meter = std::move(loaded);
  f.advance(60);
  EXPECT_EQ(f.minute("support").waiting, seconds(60));
}

}  // namespace
}  // namespace hf::metrics
