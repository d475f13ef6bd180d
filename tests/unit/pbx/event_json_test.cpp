#include "hal/pbx/event_json.hpp"

#include <gtest/gtest.h>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {
namespace {

constexpr SipKey kKey{7};

std::string problem(std::string_view line) {
  const auto read = from_json(line, kKey);
  return read ? "" : read.error().what;
}

TEST(EventJson, reads_every_kind_of_value) {
  const auto joined = from_json(R"({"id":"e1","at":1772445600.25,"kind":"queue_joined","channel":"c1","queue":"sales","position":3})", kKey);
  ASSERT_TRUE(joined) << joined.error().what;
  EXPECT_EQ(joined->id, "e1");
  EXPECT_EQ(to_text({*joined->at, {}, joined->body}), "1772445600.250000 queue_joined channel=c1 queue=sales position=3");
  const auto done = from_json(R"({"id":"e2","kind":"member_done","queue":"sales","talk_s":12.5,"end":"caller","queue_wait_s":null})", kKey);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(to_text({Time{}, {}, done->body}), "0.000000 member_done queue=sales talk=12500000 end=1");
  const auto state = from_json(R"({"id":"e3","kind":"member_state","member":"201","state":"not_in_use","paused":true,"last_call":1772442000})", kKey);
  ASSERT_TRUE(state) << state.error().what;
  EXPECT_EQ(to_text({Time{}, {}, state->body}), "0.000000 member_state member=201 state=1 paused=1 last_call=1772442000.000000");
}

TEST(EventJson, makes_a_pseudonym_of_the_callers_number_at_once) {
  const auto started = from_json(R"({"id":"e1","kind":"channel_started","channel":"c1","caller_number":"+49 170 1234567"})", kKey);
  ASSERT_TRUE(started) << started.error().what;
  EXPECT_EQ(std::get<ChannelStarted>(started->body).caller, caller_key(kKey, "+491701234567"));
  EXPECT_NE(problem(R"({"id":"e1","kind":"channel_started","caller":17})"), "") << "a made-up pseudonym is refused";
}

TEST(EventJson, takes_an_answer_to_a_survey_with_its_scale) {
  const auto answer = from_json(R"({"id":"e1","kind":"survey_answered","queue":"sales","question":"nps","score":0,"low":0,"high":10,"answered_at":1772442000})", kKey);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_TRUE(std::get<SurveyAnswered>(answer->body).valid());
  EXPECT_EQ(to_text({Time{}, {}, answer->body}), "0.000000 survey_answered queue=sales question=2 score=0 high=10 answered_at=1772442000.000000");
  EXPECT_EQ(problem(R"({"id":"e1","kind":"survey_answered","question":"mood"})"), "question must be one of untold csat nps ces");
  const auto untold = from_json(R"({"id":"e1","kind":"survey_answered","question":"csat","score":4})", kKey);
  EXPECT_FALSE(std::get<SurveyAnswered>(untold->body).valid()) << "a scale that is not told is no scale";
}

TEST(EventJson, names_the_field_and_what_was_meant) {
  EXPECT_EQ(problem(R"({"id":"e1","kind":"queue_joined","quueue":"sales"})"), "\"quueue\" is no field of queue_joined; did you mean \"queue\"?");
  EXPECT_EQ(problem(R"({"id":"e1","kind":"que_joined"})"), "kind \"que_joined\" is not known; did you mean \"queue_joined\"?");
  EXPECT_EQ(problem(R"({"id":"e1","kind":"queue_exited","reason":"bored"})"),
            "reason must be one of timeout key full join_empty leave_empty join_unavailable leave_unavailable continues withdrawn");
  EXPECT_EQ(problem(R"({"id":"e1","kind":"queue_joined","position":-1})"), "position must be a whole number that is not negative");
  EXPECT_EQ(problem(R"({"id":"e1","kind":"member_missed","rang_s":"long"})"), "rang_s must be seconds");
  EXPECT_EQ(problem(R"({"id":"e1","at":"yesterday","kind":"queue_joined"})"), "at must be a time in unix seconds");
  EXPECT_EQ(problem(R"({"kind":"queue_joined"})"), "id must be a text of 1 to 64 bytes");
  EXPECT_EQ(problem("half a li"), "no JSON object");
  EXPECT_EQ(problem("[]"), "no JSON object");
}

TEST(EventJson, refuses_times_that_are_none) {
  for (const char* at : {"-1", "1e300", "253402300800", "\"1772445600\"", "true", "null"})
    EXPECT_NE(problem(std::string(R"({"id":"e","kind":"queue_left","at":)") + at + "}"), "") << at;
}

}  // namespace
}  // namespace hf::pbx
