#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Ten ordinary minutes on two lines: support and printers, four and three agents.
void baseline(Floor& floor) {
  floor.agents("support", 1001, 1004);
  floor.agents("printers", 1005, 1007);
  for (int i = 0; i < 8; ++i) {
    floor.call(60 * i, "5550101", "support", "PJSIP/1001");
    floor.call(60 * i + 30, "5550103", "printers", "PJSIP/1005");
  }
}

TEST(HeldBesideFree, two_callers_kept_for_a_minute_beside_free_agents_raise_the_alarm) {
  Floor floor;
  baseline(floor);
  floor.at(600), floor.arrive("h1", "5550101");
  floor.at(620), floor.arrive("h2", "5550101");
  floor.at(650);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
  floor.at(780);
  ASSERT_THAT(floor.held_lines(), ElementsAre("5550101"));
  const Finding f = floor.of(FindingKind::news).front();
  EXPECT_LE(Floor::since_start(f.at), 700);
  EXPECT_EQ(f.queue, "support");
  EXPECT_EQ(Floor::since_start(f.since_high), 600);
  EXPECT_LE(Floor::since_start(f.since_low), 420);  // the last caller of the line who went straight on, or a few before
  EXPECT_GE(Floor::since_start(f.since_low), 240);
}

// Two callers need a minute each; dozens less. Below 40 s it stays a notice (LookAlike).
TEST(HeldBesideFree, dozens_of_callers_kept_for_50_seconds_raise_the_alarm) {
  for (const int callers : {4, 40}) {
    Floor floor;
    floor.agents("support", 1001, 1004);
    floor.calls(8, 0, "5550101", "support", "PJSIP/1001");
    for (int i = 0; i < callers + 5; ++i) {
      if (i < callers) floor.at(600 + 10 * i), floor.arrive("h" + std::to_string(i), "5550101");
      if (i < 5) continue;
      const std::string done = "h" + std::to_string(i - 5);
      floor.at(604 + 10 * i), floor.join(done, "support");
      floor.at(605 + 10 * i), floor.connect(done, "support", "PJSIP/1001");
      floor.at(609 + 10 * i), floor.done(done, "support", "PJSIP/1001");
    }
    if (callers == 4)
      EXPECT_THAT(floor.held_lines(), testing::IsEmpty());
    else
      EXPECT_THAT(floor.held_lines(), testing::ElementsAre("5550101"));
  }
}

TEST(HeldBesideFree, works_without_dialplan_events) {
  Floor floor(false);
  baseline(floor);
  floor.at(600), floor.arrive("h1", "5550101");
  floor.at(620), floor.arrive("h2", "5550101");
  floor.at(780);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
}

TEST(HeldBesideFree, pools_the_evidence_of_two_lines) {
  Floor floor;
  baseline(floor);
  floor.at(600), floor.arrive("h1", "5550101");
  floor.at(610), floor.arrive("h2", "5550103");
  floor.at(780);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101", "5550103"));
}

TEST(HeldBesideFree, one_caller_lost_before_the_queue_is_no_hold) {
  Floor floor;
  baseline(floor);
  floor.at(600), floor.arrive("lost", "5550101");
  for (int i = 0; i < 20; ++i) floor.call(610 + 60 * i, "5550101", "support", "PJSIP/1002");
  floor.hang_up("lost");
  floor.at(2500);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(HeldBesideFree, a_hold_behind_a_menu_counts_from_a_minute_after_it) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 3; ++i) {
    const std::string id = "h" + std::to_string(i);
    floor.at(600 + 5 * i), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::input);
  }
  floor.at(630);
  for (int i = 0; i < 3; ++i) floor.step("h" + std::to_string(i), pbx::StepKind::music);
  floor.at(900);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
}

TEST(HeldBesideFree, callers_in_a_queue_without_members_are_on_their_way) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 3; ++i) {
    const std::string id = "h" + std::to_string(i);
    floor.at(600 + 10 * i), floor.arrive(id, "5550101");
    floor.at(604 + 10 * i), floor.join(id, "holding");
  }
  floor.at(720);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
}

