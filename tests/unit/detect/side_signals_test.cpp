// Signals of callers, talks, trunks, promises and the link, played on the floor.
#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Reading reading(const Floor& floor, double s, std::string_view signal) {
  Reading gravest;
  for (const Reading& r : floor.detector.readings(Floor::time(s), floor.tracker))
    if (r.signal == signal && (gravest.signal.empty() || r.state > gravest.state)) gravest = r;
  return gravest;
}

struct Side : testing::Test {
  Side() { floor.agents("support", 1001, 1004); }
  // One answered call every 30 s.
  struct Talk {
    double talk = 60, hold = 0;
    int transfers = 0;
    pbx::TalkEnd end = pbx::TalkEnd::caller;
  };
  void talk(const Talk& t) {
    const std::string id = "t" + std::to_string(++n), phone = "PJSIP/1001";
    floor.at(now += 100), floor.arrive(id, "5550101");
    floor.at(now + 3), floor.join(id, "support");
    floor.at(now + 5), floor.connect(id, "support", phone);
    for (int i = 0; i < t.transfers; ++i) floor.on(pbx::Transferred{pbx::TransferKind::blind, id + "/leg", id, {}, {}});
    if (t.hold > 0) {
      floor.at(now + 6), floor.on(pbx::HoldStarted{id + "/leg", id});
      floor.at(now + 6 + t.hold), floor.on(pbx::HoldEnded{id + "/leg", id});
    }
    floor.at(now + 5 + t.talk);
    floor.on(pbx::MemberDone{id, "support", phone, id + "/leg", {}, {}, t.end});
    floor.hang_up(id), floor.agent("support", phone);
  }
  Floor floor;
  double now = 0;
  int n = 0;
};

TEST_F(Side, agents_who_hang_up_at_once_to_rest) {
  for (int i = 0; i < 220; ++i) talk({});
  EXPECT_THAT(floor.of(FindingKind::news, "short_answers"), IsEmpty());
  for (int i = 0; i < 20; ++i) talk({.talk = 4, .end = i % 2 == 0 ? pbx::TalkEnd::agent : pbx::TalkEnd::caller});
  const auto found = floor.of(FindingKind::news, "short_answers");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].queue, "support");
  EXPECT_EQ(reading(floor, now, "short_answers").state, ReadingState::standing);
  for (int i = 0; i < 60; ++i) talk({});
  EXPECT_THAT(floor.of(FindingKind::cleared, "short_answers"), SizeIs(1));
}

TEST_F(Side, callers_who_ended_short_talks_themselves_are_wrong_numbers) {
  for (int i = 0; i < 260; ++i) talk({.talk = i < 220 ? 60.0 : 4.0});
  EXPECT_THAT(floor.of(FindingKind::news, "short_answers"), IsEmpty());
}

TEST_F(Side, callers_parked_on_hold_in_the_middle_of_a_talk) {
  for (int i = 0; i < 220; ++i) talk({});
  for (int i = 0; i < 12; ++i) talk({.talk = 90, .hold = 70});
  EXPECT_THAT(floor.of(FindingKind::news, "hold_in_talk"), SizeIs(1));
}

TEST_F(Side, calls_that_are_passed_round_and_round) {
  for (int i = 0; i < 220; ++i) talk({.transfers = 1});  // a switchboard passes every call on once
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
  for (int i = 0; i < 12; ++i) talk({.transfers = 4});
  EXPECT_THAT(floor.of(FindingKind::news, "transfer_ping_pong"), SizeIs(1));
}

TEST_F(Side, a_share_says_nothing_before_two_hundred_cases) {
  for (int i = 0; i < 100; ++i) talk({.talk = 4, .end = pbx::TalkEnd::agent});
  EXPECT_THAT(floor.of(FindingKind::news, "short_answers"), IsEmpty());
  EXPECT_EQ(reading(floor, now, "short_answers").state, ReadingState::unknown);
}

TEST_F(Side, a_promise_of_fifteen_minutes_before_a_wait_of_seconds_is_all_that_fires) {
  calls::SiteModel model;
  model.lines = {{"5550101", "", "support", {}, std::chrono::minutes(15)}};
  floor.set(model);
  for (int i = 0; i < 30; ++i) talk({});
  floor.at(now + 120);
  const auto found = floor.of(FindingKind::news);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].signal, "promised_wait");
  EXPECT_EQ(found[0].line, "5550101");
  EXPECT_DOUBLE_EQ(found[0].values.at("promised_s"), 900);
  EXPECT_NEAR(found[0].values.at("wait_s"), 5, 1);
}

TEST_F(Side, a_promise_that_holds_is_quiet_and_one_taken_back_is_over) {
  calls::SiteModel model;
  model.lines = {{"5550101", "", "support", {}, std::chrono::seconds(60)}};
  floor.set(model);
  for (int i = 0; i < 30; ++i) talk({});
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty()) << "a promise is an upper limit";
  model.lines[0].promised_wait = std::chrono::minutes(10);
  floor.set(model), floor.at(now + 120);
  EXPECT_THAT(floor.of(FindingKind::news, "promised_wait"), SizeIs(1));
  model.lines.clear();
  floor.set(model), floor.at(now + 240);
  EXPECT_THAT(floor.of(FindingKind::cleared, "promised_wait"), SizeIs(1));
}

struct Trunk : Side {
  void leg(uint16_t cause, bool up = false) {
    const std::string id = "k" + std::to_string(++n);
    floor.at(now += 20), floor.arrive(id, "5550101");
    if (up) floor.on(pbx::ChannelStateChanged{id, pbx::ChannelState::up});
    floor.on(pbx::ChannelEnded{id, id, cause});
  }
};

