// Most members go at once: a shortage where floors empty so as a habit; else they were sent away, which is a hold as long
// as nobody who came since is answered.
#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string phone(int n) { return "PJSIP/" + std::to_string(n); }

class EmptiedFloor : public testing::Test {
 protected:
  // A morning of eight members. Five times all but two leave the floor for three minutes, while callers are answered at
  // once: here that is nothing strange.
  void SetUp() override {
    floor.agents("support", 1001, 1008);
    for (int i = 0; i < 150; ++i, t += 40) {
      if (i % 30 == 10) leave();
      if (i % 30 == 15) floor.agents("support", 1001, 1006);
      floor.call(t, "5550101", "support", phone(1007 + i % 2));
    }
    t = 6'000;  // a whole minute, as the load looks at it
    floor.at(t);
  }
  void leave() {
    for (int n = 1001; n <= 1006; ++n) floor.remove("support", phone(n));
  }
  void talk(const std::string& id, int n) {
    floor.arrive(id, "5550101"), floor.join(id, "support"), floor.connect(id, "support", phone(n));
  }
  void callers(double from, double to) {
    for (double s = from; s < to; s += 15) {
      const std::string id = "w" + std::to_string(++came);
      floor.at(s), floor.arrive(id, "5550101"), floor.join(id, "support");
    }
  }
  Floor floor;
  double t = 0;
  int came = 0;
};

TEST_F(EmptiedFloor, is_told_as_a_shortage_within_four_minutes) {
  talk("a", 1007), talk("b", 1008);
  leave();
  callers(t + 5, t + 110);
  floor.at(t + 115);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty()) << "the next shift may be on its way";
  callers(t + 120, t + 235);
  floor.at(t + 240);
  const auto news = floor.of(FindingKind::news, "missing_agents");
  ASSERT_THAT(news, SizeIs(1));
  EXPECT_NEAR(news[0].values.at("expected"), 8, 0.01);
  EXPECT_NEAR(news[0].values.at("at_work"), 2, 0.01);
  EXPECT_NEAR(Floor::since_start(news[0].since), t + 5, 15);
}

// The shortage is weighed where it would page: whoever is left gets no call, so that is what is told.
TEST_F(EmptiedFloor, is_told_as_a_hold_where_one_who_is_left_stands_idle) {
  talk("a", 1007), talk("b", 1008);
  leave();
  callers(t + 5, t + 90);
  floor.at(t + 92), floor.done("a", "support", phone(1007));
  callers(t + 95, t + 235);
  floor.at(t + 240);
  EXPECT_THAT(floor.of(FindingKind::news, "missing_agents"), IsEmpty());
  const auto news = floor.of(FindingKind::news);
  ASSERT_FALSE(news.empty());
  EXPECT_THAT(news[0].signal, testing::AnyOf("held_in_queue", "dead_queue")) << "nobody was let through, so far";
}

TEST_F(EmptiedFloor, without_new_callers_is_closing_time) {
  talk("a", 1007), talk("b", 1008);
  floor.arrive("last", "5550101"), floor.join("last", "support");
  leave();
  floor.at(t + 400);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

TEST_F(EmptiedFloor, of_whom_others_take_the_places_is_a_change_of_shifts) {
  talk("a", 1007), talk("b", 1008);
  leave();
  callers(t + 5, t + 60);
  floor.at(t + 60), floor.agents("support", 1011, 1016);
  for (int n = 1; n <= 4; ++n) floor.connect("w" + std::to_string(n), "support", phone(1010 + n));
  floor.at(t + 400);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

// The same eight, on whose floor two thirds never left at once.
class SentAway : public EmptiedFloor {
 protected:
  void SetUp() override {
    floor.agents("support", 1001, 1008);
    for (int i = 0; i < 300; ++i, t += 120)
      floor.call(t, "5550101", "support", phone(1001 + i % 8), 4, 3, 20 + i * 37 % 80);
    floor.at(t);
    talk("a", 1007), talk("b", 1008);
    leave();
  }
};

TEST_F(SentAway, most_of_the_floor_in_the_middle_of_its_work_is_told_as_a_hold) {
  callers(t + 5, t + 235);
  floor.at(t + 240);
  const auto news = floor.of(FindingKind::news, "held_in_queue");
  ASSERT_FALSE(news.empty());
  EXPECT_EQ(news[0].template_id, "members_sent_away");
  EXPECT_EQ(news[0].values.at("left"), 6);
  EXPECT_EQ(news[0].values.at("of"), 8);
  EXPECT_NEAR(Floor::since_start(news[0].since), t + 5, 15);
  EXPECT_THAT(floor.of(FindingKind::news, "missing_agents"), IsEmpty()) << "told once";
}

TEST_F(SentAway, is_a_shortage_when_those_who_are_left_answer_who_came_since) {
  callers(t + 5, t + 60);
  floor.at(t + 60), floor.done("a", "support", phone(1007)), floor.connect("w1", "support", phone(1007));
  callers(t + 65, t + 235);
  floor.at(t + 240);
  EXPECT_THAT(floor.of(FindingKind::news, "held_in_queue"), IsEmpty());
  EXPECT_THAT(floor.of(FindingKind::news, "missing_agents"), SizeIs(1));
}

TEST_F(SentAway, and_told_as_a_hold_is_told_anew_as_a_shortage_when_callers_are_served_on) {
  callers(t + 5, t + 235);
  floor.at(t + 240);
  ASSERT_FALSE(floor.of(FindingKind::news, "held_in_queue").empty());
  floor.done("a", "support", phone(1007)), floor.connect("w1", "support", phone(1007));
  floor.at(t + 250);
  EXPECT_THAT(floor.of(FindingKind::cleared, "held_in_queue"), IsEmpty()) << "one may have slipped through";
  floor.done("b", "support", phone(1008)), floor.connect("w2", "support", phone(1008));
  callers(t + 255, t + 295);
  floor.at(t + 300);
  EXPECT_THAT(floor.of(FindingKind::cleared, "held_in_queue"), SizeIs(1));
  EXPECT_THAT(floor.of(FindingKind::news, "missing_agents"), SizeIs(1));
}

}  // namespace
}  // namespace hf::detect