TEST(HeldBesideFree, a_partial_roll_out_is_found_among_callers_who_go_straight_on) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 10; ++i) {
    if (i % 3 == 0)
      floor.at(600 + 30 * i), floor.arrive("h" + std::to_string(i), "5550101");
    else
      floor.call(600 + 30 * i, "5550101", "support", "PJSIP/1001", 4, 3, 15);
  }
  floor.at(900);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
}

TEST(HeldBesideFree, the_line_that_is_not_under_the_policy_is_not_accused) {
  Floor floor;
  baseline(floor);
  floor.agents("sales", 1008, 1009);
  for (int i = 0; i < 20; ++i) {
    floor.at(600 + 30 * i), floor.arrive("h" + std::to_string(i), "5550101");
    floor.call(601 + 30 * i, "5550102", "sales", "PJSIP/1008", 3, 2, 10);
  }
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
}

TEST(HeldBesideFree, a_second_line_is_named_at_its_own_second_held_caller) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 4; ++i) floor.at(600 + 10 * i), floor.arrive("s" + std::to_string(i), "5550101");
  floor.at(900), floor.arrive("p1", "5550103");
  floor.at(960);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
  floor.arrive("p2", "5550103");
  floor.at(1010);
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101", "5550103"));
}

// The whole life of a policy of 300 s on one line.
void policy(Floor& floor) {
  for (int i = 0; i < 6; ++i) floor.at(600 + 20 * i), floor.arrive("h" + std::to_string(i), "5550101");
  for (int i = 0; i < 6; ++i) {
    const std::string id = "h" + std::to_string(i), phone = "PJSIP/" + std::to_string(1001 + i % 4);
    floor.at(904 + 20 * i), floor.join(id, "support");
    floor.at(906 + 20 * i), floor.connect(id, "support", phone);
    floor.at(916 + 20 * i), floor.done(id, "support", phone);
  }
}

TEST(HoldCase, tells_the_imposed_wait_once_one_held_caller_was_answered) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 2; ++i) floor.at(600 + i), floor.arrive("h" + std::to_string(i), "5550101");
  floor.at(890);
  EXPECT_EQ(floor.total("imposed_wait_s"), -1);
  floor.at(904), floor.join("h0", "support");
  floor.at(906), floor.connect("h0", "support", "PJSIP/1001");
  EXPECT_NEAR(floor.total("imposed_wait_s"), 300, 0.5);
}

TEST(HoldCase, closes_when_new_callers_go_straight_on_and_the_held_ones_are_through) {
  Floor floor;
  baseline(floor);
  policy(floor);
  EXPECT_THAT(floor.of(FindingKind::cleared), IsEmpty());
  for (int i = 0; i < 5; ++i) floor.call(1100 + 40 * i, "5550101", "support", "PJSIP/1001");
  const auto cleared = floor.of(FindingKind::cleared);
  ASSERT_EQ(cleared.size(), 1U);
  EXPECT_LT(Floor::since_start(cleared.front().at), 1300);
  EXPECT_EQ(floor.total("affected"), 6);
  EXPECT_NEAR(floor.total("imposed_s"), 6 * 300, 5);
  EXPECT_GT(floor.total("avoidable_s"), 1200);  // six held, four agents
  EXPECT_LE(floor.total("avoidable_s"), 6 * 300);
  floor.calls(10, 1300, "5550101", "support", "PJSIP/1001");
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));  // it does not open again
}

TEST(HoldCase, stays_open_while_held_callers_still_wait) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 3; ++i) floor.at(600 + 20 * i), floor.arrive("h" + std::to_string(i), "5550101");
  floor.calls(10, 700, "5550101", "support", "PJSIP/1001");
  EXPECT_THAT(floor.of(FindingKind::cleared), IsEmpty());
  for (int i = 0; i < 3; ++i) floor.hang_up("h" + std::to_string(i));
  floor.at(1310);
  EXPECT_EQ(floor.of(FindingKind::cleared).size(), 1U);
}

