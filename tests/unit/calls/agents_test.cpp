// Who is really free: not paused, not ringing, not in wrap-up, and answering.
#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

void miss(Floor& f, double t, const std::string& leg, int agent, double rang) {
  f.offer(t, "1", leg, agent);
  f.say(t + rang, "member_missed channel=1 queue=support member=PJSIP/" + std::to_string(1000 + agent) + " leg=" + leg +
                      " rang=" + std::to_string(static_cast<int64_t>(rang * 1e6)));
  f.end(t + rang, leg, "1");
}

TEST(Free, are_those_logged_in_and_idle) {
  Floor f;
  f.open(3);
  EXPECT_EQ(f.free(), 3u);
  f.member(1, 1, "state=1 paused=1 pause_reason=Lunch");
  f.member(1, 2, "state=3");
  f.member(1, 3, "state=5");
  const QueueNow q = f.tracker.queue("support").value();
  EXPECT_EQ(q.free, 0u);
  EXPECT_EQ(q.staffed, 2u);
  EXPECT_EQ(f.state_of("PJSIP/1003"), AgentState::unavailable);
}

TEST(Free, is_unknown_where_nothing_tells) {
  Floor f;
  f.say(0, "source_up product=queue_log");
  f.join(1, "1");
  EXPECT_FALSE(f.tracker.queue("support")->free);
  Floor g;
  g.open(1);
  g.member(1, 1, "state=0");
  EXPECT_FALSE(g.tracker.queue("support")->free) << "the only member cannot be known to be reachable";
}

TEST(Free, is_unknown_in_a_gap_and_until_the_next_picture) {
  Floor f;
  f.open(1);
  f.say(10, "source_down reason=cable");
  EXPECT_FALSE(f.tracker.queue("support")->free);
  f.say(20, "source_up product=test channel_events=1 agent_state=1");
  EXPECT_FALSE(f.tracker.queue("support")->free);
  f.say(21, "resync_started scope=0");
  f.member(21, 1);
  f.say(21, "resync_ended scope=0");
  EXPECT_EQ(f.free(), 1u);
}

TEST(Free, counts_the_lowest_tier_that_has_anyone) {
  Floor f;
  f.open(1);
  f.member(1, 2, "state=1 penalty=5");
  f.member(1, 3, "state=1 penalty=5");
  EXPECT_EQ(f.free(), 1u);
  f.member(2, 1, "state=1 paused=1");
  EXPECT_EQ(f.free(), 2u);
}

TEST(Free, is_an_idle_agent_only_after_wrap_up) {
  Floor f;
  f.open_with_caller(1, 0, 1, "1");
  f.offer(2, "1", "leg", 1);
  f.answer(5, "1", "leg", 1);
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::talking);
  f.done(30, "1", "leg", 1);
  f.end(30, "leg", "1");
  f.member(30.1, 1, "state=1");
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::wrap_up);
  EXPECT_EQ(f.tracker.queue("support")->shown_free, 1u) << "the PBX counts it as free";
  EXPECT_EQ(f.free(), 0u);
  f.advance(36);
  EXPECT_EQ(f.free(), 1u);
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::wrap_up), (Spans{{30, 35}}));
}

// FreeSWITCH gives no call to an agent for some seconds after a missed offer, and shows it as Waiting all the while.
TEST(Free, is_nobody_whom_the_pbx_spares_for_a_while) {
  Floor f;
  f.member(10, 1, "state=1 ready_at=1000020.000000");
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::wrap_up);
  f.member(15, 1, "state=1 ready_at=1000020.000000");
  f.advance(19.9);
  EXPECT_NE(f.state_of("PJSIP/1001"), AgentState::free);
  f.advance(20);
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::free);
  f.member(30, 1, "state=1 ready_at=1000020.000000");
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::free) << "that time is over";
}

TEST(NotAnswering, is_a_phone_that_refuses_twice_at_once) {
  Floor f;
  f.open_with_caller(1, 0, 1, "1");
  miss(f, 2, "a", 1, 0);
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::free) << "one refusal is an accident";
  miss(f, 4, "b", 1, 0);
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::not_answering);
  EXPECT_EQ(f.free(), 0u);
  EXPECT_EQ(f.tracker.queue("support")->shown_free, 1u);
  EXPECT_EQ(f.count<OfferMissed>(), 2u);
  EXPECT_EQ(f.tracker.open_calls().at("1").missed_offers, 2u);
}

