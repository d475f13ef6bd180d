#include "hal/pbx/sip/rtcp_quality.hpp"

#include <gtest/gtest.h>

#include "hal/pbx/voice_quality.hpp"
#include "rtcp_words.hpp"

namespace hf::pbx {
namespace {

using frames::b16;
using frames::b32;

TEST(Rtcp, reads_loss_and_jitter_of_every_block) {
  const auto packet = parse_rtcp(receiver_report(block(9, 64, 80)));
  ASSERT_TRUE(packet);
  ASSERT_EQ(packet->reports.size(), 1u);
  EXPECT_DOUBLE_EQ(packet->reports[0].loss, 0.25);
  EXPECT_EQ(packet->reports[0].jitter, 80u);
  EXPECT_FALSE(parse_rtcp("short"));
  EXPECT_TRUE(parse_rtcp(receiver_report(block(9, 64, 80)).substr(0, 32) + "garbage behind"));
}

// ITU-T G.107 (06/2015), annex B: R = 93.2 is MOS 4.41; with G.113's Bpl of 25.1, 5 % loss is R = 93.2 - 95*5/30.1
// = 77.4, MOS 3.93.
TEST(Mos, follows_g107) {
  EXPECT_NEAR(mos_lq(0), 4.41, 0.01);
  EXPECT_NEAR(mos_lq(0.05), 3.93, 0.01);
  EXPECT_NEAR(mos_cq(0, std::chrono::milliseconds(80)), 4.41, 0.01);
  // At 400 ms one way G.107's Idd is 24.2 (R = 69).
  EXPECT_NEAR(mos_cq(0, std::chrono::milliseconds(400)), 3.55, 0.06);
  EXPECT_EQ(mos_lq(1), mos_lq(2)) << "more than all cannot be lost";
}

TEST(RtcpQuality, means_the_last_five_minutes_and_measures_the_round_trip_from_the_tap) {
  RtcpQuality quality;
  Time now{std::chrono::seconds(1000)};
  quality.on(receiver_report(block(1, 255, 8000)), now);
  now += std::chrono::minutes(6);
  quality.on(sender_report(0x12345678), now);
  now += std::chrono::milliseconds(540);
  quality.on(receiver_report(block(9, 0, 40, 0x12345678, 32768)), now);  // answered after half a second
  const auto f = quality.figures(now);
  ASSERT_TRUE(f);
  EXPECT_EQ(f->reports, 1u) << "the old one is forgotten";
  EXPECT_DOUBLE_EQ(f->jitter_ms, 5);
  ASSERT_TRUE(f->round_trip_ms);
  EXPECT_NEAR(*f->round_trip_ms, 40, 0.1);
  EXPECT_EQ(quality.words(now),
            "RTCP of 5 min: 1 reports, loss 0.0 %, jitter 5 ms, MOS-LQ 4.4, MOS-CQ 4.4 at a round trip of 40 ms");
  EXPECT_EQ(quality.words(now + std::chrono::hours(1)), "");
}

TEST(RtcpQuality, reads_the_json_of_hep_senders) {
  RtcpQuality quality;
  const Time now{std::chrono::seconds(1000)};
  quality.on(
      R"({"type":201,"ssrc":7,"report_count":1,"report_blocks":[{"source_ssrc":9,"fraction_lost": 128,"ia_jitter":80}]})",
      now);
  ASSERT_TRUE(quality.figures(now));
  EXPECT_DOUBLE_EQ(quality.figures(now)->loss, 0.5);
  EXPECT_DOUBLE_EQ(quality.figures(now)->jitter_ms, 10);
  quality.on("{\"fraction_lost\"", now);
  EXPECT_EQ(quality.figures(now)->reports, 2u);
}

TEST(RtcpQuality, keeps_what_phones_say_themselves_apart) {
  // RFC 3611, 4.7: SSRC, loss and bursts, round trip 120 ms, levels, R factors, MOS-LQ 41, MOS-CQ 38, the rest.
  std::string body =
      std::string("\x07\0", 2) + b16(8) + b32(9) + std::string(8, '\0') + b16(120) + std::string(8, '\0') + "\x29\x26";
  body.resize(36);
  const std::string extended = std::string("\x80\xcf", 2) + b16(1 + 9) + b32(7) + body;
  const auto packet = parse_rtcp(extended);
  ASSERT_TRUE(packet && packet->voice);
  EXPECT_EQ(packet->voice->mos_lq, 4.1);
  EXPECT_EQ(packet->voice->mos_cq, 3.8);
  EXPECT_EQ(packet->voice->round_trip, std::chrono::milliseconds(120));
}

}  // namespace
}  // namespace hf::pbx
