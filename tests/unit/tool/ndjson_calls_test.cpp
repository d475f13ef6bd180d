#include "agent/tool/ndjson_calls.hpp"

#include <gtest/gtest.h>

namespace hf::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

pbx::SourceUp ami() { return {"Asterisk", true, true, true}; }

calls::Call answered() {
  calls::Call c;
  c.id = "1795306594.9", c.line = "5550101", c.arrived = Time(milliseconds(1'795'306'594'787));
  c.stints = {{"holding", c.arrived + seconds(2), c.arrived + seconds(302), calls::StintEnd::timeout},
              {"support", c.arrived + seconds(302), c.arrived + seconds(305), calls::StintEnd::answered}};
  c.connected = c.arrived + seconds(305), c.ended = c.arrived + seconds(350), c.outcome = calls::Outcome::answered;
  c.hold = seconds(4), c.talk = seconds(45), c.agent = "PJSIP/1003";
  return c;
}

TEST(CallNdjson, writes_every_field_by_name) {
  EXPECT_EQ(call_ndjson(answered(), ami()),
            "{\"uniqueid\":\"1795306594.9\",\"line\":\"5550101\",\"queue\":\"support\",\"queues\":[\"holding\","
            "\"support\"],\"arrived\":1795306594.787000,"
            "\"connected\":1795306899.787000,\"ended\":1795306944.787000,\"outcome\":\"answered\",\"caller_wait_s\":"
            "305.000000,\"queue_wait_s\":3.000000,"
            "\"hold_s\":4.000000,\"talk_s\":45.000000,\"agent\":\"PJSIP/1003\"}\n");
}

TEST(CallNdjson, shows_an_open_call_as_open_with_what_is_past) {
  calls::Call c = answered();
  c.connected.reset(), c.ended.reset(), c.agent.clear(), c.hold = c.talk = {};
  c.stints.pop_back();
  c.stints.back().left.reset();
  const std::string line = call_ndjson(c, ami());
  EXPECT_NE(line.find("\"outcome\":\"open\",\"caller_wait_s\":null,\"queue_wait_s\":null"), std::string::npos) << line;
  EXPECT_NE(line.find("\"connected\":null,\"ended\":null"), std::string::npos) << line;
  EXPECT_NE(line.find("\"agent\":null"), std::string::npos) << line;
}

TEST(CallNdjson, knows_no_wait_before_the_queue_from_a_queue_log) {
  calls::Call c = answered();
  c.arrival_seen = false;
  const std::string line = call_ndjson(c, pbx::SourceUp{"queue_log"});
  EXPECT_NE(line.find("\"caller_wait_s\":null,\"queue_wait_s\":3.000000,\"hold_s\":null"), std::string::npos) << line;
}

TEST(AgentNdjson, escapes_names_and_leaves_open_ends_null) {
  const calls::AgentInterval i{"Local/10\"08@phones", "", "", calls::AgentState::talking, Time(seconds(10)), {}};
  EXPECT_EQ(
      agent_ndjson(i),
      "{\"agent\":\"Local/10\\\"08@phones\",\"queue\":null,\"from\":10.000000,\"to\":null,\"state\":\"talking\"}\n");
}

}  // namespace
}  // namespace hf::app
