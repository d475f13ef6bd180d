#include "hal/pbx/asterisk/queue_log_map.hpp"

#include <gmock/gmock.h>

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The events of one line, without the times in front.
std::vector<std::string> mapped(std::string_view line) {
  QueueLogMapper mapper;
  std::vector<CallEvent> events;
  mapper.map(line, events);
  std::vector<std::string> all;
  for (const auto& event : events) {
    EXPECT_EQ(event.at, Time(std::chrono::seconds(1795306301))) << line;
    std::string text = to_text(event).substr(18);
    const size_t stamp = text.find(" pbx_at=1795306301.000000");
    if (stamp != text.npos) text.erase(stamp, 25);
    all.push_back(std::move(text));
  }
  return all;
}

TEST(QueueLog, follows_a_caller_from_entry_to_the_end_of_the_talk) {
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|ENTERQUEUE||+49302810001|2"),
              ElementsAre("queue_joined channel=1.0 queue=sales position=2"));
  EXPECT_THAT(mapped("1795306301|1.0|sales|Anna Berg|CONNECT|4|1.7|3"),
              ElementsAre("queue_left channel=1.0 queue=sales",
                          "member_connected channel=1.0 queue=sales member=Anna%20Berg name=Anna%20Berg leg=1.7 "
                          "queue_wait=4000000 rang=3000000"));
  EXPECT_THAT(
      mapped("1795306301|1.0|sales|Anna Berg|COMPLETEAGENT|4|37|1"),
      ElementsAre("member_done channel=1.0 queue=sales member=Anna%20Berg queue_wait=4000000 talk=37000000 end=2"));
  EXPECT_THAT(
      mapped("1795306301|1.0|sales|Anna Berg|COMPLETECALLER|4|37|1"),
      ElementsAre("member_done channel=1.0 queue=sales member=Anna%20Berg queue_wait=4000000 talk=37000000 end=1"));
}

TEST(QueueLog, tells_the_ways_out_of_a_queue_apart) {
  EXPECT_THAT(
      mapped("1795306301|1.0|sales|NONE|ABANDON|1|2|42"),
      ElementsAre("queue_abandoned channel=1.0 queue=sales wait=42000000", "queue_left channel=1.0 queue=sales"));
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|EXITWITHTIMEOUT|1|1|20"),
              ElementsAre("queue_exited channel=1.0 queue=sales", "queue_left channel=1.0 queue=sales"));
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|EXITWITHKEY|1|1|1|20"),
              ElementsAre("queue_exited channel=1.0 queue=sales reason=1", "queue_left channel=1.0 queue=sales"));
}

TEST(QueueLog, reads_answers_to_a_survey) {
  const auto csat = ElementsAre("survey_answered channel=1.0 queue=sales question=1 score=4 low=1 high=5");
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|SURVEY|csat|4|1-5"), csat);
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|SURVEY|CSAT,4"), csat) << "as Asterisk 16 writes QueueLog(...,SURVEY,CSAT,4)";
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|SURVEY|CSAT,4,1-5"), csat);
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|CSAT|4"), csat);
  EXPECT_THAT(mapped("1795306301|1.0|sales|NONE|NPS|#"), ElementsAre("survey_answered channel=1.0 queue=sales question=2 high=10"));
}

TEST(QueueLog, counts_a_missed_offer_in_milliseconds) {
  EXPECT_THAT(mapped("1795306301|1.0|sales|Anna Berg|RINGNOANSWER|15000"),
              ElementsAre("member_missed channel=1.0 queue=sales member=Anna%20Berg rang=15000000"));
  EXPECT_THAT(mapped("1795306301|1.0|sales|Anna Berg|RINGCANCELED|1500"), IsEmpty());
}

TEST(QueueLog, ends_a_talk_by_transfer) {
  EXPECT_THAT(
      mapped("1795306301|1.0|sales|Anna Berg|BLINDTRANSFER|1006|from-phones|4|11|1"),
      ElementsAre("transferred transferee=1.0 extension=1006",
                  "member_done channel=1.0 queue=sales member=Anna%20Berg queue_wait=4000000 talk=11000000 end=3"));
  EXPECT_THAT(
      mapped("1795306301|1.0|sales|Anna Berg|ATTENDEDTRANSFER|BRIDGE|7d15-11|4|11|1"),
      ElementsAre("transferred kind=1 transferee=1.0",
                  "member_done channel=1.0 queue=sales member=Anna%20Berg queue_wait=4000000 talk=11000000 end=3"));
}

TEST(QueueLog, follows_members_and_their_pauses) {
  EXPECT_THAT(mapped("1795306301|MANAGER|sales|PJSIP/1007|ADDMEMBER|"),
              ElementsAre("member_state queue=sales member=PJSIP/1007 device=PJSIP/1007 name=PJSIP/1007 added=1"));
  EXPECT_THAT(
      mapped("1795306301|NONE|sales|Anna|PAUSE|Lunch: late, again"),
      ElementsAre(
          "member_state queue=sales member=Anna device=Anna name=Anna paused=1 pause_reason=Lunch:%20late,%20again"));
  EXPECT_THAT(mapped("1795306301|NONE|sales|Anna|UNPAUSE|"),
              ElementsAre("member_state queue=sales member=Anna device=Anna name=Anna"));
  EXPECT_THAT(mapped("1795306301|NONE|NONE|PJSIP/1007|PAUSEALL|Lunch"), IsEmpty());  // a line per queue says the same
  EXPECT_THAT(mapped("1795306301|MANAGER|sales|PJSIP/1007|REMOVEMEMBER|"),
              ElementsAre("member_removed queue=sales member=PJSIP/1007"));
}

TEST(QueueLog, sees_the_pbx_start) {
  EXPECT_THAT(mapped("1795306301|NONE|NONE|NONE|QUEUESTART|"), ElementsAre("pbx_life state=1"));
}

TEST(QueueLog, counts_what_it_does_not_know_and_what_is_no_line) {
  QueueLogMapper mapper;
  std::vector<CallEvent> events;
  EXPECT_TRUE(mapper.map("1795306301|1.0|support|Anna Berg|MOOD|GOOD,4", events));  // QueueLog() of a dialplan
  for (const char* bad :
       {"", "no line", "soon|1.0|q|NONE|ABANDON|1|1|1", "-5|1.0|q|NONE|ABANDON|1|1|1", "1795306301|1.0|q|NONE"})
    EXPECT_FALSE(mapper.map(bad, events)) << bad;
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(mapper.unknown(), 1u);
  EXPECT_EQ(mapper.malformed(), 5u);
}

}  // namespace
}  // namespace hf::pbx
