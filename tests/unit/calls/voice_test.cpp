#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

std::vector<VoiceReported> voices(const Floor& floor) {
  std::vector<VoiceReported> all;
  for (const Change& change : floor.changes)
    if (const auto* told = std::get_if<VoiceReported>(&change.what)) all.push_back(*told);
  return all;
}

TEST(Voice, of_either_leg_belongs_to_the_call_and_to_the_queue_that_answered_it) {
  Floor floor;
  floor.open(1);
  floor.arrive(100, "1");
  floor.join(110, "1");
  floor.answer(120, "1", "leg", 1);
  floor.say(190, "voice_heard channel=leg reports=12 loss_ppm=40000 jitter=3000 mos_lq=370");
  floor.say(191, "voice_heard channel=1 by_pbx=1 reports=12 mos_lq=441");
  floor.end(191, "1");
  const auto told = voices(floor);
  ASSERT_EQ(told.size(), 2u);
  for (const auto& one : told) {
    EXPECT_EQ(one.call, "1");
    EXPECT_EQ(one.queue, "support");
    EXPECT_EQ(one.about, at(100));
  }
  EXPECT_EQ(told[0].heard.loss_ppm, 40000u);
}

TEST(Voice, of_no_known_call_is_told_without_one_and_makes_none) {
  Floor floor;
  floor.open(1);
  floor.say(300, "voice_heard channel=unseen reports=1 mos_lq=441");
  ASSERT_EQ(voices(floor).size(), 1u);
  EXPECT_EQ(voices(floor)[0].call, "");
  EXPECT_EQ(voices(floor)[0].about, at(300));
  EXPECT_TRUE(floor.tracker.open_calls().empty());
}

TEST(Voice, that_no_report_stands_behind_is_not_taken) {
  Floor floor;
  floor.open(1);
  floor.say(300, "voice_heard channel=1 mos_lq=441");
  floor.say(301, "voice_heard channel=1 reports=2 loss_ppm=2000000 mos_lq=441");
  floor.say(302, "voice_heard channel=1 reports=2");
  EXPECT_TRUE(voices(floor).empty());
}

}  // namespace
}  // namespace hf::calls
