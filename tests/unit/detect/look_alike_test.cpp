// What looks like an artificial hold and is none. Each of these must stay quiet.
#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;

void staff(Floor& floor) {
  floor.agents("support", 1001, 1004);
  floor.agents("sales", 1005, 1006);
}

void baseline(Floor& floor) {
  staff(floor);
  floor.calls(8, 0, "5550101", "support", "PJSIP/1001");
}

TEST(LookAlike, a_menu_where_callers_help_themselves_for_minutes) {
  Floor floor;
  staff(floor);
  for (int i = 0; i < 30; ++i) {
    const std::string id = "m" + std::to_string(i);
    floor.at(60 * i), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::input);
    if (i >= 4) floor.at(60 * i + 1), floor.hang_up("m" + std::to_string(i - 4));  // after four minutes
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_menu_that_cannot_be_seen_but_takes_everybody_another_time) {
  Floor floor(false);
  staff(floor);
  const double dwell[] = {120, 240, 150, 290, 130, 200, 270, 180, 220, 140};
  for (int i = 0; i < 60; ++i) {
    const std::string id = "m" + std::to_string(i);
    floor.call(400 * i, "5550101", "support", "PJSIP/1001", dwell[i % 10]);
    floor.at(400 * i + 330), floor.arrive(id, "5550101");  // two on their way at once
    floor.at(400 * i + 390), floor.hang_up(id);
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_new_legal_notice_of_twenty_to_forty_seconds) {
  for (const double notice : {20.0, 40.0}) {
    Floor floor;
    baseline(floor);
    for (int i = 0; i < 200; ++i) {
      const std::string id = "n" + std::to_string(i);
      floor.at(600 + 10 * i), floor.arrive(id, "5550101");
      if (const int before = i - static_cast<int>(notice / 10); before >= 0) {
        const std::string done = "n" + std::to_string(before);
        floor.at(604 + 10 * i), floor.join(done, "support");
        floor.at(605 + 10 * i), floor.connect(done, "support", "PJSIP/1001");
        floor.at(609 + 10 * i), floor.done(done, "support", "PJSIP/1001");
      }
    }
    EXPECT_THAT(floor.held_lines(), IsEmpty()) << notice;
  }
}

TEST(LookAlike, callers_who_wait_in_the_queue_because_nobody_is_free) {
  Floor floor;
  baseline(floor);
  for (int i = 1001; i <= 1004; ++i)
    floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 20; ++i) {
    const std::string id = "w" + std::to_string(i);
    floor.at(600 + 30 * i), floor.arrive(id, "5550101");
    floor.at(604 + 30 * i), floor.join(id, "support");
  }
  floor.at(1800);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, callers_kept_before_the_queue_while_nobody_is_free) {
  Floor floor;
  baseline(floor);
  for (int i = 1001; i <= 1004; ++i)
    floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 5; ++i) floor.at(600 + 30 * i), floor.arrive("w" + std::to_string(i), "5550101");
  floor.at(1500);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, agents_who_are_free_in_another_queue_only) {
  Floor floor;
  baseline(floor);
  for (int i = 1001; i <= 1004; ++i) floor.agent("support", "PJSIP/" + std::to_string(i), true);
  for (int i = 0; i < 5; ++i) floor.at(600 + 10 * i), floor.arrive("w" + std::to_string(i), "5550101");
  floor.at(1500);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, agents_who_come_free_for_a_few_seconds_between_calls) {
  Floor floor;
  baseline(floor);
  for (int i = 1001; i <= 1004; ++i)
    floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 5; ++i) floor.at(600 + i), floor.arrive("w" + std::to_string(i), "5550101");
  for (int i = 0; i < 60; ++i) {
    floor.at(610 + 15 * i), floor.agent("support", "PJSIP/1001");
    floor.at(618 + 15 * i), floor.agent("support", "PJSIP/1001", false, pbx::DeviceState::in_use);  // the next ring
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, one_or_two_calls_an_hour) {
  Floor floor;
  staff(floor);
  for (int i = 0; i < 48; ++i) floor.call(2400 * i, "5550101", "support", "PJSIP/1001", i % 7 == 3 ? 30 : 4);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_queue_time_out_of_900_seconds_is_a_ceiling) {
  Floor floor;
  baseline(floor);
  for (int i = 1001; i <= 1004; ++i)
    floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 8; ++i) {
    const std::string id = "t" + std::to_string(i);
    floor.at(600 + 20 * i), floor.arrive(id, "5550101");
    floor.at(604 + 20 * i), floor.join(id, "support");
  }
  for (int i = 0; i < 8; ++i) {
    const std::string id = "t" + std::to_string(i);
    floor.at(1504 + 20 * i), floor.time_out(id, "support");
    floor.at(1505 + 20 * i), floor.hang_up(id);
  }
  floor.at(2000);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, an_overflow_after_a_constant_time_in_a_busy_queue) {
  Floor floor;
  baseline(floor);
  for (int i = 1001; i <= 1004; ++i)
    floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 8; ++i) {
    const std::string id = "o" + std::to_string(i);
    floor.at(600 + 400 * i), floor.arrive(id, "5550101");
    floor.at(604 + 400 * i), floor.join(id, "support");
    floor.at(904 + 400 * i), floor.time_out(id, "support");
    floor.join(id, "sales");
    floor.at(906 + 400 * i), floor.connect(id, "sales", "PJSIP/1005");
    floor.at(930 + 400 * i), floor.done(id, "sales", "PJSIP/1005");
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, messages_left_in_a_mailbox_beside_free_agents) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 10; ++i) {
    const std::string id = "v" + std::to_string(i);
    floor.at(600 + 20 * i), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::voicemail);
  }
  floor.at(900);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_line_that_never_leads_to_a_queue) {
  Floor floor(false);
  baseline(floor);
  for (int i = 0; i < 20; ++i)
    floor.at(600 + 20 * i), floor.arrive("f" + std::to_string(i), "5550150");  // a fax, a conference
  floor.at(2000);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_menu_with_pauses_and_announcements_between_its_questions) {
  Floor floor;
  staff(floor);
  floor.calls(3, 0, "5550102", "sales", "PJSIP/1005");
  floor.call(300, "5550101", "support", "PJSIP/1001");
  for (int i = 0; i < 4; ++i) floor.at(400 + i), floor.arrive("m" + std::to_string(i), "5550101");
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i) {
      const std::string id = "m" + std::to_string(i);
      floor.at(405 + 35 * round), floor.step(id, pbx::StepKind::wait),
          floor.step(id, pbx::StepKind::announcement, "menu");
    }
    floor.at(430 + 35 * round);
    for (int i = 0; i < 4; ++i) floor.step("m" + std::to_string(i), pbx::StepKind::input);
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, callers_who_wait_for_the_opening_time_beside_agents_who_came_early) {
  Floor floor;
  baseline(floor);
  const double morning = 14 * 3600;
  for (int i = 0; i < 12; ++i) floor.at(morning - 420 + 30 * i), floor.arrive("o" + std::to_string(i), "5550101");
  for (int i = 0; i < 12; ++i) {
    const std::string id = "o" + std::to_string(i), phone = "PJSIP/" + std::to_string(1001 + i % 4);
    if (i < 4) floor.at(morning), floor.join(id, "support");
    floor.at(morning + 5 + i), i < 4 ? floor.connect(id, "support", phone) : floor.hang_up(id);
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_step_of_the_pbx_s_clock) {
  Floor floor;
  floor.pbx_ahead = Duration{};
  baseline(floor);
  floor.pbx_ahead = std::chrono::hours(1);
  floor.calls(5, 600, "5550101", "support", "PJSIP/1001");
  floor.pbx_ahead = -std::chrono::hours(1);
  floor.calls(5, 1200, "5550101", "support", "PJSIP/1001");
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, a_restart_of_the_pbx_with_callers_on_their_way) {
  Floor floor;
  baseline(floor);
  for (int i = 0; i < 4; ++i) floor.at(600 + i), floor.arrive("r" + std::to_string(i), "5550101");
  floor.at(610), floor.on(pbx::SourceDown{"closed by the PBX"});
  floor.at(616), floor.up();
  floor.on(pbx::ResyncStarted{pbx::ResyncScope::channels}),
      floor.on(pbx::ResyncEnded{pbx::ResyncScope::channels});  // nobody is left
  floor.at(1200);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

TEST(LookAlike, callers_first_seen_in_a_picture_of_the_pbx) {
  Floor floor;
  baseline(floor);
  floor.at(600), floor.on(pbx::SourceDown{"cable"});
  floor.at(660), floor.up(), floor.on(pbx::ResyncStarted{pbx::ResyncScope::channels});
  for (int i = 0; i < 4; ++i) {
    pbx::ChannelSeen seen;
    seen.channel = seen.linked = "s" + std::to_string(i), seen.device = "PJSIP/trunk", seen.dialled = "5550101",
    seen.context = "line";
    seen.state = pbx::ChannelState::up, seen.age = std::chrono::seconds(40);
    floor.on(seen);
  }
  floor.on(pbx::ResyncEnded{pbx::ResyncScope::channels});
  floor.at(800);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
}

}  // namespace
}  // namespace hf::detect
