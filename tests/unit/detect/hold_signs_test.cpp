// The signs by which a hold is told from other waits, played on the floor.
#include <gmock/gmock.h>

#include <random>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Everybody held for 700 to 1,100 s, nobody for the same time.
TEST(JitteredHold, is_named_by_the_callers_beside_free_agents_and_not_by_a_constant_wait) {
  Floor floor;
  floor.agents("support", 1001, 1004);
  floor.calls(10, 0, "5550101", "support", "PJSIP/1001");
  std::mt19937 random(7);
  std::uniform_real_distribution<double> extra(700, 1100);
  struct Act {
    double at;
    int caller;
    int step;
  };
  std::vector<Act> acts;
  for (int i = 0; i < 40; ++i) {
    const double in = 1000 + 90 * i, ready = in + extra(random);
    for (const auto& [s, step] : {std::pair{in, 0}, {ready, 1}, {ready + 2, 2}, {ready + 30, 3}})
      acts.push_back({s, i, step});
  }
  std::ranges::sort(acts, {}, &Act::at);
  for (const Act& a : acts) {
    const std::string id = "j" + std::to_string(a.caller), phone = "PJSIP/" + std::to_string(1001 + a.caller % 4);
    floor.at(a.at);
    if (a.step == 0) floor.arrive(id, "5550101");
    if (a.step == 1) floor.join(id, "support");
    if (a.step == 2) floor.connect(id, "support", phone);
    if (a.step == 3) floor.done(id, "support", phone);
  }
  EXPECT_THAT(floor.of(FindingKind::news, "held_beside_free"), SizeIs(1));
  EXPECT_THAT(floor.of(FindingKind::news, "constant_wait"), IsEmpty());
  const auto slope = floor.of(FindingKind::evidence, "wait_without_load");
  EXPECT_THAT(slope, testing::Not(IsEmpty())) << "noise does not make the wait follow the load";
  EXPECT_THAT(floor.of(FindingKind::evidence, "round_wait"), IsEmpty());
}

TEST(ConstantHold, is_told_with_the_signs_of_its_finished_calls) {
  Floor floor;
  floor.agents("support", 1001, 1004), floor.agents("sales", 1005, 1006);
  floor.calls(10, 0, "5550101", "support", "PJSIP/1001");
  floor.at(900), floor.on(pbx::ConfigurationChanged{"pbx_config"});
  struct Act {
    double at;
    int caller;
    int step;
  };
  std::vector<Act> acts;
  for (int i = 0; i < 60; ++i) {
    const double in = 1000 + 60 * i + (i * 37) % 50;
    for (const auto& [s, step] : {std::pair{in, 0}, {in + 900, 1}, {in + 903, 2}, {in + 940, 3}})
      acts.push_back({s, i, step});
  }
  std::ranges::sort(acts, {}, &Act::at);
  for (const Act& a : acts) {
    const std::string id = "k" + std::to_string(a.caller), phone = "PJSIP/" + std::to_string(1001 + a.caller % 4);
    floor.at(a.at);
    if (a.step == 0) floor.arrive(id, "5550101");
    if (a.step == 1) floor.join(id, "support");
    if (a.step == 2) floor.connect(id, "support", phone);
    if (a.step == 3) floor.done(id, "support", phone);
  }
  for (const char* signal : {"changed_just_before", "shifted_arrivals", "constant_queue", "round_wait", "silent_dialog",
                             "wait_without_load"})
    EXPECT_THAT(floor.of(FindingKind::evidence, signal), testing::Not(IsEmpty())) << signal;
}

TEST(EqualGroups, two_lines_of_two_queues_with_one_wait) {
  std::map<Place, CallWindows::Window> places;
  const auto fill = [&](const char* line, const char* queue, double before, double now) {
    auto& window = places[Place{line, {}}];
    window.target = queue;
    for (int i = 0; i < 12; ++i) {
      EndedCall c;
      c.arrived = Floor::time(600.0 * i);
      c.connected = c.ended = c.arrived + from_seconds((i < 6 ? before : now) + i % 3);
      window.calls.push_back(c);
    }
  };
  fill("1", "support", 20, 900), fill("2", "sales", 90, 901);
  EXPECT_EQ(equal_groups(places, Floor::time(3600)).state, ReadingState::standing);
  places.clear();
  fill("1", "support", 20, 200), fill("2", "sales", 90, 420);
  EXPECT_EQ(equal_groups(places, Floor::time(3600)).state, ReadingState::quiet);
  places.clear();
  fill("1", "support", 300, 300), fill("2", "support", 301, 301);
  EXPECT_EQ(equal_groups(places, Floor::time(3600)).state, ReadingState::quiet) << "two lines of one busy queue";
}

TEST(IdleWhileFailing, occupancy_and_service_fall_together) {
  for (const bool imposed : {true, false}) {
    Floor floor;
    floor.agents("support", 1001, 1004);
    IdleWhileFailing idle;
    std::deque<EndedCall> calls;
    for (int minute = 0; minute < 120; ++minute) {
      const bool now = minute >= 90;
      floor.at(60.0 * minute);
      const auto connect = [&](int i) {
        const std::string id = "b" + std::to_string(i);
        floor.arrive(id, "5550101"), floor.join(id, "support"),
            floor.connect(id, "support", "PJSIP/" + std::to_string(1000 + i));
      };
      if (minute == 0) connect(1), connect(2), connect(3);
      if (minute == 90 && !imposed) connect(4);
      if (minute == 90 && imposed)
        for (const int i : {1, 2, 3})
          floor.done("b" + std::to_string(i), "support", "PJSIP/" + std::to_string(1000 + i));
      idle.minute(Floor::time(60.0 * minute), floor.tracker, "support");
      EndedCall c;
      c.arrived = Floor::time(60.0 * minute), c.connected = c.arrived + std::chrono::seconds(now ? 300 : 10),
      c.ended = *c.connected;
      calls.push_back(c);
    }
    const Sign s = idle.sign(Floor::time(60.0 * 119), "support", calls);
    EXPECT_EQ(s.state == ReadingState::standing, imposed) << s.value.value_or(9);
  }
}

}  // namespace
}  // namespace hf::detect
