#include "hal/pbx/freeswitch/esl_floor.hpp"

#include <gmock/gmock.h>

namespace hf::pbx {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

constexpr std::string_view kAgentColumns =
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|busy_delay_time|"
    "no_answer_delay_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|no_answer_count|"
    "calls_answered|talk_time|ready_time|external_calls_count\n";
constexpr std::string_view kMemberColumns =
    "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|rejoined_epoch|bridge_epoch|"
    "abandoned_epoch|base_score|skill_score|serving_agent|serving_system|state|score\n";

class Floor : public testing::Test {
 protected:
  // One queue of two agents; the first is free, the second on break.
  void fill() {
    floor.queues("name|strategy|moh_sound\nq|x|local_stream://moh\n+OK\n", out);
    floor.members("q", "+OK\n", Time(seconds(1000)), clock, out);
    floor.tiers("queue|agent|state|level|position\nq|a1|Ready|1|1\nq|a2|Ready|2|1\nr|a2|Ready|1|1\n+OK\n", out);
    floor.agents(std::string(kAgentColumns) +
                     "a1|single_box||callback|[leg_timeout=12]sofia/internal/"
                     "a1@h|Available|Waiting|3|6|8|10|10|0|0|0|0|0|0|0|0|0\n"
                     "a2|single_box||callback|user/1002@d|On Break|Waiting|3|6|8|10|10|0|0|0|0|0|0|0|0|0\n+OK\n",
                 clock, out);
  }
  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (const auto& body : std::exchange(out, {})) all.push_back(to_text({Time{}, {}, body}).substr(9));
    return all;
  }

  PbxClock clock;
  EslFloor floor;
  std::vector<CallEventBody> out;
};

TEST_F(Floor, gives_a_picture_out_when_all_of_it_is_there) {
  floor.queues("name|strategy|moh_sound\nq|x|y\n+OK\n", out);
  EXPECT_THAT(floor.wanted(), ElementsAre("q"));
  EXPECT_TRUE(out.empty());
  fill();
  EXPECT_THAT(
      texts(),
      ElementsAre("resync_started", "queue_seen queue=q",
                  "member_state queue=q member=a1 device=sofia/internal/a1@h name=a1 state=1 penalty=1 wrapup=6000000",
                  "member_state queue=q member=a2 device=user/1002@d name=a2 state=1 paused=1 pause_reason=On%20Break "
                  "penalty=2 wrapup=6000000",
                  "member_state queue=r member=a2 device=user/1002@d name=a2 state=1 paused=1 pause_reason=On%20Break "
                  "penalty=1 wrapup=6000000",
                  "resync_ended"));
  EXPECT_TRUE(floor.is_music("local_stream://moh"));
  EXPECT_TRUE(floor.is_device("user/1002@d"));
}

// After a crash the talking and waiting of before are listed as Abandoned, without a session [1.10.12].
TEST_F(Floor, counts_only_those_who_wait) {
  clock.learn(Time(seconds(1010)), Time(seconds(1000)));
  floor.queues("name|moh_sound\nq|y\n+OK\n", out);
  const std::string rows =
      "q|b|u1|s1|+44|A|B|1|990|0|0|0|0|0||b|Waiting|10\nq|b|u2|s2|+44|A|1|995|0|0|0|0|0|a1|b|Trying|5\n"
      "q|b|u3|s3|+44|A|1|990|0|995|0|0|0|a1|b|Answered|9\nq|b|u4||+44|A|1|990|0|0|0|0|0||b|Abandoned|9\n"
      "q|b|u5||+44|A|1|990|0|0|0|0|0||b|Waiting|9\n";
  floor.members("q", std::string(kMemberColumns) + rows + "+OK\n", Time(seconds(1010)), clock, out);
  floor.tiers("+OK\n", out), floor.agents("+OK\n", clock, out);
  EXPECT_THAT(texts(), ElementsAre("resync_started", "queue_seen queue=q waiting=2",
                                   "caller_seen channel=s1 queue=q wait=10000000",
                                   "caller_seen channel=s2 queue=q wait=5000000", "resync_ended"));
}

TEST_F(Floor, changes_nothing_for_what_is_no_table) {
  fill();
  texts();
  floor.queues("-ERR callcenter_config Command not found!\n", out);
  floor.agents("-USAGE: \ncallcenter_config <target>|<args>\n", clock, out);
  EXPECT_TRUE(floor.wanted().empty());
  floor.state("a1", "Receiving", out);
  EXPECT_THAT(
      texts(),
      ElementsAre(
          "member_state queue=q member=a1 device=sofia/internal/a1@h name=a1 state=6 penalty=1 wrapup=6000000"));
}

TEST_F(Floor, tells_status_and_state_for_each_queue_of_the_agent) {
  fill();
  texts();
  floor.status("a2", "Logged Out", out);
  EXPECT_THAT(texts(), ElementsAre("member_removed queue=q member=a2", "member_removed queue=r member=a2"));
  floor.state("a2", "Waiting", out);
  EXPECT_TRUE(out.empty()) << "who is logged out has a state all the same";
  floor.status("a2", "Available (On Demand)", out);
  EXPECT_THAT(texts().front(), testing::HasSubstr("added=1"));
  floor.state("a2", "Idle", out);
  EXPECT_THAT(texts().front(), testing::HasSubstr("paused=1 pause_reason=Idle"));
  floor.state("a2", "In a queue call", out);
  EXPECT_THAT(texts().front(), testing::HasSubstr("state=2 in_call=1"));
  floor.status("nobody", "Available", out);
  EXPECT_TRUE(out.empty());
}

// Neither has an event of its own.
TEST_F(Floor, tells_wrap_up_and_the_time_that_an_agent_is_spared) {
  fill();
  texts();
  floor.talked("a1", Time(seconds(100)), out);
  EXPECT_THAT(texts().front(), testing::HasSubstr("last_call=100.000000 ready_at=106.000000"));
  floor.missed("a1", "CALL_REJECTED", Time(seconds(200)), out);
  EXPECT_THAT(texts().front(), testing::HasSubstr("ready_at=208.000000"));
  floor.missed("a1", "USER_BUSY", Time(seconds(200)), out);
  EXPECT_THAT(texts().front(), testing::HasSubstr("ready_at=210.000000"));
}

TEST(EslTable, lets_one_column_hold_bars) {
  EslTable table("name|contact|status\na|user/1@d|user/2@d|Available\nb|c\n\nd|e|f\n+OK\nx|y|z\n", "contact");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table["name"], "a");
  EXPECT_EQ(table["contact"], "user/1@d|user/2@d");
  EXPECT_EQ(table["status"], "Available");
  EXPECT_EQ(table["nothing"], "");
  ASSERT_TRUE(table.next()) << "a row that is too short is passed over";
  EXPECT_EQ(table["status"], "f");
  EXPECT_FALSE(table.next());
}

TEST(EslTable, is_empty_when_there_is_ok_alone) {
  EslTable empty("+OK\n", "x"), none("", "x"), error("-ERR a|b\n", "x");
  EXPECT_TRUE(empty.good());
  EXPECT_FALSE(empty.next());
  EXPECT_FALSE(none.good());
  EXPECT_FALSE(error.good());
}

}  // namespace
}  // namespace hf::pbx
