// How a channel sounded, as Asterisk says when it ends. The first line is one of a real 22.10.
#include <gtest/gtest.h>

#include "hal/pbx/asterisk/ami_map.hpp"

namespace hf::pbx {
namespace {

std::vector<std::string> told(const std::string& variable, const std::string& value) {
  AmiMapper mapper(SipKey{1});
  std::vector<CallEvent> events;
  mapper.map("Event: VarSet\r\nPrivilege: dialplan,all\r\nChannel: PJSIP/trunk-00000002\r\nUniqueid: 1795306317.2\r\nVariable: " + variable + "\r\nValue: " + value,
             Time(std::chrono::seconds(1'795'306'343)), events);
  std::vector<std::string> all;
  for (const CallEvent& event : events) all.push_back(to_text(event).substr(18));
  return all;
}

TEST(AmiVoice, tells_what_the_far_end_reported_and_what_the_pbx_heard) {
  const auto both = told("RTPAUDIOQOS", "ssrc=1972807288;themssrc=3773029196;lp=5;rxjitter=0.003000;rxcount=95;txjitter=0.008375;txcount=315;rlp=0;rtt=0.030487;rxmes=87.5;txmes=87.5");
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0], "voice_heard channel=1795306317.2 reports=1 jitter=3000 round_trip=30487 mos_lq=441 mos_cq=441");
  EXPECT_EQ(both[1], "voice_heard channel=1795306317.2 by_pbx=1 reports=1 loss_ppm=50000 jitter=8375 mos_lq=392");
}

TEST(AmiVoice, of_who_did_not_report_and_of_less_than_a_second_is_not_told) {
  EXPECT_EQ(told("RTPAUDIOQOS", "lp=0;rxjitter=0.0;rxcount=500;txjitter=0.000000;txcount=500;rlp=0;rtt=0.000000").size(), 1u) << "the phone sends no RTCP";
  EXPECT_TRUE(told("RTPAUDIOQOS", "lp=0;rxjitter=0.0;rxcount=49;txjitter=0.001;txcount=49;rlp=0;rtt=0.01").empty());
}

TEST(AmiVoice, stays_within_what_can_be) {
  const auto more_than_all = told("RTPAUDIOQOS", "lp=4294967295;rxcount=4294967295;rlp=900;txcount=60;rtt=-1;txjitter=x");
  ASSERT_EQ(more_than_all.size(), 2u);
  EXPECT_EQ(more_than_all[0], "voice_heard channel=1795306317.2 reports=1 loss_ppm=1000000 mos_lq=118");
  EXPECT_TRUE(told("RTPAUDIOQOS", "").empty());
  EXPECT_TRUE(told("RTPAUDIOQOSBRIDGED", "lp=0;rxcount=500;rtt=0.1;txcount=500").empty()) << "the other leg's, told there";
  EXPECT_TRUE(told("RTPAUDIOQOSJITTER", "lp=0;rxcount=500;rtt=0.1;txcount=500").empty());
}

}  // namespace
}  // namespace hf::pbx