TEST(NotAnswering, is_a_phone_that_rings_out_three_times) {
  Floor f;
  f.open_with_caller(1, 0, 1, "1");
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(f.state_of("PJSIP/1001"), AgentState::not_answering);
    miss(f, 2 + 20 * i, "leg" + std::to_string(i), 1, 15);
  }
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::not_answering);
}

TEST(NotAnswering, ends_with_an_answer_a_pause_or_use_of_the_phone) {
  for (const std::string& what : {std::string("answer"), std::string("pause"), std::string("own call")}) {
    Floor f;
    f.open(1);
    f.arrive(0, "1");
    f.join(1, "1");
    miss(f, 2, "a", 1, 0);
    miss(f, 4, "b", 1, 0);
    ASSERT_EQ(f.state_of("PJSIP/1001"), AgentState::not_answering);
    if (what == "answer") {
      f.offer(6, "1", "leg", 1);
      f.answer(8, "1", "leg", 1);
      f.done(9, "1", "leg", 1);
      f.end(9, "leg", "1");
    } else if (what == "pause") {
      f.member(6, 1, "state=1 paused=1");
      f.member(8, 1, "state=1");
    } else {
      f.say(6, "channel_started channel=out linked=out device=PJSIP/1001 dialled=0301234 context=from-phones");
      f.say(8, "channel_state channel=out state=2");
      EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::busy);
      f.end(9, "out");
    }
    f.advance(60);
    EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::free) << what;
  }
}

TEST(Busy, is_an_agent_of_two_queues_in_the_queue_he_does_not_talk_for) {
  Floor f;
  f.open(1);
  f.say(0, "member_state queue=sales member=PJSIP/1001 device=PJSIP/1001 state=1");
  f.arrive(0, "1");
  f.join(1, "1");
  f.offer(2, "1", "leg", 1);
  EXPECT_EQ(f.state_of("PJSIP/1001", "sales"), AgentState::ringing);
  f.answer(5, "1", "leg", 1);
  EXPECT_EQ(f.state_of("PJSIP/1001", "support"), AgentState::talking);
  EXPECT_EQ(f.state_of("PJSIP/1001", "sales"), AgentState::busy);
  f.done(30, "1", "leg", 1);
  f.end(30, "leg", "1");
  EXPECT_EQ(f.state_of("PJSIP/1001", "sales"), AgentState::free) << "wrap-up is of the queue that gave it";
}

TEST(Paused, is_told_from_pause_to_unpause_also_over_a_talk) {
  Floor f;
  f.open_with_caller(1, 0, 1, "1");
  f.offer(2, "1", "leg", 1);
  f.answer(5, "1", "leg", 1);
  f.member(10, 1, "state=3 paused=1 pause_reason=Coffee");
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::talking);
  f.done(30, "1", "leg", 1);
  f.end(30, "leg", "1");
  EXPECT_EQ(f.state_of("PJSIP/1001"), AgentState::paused);
  f.member(50, 1, "state=1");
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::talking), (Spans{{5, 30}}));
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::paused), (Spans{{10, 50}}));
}

TEST(Paused, goes_on_over_a_short_gap) {
  Floor f;
  f.open(1);
  f.member(10, 1, "state=1 paused=1");
  f.say(20, "source_down reason=restart");
  f.back(30, "state=5 paused=1");
  f.member(50, 1, "state=1");
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::paused), (Spans{{10, 50}}));
}

TEST(Paused, ends_with_the_last_sight_of_it_when_the_gap_hid_the_rest) {
  Floor f;
  f.open(1);
  f.member(10, 1, "state=1 paused=1");
  f.say(20, "source_down reason=restart");
  f.back(30, "state=1");
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::paused), (Spans{{10, 20}}));
}

TEST(Paused, before_a_long_gap_and_after_it_are_two_pauses) {
  Floor f;
  f.open(1);
  f.member(10, 1, "state=1 paused=1");
  f.say(20, "source_down reason=cable");
  f.back(2000, "state=1 paused=1");
  f.member(2010, 1, "state=1");
  EXPECT_EQ(f.intervals("PJSIP/1001", AgentState::paused), (Spans{{10, 20}, {2000, 2010}}));
}

TEST(Member, missing_in_a_picture_is_logged_out) {
  Floor f;
  f.open(2);
  f.say(10, "resync_started scope=0");
  f.member(10, 1);
  f.say(10, "resync_ended scope=0");
  EXPECT_EQ(f.state_of("PJSIP/1002"), AgentState::logged_out);
  EXPECT_EQ(f.free(), 1u);
}

}  // namespace
}  // namespace hf::calls
