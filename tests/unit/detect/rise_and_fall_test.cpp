// H15 and H27: what rises under a hold, and how its end is known.
#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Reading reading(const Floor& floor, double s, std::string_view signal) {
  for (const Reading& r : floor.detector.readings(Floor::time(s), floor.tracker))
    if (r.signal == signal) return r;
  return {};
}

struct Redials : testing::Test {
  // A caller who is answered at once and gone in a minute.
  void caller(unsigned key) {
    pbx::ChannelStarted c;
    c.channel = c.linked = "r" + std::to_string(++n), c.device = "PJSIP/trunk", c.dialled = "5550101";
    c.context = "from-trunk", c.caller = key;
    floor.at(now += 120), floor.on(c), floor.join(c.channel, "support");
    floor.at(now + 3), floor.hang_up(c.channel);
  }
  Floor floor;
  double now = 0;
  unsigned n = 0, fresh = 1000;
};

TEST_F(Redials, rise_with_callers_who_try_again_and_fall_with_new_ones) {
  for (int i = 0; i < 720 + 300; ++i) caller(i % 20 == 19 ? fresh - 1 : ++fresh);  // a day to know them, then 5 %
  EXPECT_EQ(reading(floor, now, "repeat_callers").state, ReadingState::quiet);
  EXPECT_NEAR(reading(floor, now, "repeat_callers").baseline.value_or(0), 0.05, 0.03);
  for (int i = 0; i < 60; ++i) caller(i % 3 == 0 ? ++fresh : fresh);
  const Reading risen = reading(floor, now, "repeat_callers");
  EXPECT_EQ(risen.state, ReadingState::standing);
  EXPECT_GT(risen.value.value_or(0), 0.4);
  EXPECT_LT(risen.baseline.value_or(1), 0.1) << "what is usual is not learnt from it";
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty()) << "it opens nothing";
  for (int i = 0; i < 120; ++i) caller(++fresh);
  EXPECT_EQ(reading(floor, now, "repeat_callers").state, ReadingState::quiet);
}

TEST_F(Redials, of_withheld_numbers_are_not_seen) {
  for (int i = 0; i < 720 + 300; ++i) caller(0);
  EXPECT_EQ(reading(floor, now, "repeat_callers").sample_size, 0u);
}

struct Withdrawn : testing::Test {
  Withdrawn() {
    floor.agents("support", 1001, 1004);
    floor.calls(8, 0, "5550101", "support", "PJSIP/1001");
    EXPECT_EQ(reading(floor, 500, "withdrawn").state, ReadingState::unknown) << "nothing to withdraw";
  }
  // From 600 s on callers are kept for 300 s, one a minute; every one, or one in `every`.
  void hold(int callers, int every = 1) {
    struct Act {
      double at;
      int caller, step;
    };
    std::vector<Act> acts;
    for (int i = 0; i < callers; ++i) {
      const double in = 600 + 60 * i, ready = in + (i % every == 0 ? 300 : 4);
      for (const auto& [s, step] : {std::pair{in, 0}, {ready, 1}, {ready + 3, 2}, {ready + 23, 3}})
        acts.push_back({s, i, step});
    }
    std::ranges::sort(acts, {}, &Act::at);
    for (const Act& a : acts) {
      const std::string id = "w" + std::to_string(a.caller), phone = "PJSIP/" + std::to_string(1001 + a.caller % 4);
      floor.at(a.at);
      if (a.step == 0) floor.arrive(id, "5550101");
      if (a.step == 1) floor.join(id, "support");
      if (a.step == 2) floor.connect(id, "support", phone);
      if (a.step == 3) floor.done(id, "support", phone);
    }
    end = acts.back().at;
  }
  double run(double s) const { return reading(floor, s, "withdrawn").value.value_or(-1); }
  Floor floor;
  double end = 0;
};

TEST_F(Withdrawn, callers_who_go_straight_on_are_counted_until_they_are_too_many) {
  hold(8);
  EXPECT_EQ(run(end), 0) << "all were held so far";
  floor.call(end + 60, "5550101", "support", "PJSIP/1001"), floor.call(end + 120, "5550101", "support", "PJSIP/1001");
  EXPECT_EQ(run(end + 150), 2);
  EXPECT_EQ(reading(floor, end + 150, "withdrawn").state, ReadingState::watching);
  EXPECT_THAT(floor.of(FindingKind::cleared), IsEmpty());
  for (int i = 3; i < 7; ++i) floor.call(end + 60 * i, "5550101", "support", "PJSIP/1001");
  EXPECT_THAT(floor.of(FindingKind::cleared), SizeIs(1));
  EXPECT_EQ(reading(floor, end + 420, "withdrawn").state, ReadingState::unknown);
}

TEST_F(Withdrawn, a_partial_hold_that_lets_some_through_is_not_over) {
  hold(24, 3);
  ASSERT_THAT(floor.of(FindingKind::news, "held_beside_free"), testing::Not(IsEmpty()));
  EXPECT_THAT(floor.of(FindingKind::cleared), IsEmpty()) << "two of three went straight on all the while";
  for (int i = 1; i < 60; ++i) floor.call(end + 60 * i, "5550101", "support", "PJSIP/1001");
  const auto cleared = floor.of(FindingKind::cleared);
  ASSERT_THAT(cleared, SizeIs(1));
  EXPECT_GT(Floor::since_start(cleared[0].at), end + 6 * 60) << "more of them are needed than after a full one";
}

TEST_F(Withdrawn, a_hold_that_comes_back_begins_the_count_anew) {
  hold(8);
  for (int i = 1; i < 4; ++i) floor.call(end + 60 * i, "5550101", "support", "PJSIP/1001");
  EXPECT_EQ(run(end + 240), 3);
  floor.at(end + 260), floor.arrive("again", "5550101");
  floor.at(end + 560), floor.join("again", "support");
  floor.at(end + 563), floor.connect("again", "support", "PJSIP/1001");
  EXPECT_EQ(run(end + 570), 0);
  EXPECT_THAT(floor.of(FindingKind::cleared), IsEmpty());
}

}  // namespace
}  // namespace hf::detect
