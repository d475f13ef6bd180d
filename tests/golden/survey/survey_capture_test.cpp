// A real survey: Asterisk 16.28 asked 44 callers after their talks ("SurveyResult"), 39 pressed a key, 5 none.
#include <gtest/gtest.h>

#include "agent/calls/tracker.hpp"
#include "agent/metrics/survey_sum.hpp"
#include "hal/pbx/recorded/open_capture.hpp"

namespace hf {
namespace {

struct Told {
  std::vector<metrics::SurveySum> sums;
  size_t of_no_call = 0;
};

Told follow(const std::string& file) {
  const auto path = std::string(HF_SOURCE_DIR) + "/tests/golden/" + file;
  auto capture = pbx::open_capture(path, SipKey{1});
  if (!capture) return ADD_FAILURE() << capture.error().what, Told{};
  calls::Tracker tracker;
  metrics::SurveyBook book;
  std::vector<metrics::SurveySum> changed;
  Told told;
  for (pbx::Batch batch; (*capture)->next(batch);)
    for (const auto& event : batch.events) {
      std::vector<calls::Change> changes;
      tracker.on(event, changes);
      for (const auto& change : changes)
        if (const auto* given = std::get_if<calls::SurveyGiven>(&change.what)) book.add(metrics::sum_of(*given), changed), told.of_no_call += given->call.empty() ? 1 : 0;
    }
  told.sums = book.sums(Time{}, Time::max());
  return told;
}

void expect_as_recorded(const Told& told) {
  ASSERT_EQ(told.sums.size(), 1u);
  const metrics::SurveySum& s = told.sums[0];
  EXPECT_EQ(s.queue, "support");
  EXPECT_EQ(s.question, pbx::SurveyQuestion::csat);
  EXPECT_EQ(s.answers, 39u);
  EXPECT_EQ(s.sum, 9u * 1 + 1 * 2 + 4 * 3 + 14 * 4 + 11 * 5);
  EXPECT_EQ(s.top, 25u);
  EXPECT_EQ(s.bad, 0u) << "who presses nothing gives no answer, and no bad one";
  EXPECT_NEAR(metrics::figures(s).csat.value(), 25.0 / 39, 1e-9);
}

TEST(SurveyCapture, ami_tells_every_answer_with_its_call) {
  const Told told = follow("captures/asterisk-16.28/survey");
  expect_as_recorded(told);
  EXPECT_EQ(told.of_no_call, 0u);
}

TEST(SurveyCapture, queue_log_tells_the_same) {
  const Told told = follow("captures/asterisk-16.28/survey/queue_log");
  expect_as_recorded(told);
  EXPECT_EQ(told.of_no_call, 0u);
}

// Every digit that a caller pressed came as an event of the dialplan; 57 over two versions, 28 of them in this run.
TEST(SurveyCapture, freeswitch_tells_its_own) {
  const Told told = follow("freeswitch/1.10.12/survey");
  ASSERT_EQ(told.sums.size(), 1u);
  EXPECT_EQ(told.sums[0].queue, "support@default");
  EXPECT_EQ(told.sums[0].answers, 28u);
  EXPECT_EQ(told.sums[0].bad, 0u);
  EXPECT_EQ(told.of_no_call, 0u);
}

}  // namespace
}  // namespace hf
