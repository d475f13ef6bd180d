// More that looks like trouble and is none: here no signal at all may open an incident.
#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;

struct Quiet : testing::Test {
  Quiet() {
    floor.agents("support", 1001, 1004);
    floor.agents("sales", 1005, 1006);
    floor.calls(8, 0, "5550101", "support", "PJSIP/1001");
  }
  std::vector<std::string> opened() const {
    std::vector<std::string> signals;
    for (const Finding& f : floor.findings)
      if (f.kind == FindingKind::news) signals.push_back(f.signal);
    return signals;
  }
  void own_call(const std::string& id, const std::string& device, const std::string& dialled) {
    pbx::ChannelStarted c;
    c.channel = c.linked = id, c.device = device, c.dialled = dialled, c.context = "from-phones";
    floor.on(c), floor.on(pbx::ChannelStateChanged{id, pbx::ChannelState::up});
  }
  void busy_floor() {
    for (int i = 1001; i <= 1004; ++i)
      floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::in_use);
  }
  Floor floor;
};

TEST_F(Quiet, night_mode_plays_a_message_and_hangs_up) {
  for (int i = 1001; i <= 1006; ++i) floor.remove(i <= 1004 ? "support" : "sales", "PJSIP/" + std::to_string(i));
  for (int i = 0; i < 30; ++i) {
    const std::string id = "n" + std::to_string(i);
    floor.at(7200 + 300 * i), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::announcement, "closed");
    floor.at(7225 + 300 * i), floor.on(pbx::HangupRequested{id, pbx::HangupSide::pbx}),
        floor.on(pbx::ChannelEnded{id, id, 16});
  }
  floor.at(20000);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, a_ring_group_that_rings_for_minutes_beside_free_agents) {
  for (int i = 0; i < 20; ++i) {
    const std::string id = "g" + std::to_string(i);
    floor.at(1000 + 200 * i), floor.arrive(id, "5550170"), floor.step(id, pbx::StepKind::dial);
    floor.at(1170 + 200 * i), floor.hang_up(id);  // nobody of the group is in; it is no queue
  }
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, calls_between_colleagues_and_out_of_the_house) {
  for (int i = 0; i < 20; ++i) {
    own_call("i" + std::to_string(i), "PJSIP/1005", "1006");
    own_call("o" + std::to_string(i), "PJSIP/1006", "0449000" + std::to_string(i));
    floor.at(1000 + 120 * i);
  }
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, a_caller_who_asks_to_be_called_back_and_is) {
  busy_floor();
  for (int i = 0; i < 10; ++i) {  // virtual hold: the caller hangs up, the PBX dials out later
    const std::string id = "v" + std::to_string(i);
    floor.at(1000 + 60 * i), floor.arrive(id, "5550101"), floor.join(id, "support");
    floor.at(1030 + 60 * i), floor.on(pbx::QueueExited{id, "support", pbx::QueueExit::key}),
        floor.step(id, pbx::StepKind::input);
    floor.at(1045 + 60 * i), floor.hang_up(id);
    own_call("back" + std::to_string(i), "Local/" + std::to_string(i) + "@callback", "0449000" + std::to_string(i));
  }
  floor.at(4000);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, members_in_wrap_up_are_not_free) {
  for (int i = 1001; i <= 1004; ++i) {
    pbx::MemberState m;
    m.queue = "support", m.member = m.device = "PJSIP/" + std::to_string(i), m.wrapup = std::chrono::minutes(20);
    m.state = pbx::DeviceState::not_in_use;
    floor.on(m);
    const std::string id = "w" + std::to_string(i);
    floor.at(1000 + i), floor.arrive(id, "5550101"), floor.join(id, "support");
    floor.leave(id, "support"), floor.on(pbx::MemberConnected{id, "support", m.member, "", id + "/leg", {}, {}});
    floor.on(pbx::MemberDone{id, "support", m.member, id + "/leg", {}, {}, pbx::TalkEnd::agent}), floor.hang_up(id);
  }
  for (int i = 0; i < 5; ++i) floor.at(2100 + 20 * i), floor.arrive("x" + std::to_string(i), "5550101");
  floor.at(3000);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, members_of_a_higher_tier_stand_by) {
  busy_floor();
  pbx::MemberState m;
  m.queue = "support", m.member = m.device = "PJSIP/1005", m.penalty = 5, m.state = pbx::DeviceState::in_use;
  floor.on(m);
  for (int i = 0; i < 5; ++i) {
    const std::string id = "t" + std::to_string(i);
    floor.at(1000 + 20 * i), floor.arrive(id, "5550101");
    floor.at(1004 + 20 * i), floor.join(id, "support");
  }
  floor.at(1800);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, agents_who_are_logged_in_and_away_from_their_phones) {
  for (int i = 1001; i <= 1003; ++i)
    floor.agent("support", "PJSIP/" + std::to_string(i), false, pbx::DeviceState::unavailable);
  floor.agent("support", "PJSIP/1004", false, pbx::DeviceState::in_use);
  for (int i = 0; i < 5; ++i) floor.at(1000 + 20 * i), floor.arrive("a" + std::to_string(i), "5550101");
  floor.at(1800);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, a_robot_that_calls_every_ten_minutes_for_a_fixed_time) {
  for (int i = 0; i < 100; ++i) floor.call(1000 + 600 * i, "5550101", "support", "PJSIP/1002", 4, 3, 45);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, the_hour_that_summer_time_takes_or_gives_a_pbx_that_tells_local_time) {
  floor.pbx_ahead = std::chrono::hours(1);
  for (const int hours : {2, 1}) {
    floor.calls(20, hours == 2 ? 1000 : 4000, "5550101", "support", "PJSIP/1001");
    floor.pbx_ahead = std::chrono::hours(hours);
  }
  floor.calls(20, 7000, "5550101", "support", "PJSIP/1001");
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, a_maintenance_window_with_reloads_a_restart_and_callers_turned_away) {
  for (int i = 1001; i <= 1004; ++i) floor.agent("support", "PJSIP/" + std::to_string(i), true);
  for (int i = 0; i < 6; ++i) floor.at(1000 + 30 * i), floor.on(pbx::ConfigurationChanged{"app_queue"});
  for (int i = 0; i < 6; ++i) {
    const std::string id = "m" + std::to_string(i);
    floor.at(1200 + 10 * i), floor.arrive(id, "5550101"), floor.on(pbx::ChannelEnded{id, id, 16});
  }
  floor.at(1300), floor.on(pbx::PbxLife{pbx::PbxState::stopping, {}}), floor.on(pbx::SourceDown{"closed by the PBX"});
  floor.at(1350), floor.up();
  for (int i = 1001; i <= 1004; ++i) floor.agent("support", "PJSIP/" + std::to_string(i));
  floor.calls(10, 1400, "5550101", "support", "PJSIP/1001");
  floor.at(4000);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, a_constant_legal_notice_from_the_first_call_on) {
  for (int i = 0; i < 60; ++i) floor.call(1000 + 90 * i, "5550103", "sales", "PJSIP/1005", 38, 3, 30);
  EXPECT_THAT(opened(), IsEmpty());
}

