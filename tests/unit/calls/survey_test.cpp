#include "tests/unit/calls/floor.hpp"

namespace hf::calls {
namespace {

std::vector<SurveyGiven> answers(const Floor& floor) {
  std::vector<SurveyGiven> all;
  for (const Change& change : floor.changes)
    if (const auto* given = std::get_if<SurveyGiven>(&change.what)) all.push_back(*given);
  return all;
}

TEST(Survey, belongs_to_the_queue_that_answered_its_call_and_to_the_time_the_caller_came) {
  Floor floor;
  floor.open(1);
  floor.arrive(100, "1");
  floor.join(110, "1");
  floor.answer(120, "1", "leg", 1);
  floor.say(200, "survey_answered channel=1 question=1 score=4 low=1 high=5");
  const auto given = answers(floor);
  ASSERT_EQ(given.size(), 1u);
  EXPECT_EQ(given[0].call, "1");
  EXPECT_EQ(given[0].queue, "support");
  EXPECT_EQ(given[0].about, at(100));
}

TEST(Survey, finds_its_call_after_the_caller_has_hung_up) {
  Floor floor;
  floor.open(1);
  floor.arrive(100, "1");
  floor.join(110, "1");
  floor.answer(120, "1", "leg", 1);
  floor.leave_bridge(190, "1", "leg");
  floor.end(190, "1");
  floor.advance(260);
  floor.say(300, "survey_answered channel=1 question=2 score=9 low=0 high=10");
  ASSERT_EQ(answers(floor).size(), 1u);
  EXPECT_EQ(answers(floor)[0].queue, "support");
  EXPECT_EQ(answers(floor)[0].about, at(100));
}

TEST(Survey, of_no_known_call_counts_for_the_queue_and_the_time_that_it_names) {
  Floor floor;
  floor.open(1);
  floor.say(300, "survey_answered queue=sales question=1 score=4 low=1 high=5 answered_at=1000050.000000");
  floor.say(301, "survey_answered channel=unseen question=1 score=4 low=1 high=5 answered_at=9000000.000000");
  const auto given = answers(floor);
  ASSERT_EQ(given.size(), 2u);
  EXPECT_EQ(given[0].queue, "sales");
  EXPECT_EQ(given[0].about, at(50));
  EXPECT_EQ(given[1].queue, "");
  EXPECT_EQ(given[1].about, at(301)) << "nobody answers in the future";
}

TEST(Survey, does_not_make_a_call_of_its_own) {
  Floor floor;
  floor.open(1);
  floor.say(300, "survey_answered channel=77 queue=sales question=1 score=4 low=1 high=5");
  EXPECT_TRUE(floor.tracker.open_calls().empty());
}

}  // namespace
}  // namespace hf::calls
