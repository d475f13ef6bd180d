#include <gtest/gtest.h>

#include "hal/pbx/asterisk/ami_map.hpp"

namespace hf::pbx {
namespace {

std::vector<std::string> told(std::string_view message) {
  AmiMapper mapper(SipKey{});
  std::vector<CallEvent> events;
  mapper.map(message, Time(std::chrono::seconds(1000)), events);
  std::vector<std::string> all;
  for (const CallEvent& e : events) all.push_back(to_text(e).substr(12));
  return all;
}

constexpr const char* kSurvey = "survey_answered channel=1795306282.0 question=1 score=4 low=1 high=5";

TEST(AmiSurvey, answers_are_told_as_user_events) {
  EXPECT_EQ(told("Event: UserEvent\r\nUniqueid: 1795306282.0\r\nUserEvent: Survey\r\nQuestion: csat\r\nScore: 4\r\nScale: 1-5\r\n"),
            std::vector<std::string>{kSurvey});
  EXPECT_EQ(told("Event: UserEvent\r\nUniqueid: 1795306282.0\r\nUserEvent: CSAT\r\nScore: 4\r\n"), std::vector<std::string>{kSurvey});
  EXPECT_EQ(told("Event: UserEvent\r\nUniqueid: 1795306282.0\r\nUserEvent: SurveyResult\r\nMetric: CSAT\r\nScore: 4\r\nStatus: ok\r\n"),
            std::vector<std::string>{kSurvey});
  EXPECT_TRUE(told("Event: UserEvent\r\nUniqueid: 1795306282.0\r\nUserEvent: SurveyResult\r\nMetric: CSAT\r\nScore: \r\nStatus: noanswer\r\n").empty());
  EXPECT_TRUE(told("Event: UserEvent\r\nUniqueid: 1795306282.0\r\nUserEvent: Door\r\nScore: 4\r\n").empty()) << "somebody else's";
}

}  // namespace
}  // namespace hf::pbx