TEST_F(Quiet, orders_of_events_that_cannot_be) {
  for (int i = 0; i < 200; ++i) {
    const std::string id = "z" + std::to_string(i % 7);
    floor.at(1000 + 3 * i);
    switch (i % 6) {
      case 0:
        floor.connect(id, "support", "PJSIP/1001");
        break;
      case 1:
        floor.leave(id, "support");
        break;
      case 2:
        floor.on(pbx::MemberDone{id, "support", "PJSIP/1002", {}, {}, std::chrono::seconds(-5), {}});
        break;
      case 3:
        floor.join(id, "support"), floor.join(id, "support");
        break;
      case 4:
        floor.arrive(id, "5550101"), floor.arrive(id, "5550101");
        break;
      default:
        floor.hang_up(id);
        break;
    }
  }
  EXPECT_THAT(floor.held_lines(), IsEmpty());
  EXPECT_GT(floor.tracker.oddities().negative, 0u);
  EXPECT_GT(floor.tracker.oddities().joined_twice, 0u);
}

// Talks far from what is believed at first, and all alike (robots): they were paged as longer than usual, again and again,
// beside a queue in which hardly anybody waited.
TEST_F(Quiet, a_day_of_short_talks_of_one_length_and_nobody_who_waits) {
  for (int i = 0; i < 600; ++i) floor.call(600 + 40 * i, "5550101", "support", "PJSIP/" + std::to_string(1001 + i % 4));
  EXPECT_THAT(opened(), IsEmpty());
}

}  // namespace
}  // namespace hf::detect