TEST_F(Trunk, calls_that_fail_for_want_of_a_way_through) {
  for (int i = 0; i < 50; ++i) leg(16, true);
  for (int i = 0; i < 5; ++i) leg(38);
  const auto found = floor.of(FindingKind::news, "trunk_failure");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].members, testing::ElementsAre("PJSIP/trunk"));
  EXPECT_EQ(reading(floor, now, "trunk_failure").state, ReadingState::standing);
  for (int i = 0; i < 15; ++i) leg(16, true);
  EXPECT_THAT(floor.of(FindingKind::cleared, "trunk_failure"), SizeIs(2)) << "the trunk, and the last of all";
}

TEST_F(Trunk, busy_and_unanswered_numbers_are_no_failure) {
  for (int i = 0; i < 200; ++i) leg(i % 2 == 0 ? 17 : 19);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

TEST_F(Trunk, a_burst_of_failures_within_seconds_waits_for_more) {
  for (int i = 0; i < 50; ++i) leg(16, true);
  for (int i = 0; i < 5; ++i) now -= 19, leg(41);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

TEST_F(Side, a_link_that_is_down_for_two_minutes) {
  floor.at(100), floor.on(pbx::SourceDown{"cable"});
  floor.at(219);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty()) << "a restart takes less";
  floor.at(230);
  const auto found = floor.of(FindingKind::news, "source_lost");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(Floor::since_start(found[0].since), 100);
  floor.at(400), floor.up(), floor.at(600);
  talk({});
  floor.at(1000);
  EXPECT_THAT(floor.of(FindingKind::cleared, "source_lost"), SizeIs(1));
}

TEST_F(Side, answers_without_states_of_members_are_half_blind) {
  floor.on(pbx::ResyncEnded{pbx::ResyncScope::queues});
  for (int i = 0; i < 210; ++i) talk({});
  for (int i = 0; i < 25; ++i) {
    const std::string id = "b" + std::to_string(i);
    floor.at(now += 60), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::queue, "support");
    floor.join(id, "support"), floor.leave(id, "support");
    floor.on(pbx::MemberConnected{id, "support", "PJSIP/1001", "", id + "/leg", {}, {}});
    floor.on(pbx::MemberDone{id, "support", "PJSIP/1001", id + "/leg", {}, {}, {}}), floor.hang_up(id);
  }
  ASSERT_THAT(floor.of(FindingKind::news, "source_half_blind"), SizeIs(1));
  EXPECT_EQ(reading(floor, now, "source_half_blind").state, ReadingState::standing);
  floor.agents("support", 1001, 1004), talk({}), talk({});
  EXPECT_THAT(floor.of(FindingKind::cleared), SizeIs(1)) << "the state is told just after the answer";
}

TEST_F(Side, a_source_that_tells_members_at_log_in_alone_is_not_blind) {
  for (int i = 0; i < 60; ++i) {
    const std::string id = "b" + std::to_string(i);
    if (i % 15 == 7) floor.agent("support", "PJSIP/1003", i % 2 == 0);
    floor.at(now += 60), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::queue, "support");
    floor.join(id, "support"), floor.leave(id, "support");
    floor.on(pbx::MemberConnected{id, "support", "PJSIP/1001", "", id + "/leg", {}, {}});
    floor.on(pbx::MemberDone{id, "support", "PJSIP/1001", id + "/leg", {}, {}, {}}), floor.hang_up(id);
  }
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

TEST_F(Side, members_who_log_in_and_out_between_all_answers_promise_no_state_at_one) {
  for (int i = 0; i < 300; ++i) {
    const std::string id = "b" + std::to_string(i);
    if (i < 250) floor.agent("support", "PJSIP/1003", i % 2 == 0);
    floor.at(now += 60), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::queue, "support");
    floor.join(id, "support"), floor.leave(id, "support");
    floor.on(pbx::MemberConnected{id, "support", "PJSIP/1001", "", id + "/leg", {}, {}});
    floor.on(pbx::MemberDone{id, "support", "PJSIP/1001", id + "/leg", {}, {}, {}}), floor.hang_up(id);
  }
  EXPECT_THAT(floor.of(FindingKind::news, "source_half_blind"), IsEmpty());
}

TEST_F(Side, a_step_of_the_pbx_s_clock_is_shown_and_accuses_nobody) {
  floor.pbx_ahead = Duration{};
  for (int i = 0; i < 10; ++i) talk({});
  EXPECT_EQ(reading(floor, now, "clock_step").state, ReadingState::quiet);
  floor.pbx_ahead = std::chrono::minutes(7);
  for (int i = 0; i < 5; ++i) talk({});
  const Reading r = reading(floor, now, "clock_step");
  EXPECT_EQ(r.state, ReadingState::standing);
  EXPECT_DOUBLE_EQ(r.value.value_or(0), -420);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

TEST_F(Side, callers_who_left_unanswered_and_came_back) {
  for (int i = 0; i < 10; ++i) {
    pbx::ChannelStarted c;
    c.channel = c.linked = "r" + std::to_string(i), c.device = "PJSIP/trunk", c.context = "from-trunk";
    c.dialled = i < 8 ? "5550101" : "5550102", c.caller = 100 + static_cast<unsigned>(i < 5 ? i : i - 5);
    floor.at(now += 60), floor.on(c), floor.join(c.channel, "support");
    floor.at(now += 30), floor.hang_up(c.channel);
  }
  const Reading r = reading(floor, now, "left_without_answer");
  EXPECT_EQ(r.sample_size, 10u);
  EXPECT_DOUBLE_EQ(r.value.value_or(0), 0.5);
}

}  // namespace
}  // namespace hf::detect