TEST(HoldCase, held_callers_who_reach_busy_agents_still_count) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 3; ++i) floor.at(600 + 20 * i), floor.arrive("h" + std::to_string(i), "5550101");
  floor.at(880);
  for (int i = 1; i <= 4; ++i) floor.agent("support", "PJSIP/100" + std::to_string(i), false, pbx::DeviceState::in_use);
  floor.at(904), floor.join("h0", "support");
  floor.at(990), floor.connect("h0", "support", "PJSIP/1001");
  EXPECT_NEAR(floor.total("imposed_wait_s"), 300, 0.5);
  EXPECT_EQ(floor.total("affected"), 3);
}

TEST(NewAnnouncements, are_told_when_three_held_callers_heard_them_at_the_same_moment) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 4; ++i) {
    const std::string id = "h" + std::to_string(i);
    floor.at(600 + 20 * i), floor.arrive(id, "5550101");
    floor.at(604 + 20 * i), floor.step(id, pbx::StepKind::announcement, "please-wait-15-minutes");
  }
  floor.at(800);
  for (int i = 0; i < 4; ++i) floor.hang_up("h" + std::to_string(i));
  floor.at(900);
  std::vector<Finding> told;
  for (const Finding& f : floor.findings)
    if (f.template_id == "new_announcements") told.push_back(f);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().values.at("sounds"), 1);
  EXPECT_NEAR(told.back().values.at("first_s"), 4, 0.1);
}

TEST(ConstantWait, finds_a_hold_that_was_there_before_the_agent_was) {
  Floor floor;
  floor.agents("support", 1001, 1004);
  for (int i = 0; i < 4; ++i) floor.at(100 * i), floor.arrive("h" + std::to_string(i), "5550101");
  for (int i = 0; i < 3; ++i) {
    const std::string id = "h" + std::to_string(i);
    floor.at(904 + 100 * i), floor.join(id, "support");
    floor.at(906 + 100 * i), floor.connect(id, "support", "PJSIP/1001");
    floor.at(926 + 100 * i), floor.done(id, "support", "PJSIP/1001");
  }
  EXPECT_THAT(floor.held_lines(), ElementsAre("5550101"));
}

TEST(Detector, is_the_same_after_a_save_and_load_in_the_middle) {
  Floor whole, cut;
  baseline(whole), baseline(cut);
  whole.at(600), whole.arrive("h1", "5550101"), whole.at(650);
  cut.at(600), cut.arrive("h1", "5550101"), cut.at(650);
  StateSaver saved;
  cut.detector.save(saved);
  Detector fresh;
  StateLoader loader(saved.bytes);
  ASSERT_TRUE(fresh.load(loader));
  cut.detector = fresh;
  policy(whole), policy(cut);
  EXPECT_EQ(to_bytes(whole.findings), to_bytes(cut.findings));
  EXPECT_FALSE(whole.findings.empty());
}

TEST(Detector, does_not_care_in_how_many_steps_time_moves) {
  Floor steps, jump;
  for (Floor* floor : {&steps, &jump}) {
    baseline(*floor);
    for (int i = 0; i < 3; ++i) floor->at(600 + 7 * i), floor->arrive("h" + std::to_string(i), "5550101");
  }
  for (double t = 620; t <= 900; t += 0.7) steps.at(t);
  steps.at(900), jump.at(900);
  EXPECT_EQ(to_bytes(steps.findings), to_bytes(jump.findings));
  StateSaver a, b;
  steps.detector.save(a), jump.detector.save(b);
  EXPECT_EQ(a.bytes, b.bytes);
}

TEST(Detector, refuses_bytes_that_are_cut_short) {
  Floor floor;
  baseline(floor);
  StateSaver saved;
  floor.detector.save(saved);
  Detector fresh;
  StateLoader loader(std::string_view(saved.bytes).substr(0, saved.bytes.size() / 2));
  EXPECT_FALSE(fresh.load(loader));
}

}  // namespace
}  // namespace hf::detect
