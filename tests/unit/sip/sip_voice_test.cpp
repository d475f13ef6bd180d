// How calls sounded: reports of sound tied to the legs whose SDP named where they go.
#include "hal/pbx/sip/sip_voice.hpp"

#include <gmock/gmock.h>

#include "rtcp_words.hpp"
#include "sip_words.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Endpoint kPbx = end_of(1), kTrunk = end_of(9), kPhone = end_of(17);

std::string sdp(uint8_t host, uint16_t port, const std::string& more = {}) {
  return fmt::format("v=0\r\nc=IN IP4 192.0.2.{}\r\nm=audio {} RTP/AVP 8\r\n{}", host, port, more);
}
std::string lost(uint8_t of_256, uint32_t jitter = 80) { return receiver_report(block(9, of_256, jitter)); }

// A caller at the trunk, the PBX, a phone. Sound: trunk 5000, PBX 6000 to the trunk and 6100 to the phone, phone 4000.
struct SipVoiceTest : testing::Test {
  Wire wire;
  std::string caller_sdp = sdp(9, 5000), phone_sdp = sdp(17, 4000);

  Words caller() const {
    return {.start = "INVITE sip:5550101@192.0.2.1 SIP/2.0", .call_id = "c1", .body = caller_sdp};
  }
  Words agent() const {
    return {.start = "INVITE sip:1007@192.0.2.17 SIP/2.0", .call_id = "a1", .from = "<sip:+493028100017@192.0.2.1>;tag=p1",
            .to = "<sip:1007@192.0.2.17>", .body = sdp(1, 6100)};
  }
  static Words ok(Words to, std::string body) {
    to.start = "SIP/2.0 200 OK", to.to += ";tag=t1", to.body = std::move(body);
    return to;
  }
  static Words within(Words call, const std::string& method, bool by_called, std::string body = {}, int cseq = 2) {
    call.start = method + " sip:x@y SIP/2.0", call.method = method, call.cseq = cseq, call.to += ";tag=t1";
    call.body = std::move(body);
    if (by_called) std::swap(call.from, call.to);
    return call;
  }
  void talk() {
    wire.say(kTrunk, kPbx, caller());
    wire.say(kPbx, kTrunk, ok(caller(), sdp(1, 6000)));
    wire.say(kPbx, kPhone, agent());
    wire.say(kPhone, kPbx, ok(agent(), phone_sdp));
  }
  // What is told of sound when the caller hangs up, and the end of his leg behind it.
  std::vector<std::string> hang_up() {
    std::vector<std::string> all;
    for (const std::string& event : wire.say(kTrunk, kPbx, within(caller(), "BYE", false)))
      if (event.starts_with("voice_heard") || event.starts_with("channel_ended")) all.push_back(event);
    return all;
  }
};

TEST_F(SipVoiceTest, is_told_of_each_side_that_reported_before_the_caller_is_gone) {
  talk();
  wire.report(end_of(17, 4001), end_of(1, 6101), lost(0));
  wire.report(end_of(17, 4001), end_of(1, 6101), lost(64, 240));
  wire.report(end_of(1, 6101), end_of(17, 4001), lost(0));
  wire.report(end_of(9, 5001), end_of(1, 6001), lost(26));
  const auto told = hang_up();
  ASSERT_EQ(told.size(), 4u);
  EXPECT_THAT(told[0], HasSubstr("reports=2 loss_ppm=125000 jitter=20000 ")) << "the phone: means of both";
  EXPECT_THAT(told[0], testing::Not(HasSubstr("by_pbx")));
  EXPECT_THAT(told[1], HasSubstr("by_pbx=1 reports=1 jitter=10000 mos_lq=441"));
  EXPECT_THAT(told[2], HasSubstr("reports=1 loss_ppm=101563 jitter=10000 mos_lq=340"));
  EXPECT_THAT(told[3], testing::StartsWith("channel_ended"));
  const auto rest = wire.say(kPbx, kPhone, within(agent(), "BYE", false));
  for (const std::string& event : rest) EXPECT_THAT(event, testing::Not(HasSubstr("voice_heard"))) << "told once";
}

TEST_F(SipVoiceTest, is_not_told_where_nobody_reported) {
  talk();
  EXPECT_THAT(hang_up(), ElementsAre(testing::StartsWith("channel_ended")));
}

TEST_F(SipVoiceTest, of_an_agents_leg_is_told_when_he_hangs_up) {
  talk();
  wire.report(end_of(17, 4001), end_of(1, 6101), lost(0));
  const auto events = wire.say(kPhone, kPbx, within(agent(), "BYE", true));
  EXPECT_THAT(events, testing::Contains(HasSubstr("voice_heard")));
  EXPECT_THAT(hang_up(), ElementsAre(testing::StartsWith("channel_ended")));
}

TEST_F(SipVoiceTest, is_found_by_either_end_behind_nat) {
  phone_sdp = "v=0\r\nc=IN IP4 10.0.0.5\r\nm=audio 4000 RTP/AVP 8\r\n";
  talk();
  wire.report(end_of(17, 31'000), end_of(1, 6101), lost(128));  // from where no SDP said
  wire.report(end_of(1, 6101), end_of(17, 31'000), lost(0));
  const auto told = hang_up();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_THAT(told[0], HasSubstr("reports=1 loss_ppm=500000")) << "the phone's";
  EXPECT_THAT(told[1], HasSubstr("by_pbx=1 reports=1 jitter"));
}

TEST_F(SipVoiceTest, comes_over_the_port_of_the_sound_or_another_where_sdp_says_so) {
  phone_sdp = sdp(17, 4000, "a=rtcp-mux\r\n");
  caller_sdp = sdp(9, 5000, "a=rtcp:5555\r\n");
  talk();
  wire.report(end_of(17, 4000), end_of(1, 6100), lost(0));
  wire.report(end_of(9, 5555), end_of(1, 9999), lost(0));
  wire.report(end_of(9, 5001), end_of(1, 9999), lost(0));
  EXPECT_EQ(hang_up().size(), 3u);
  EXPECT_EQ(wire.feed.counts().stray_reports, 1u);
}

TEST_F(SipVoiceTest, follows_media_that_move_and_keeps_a_phones_own_with_direct_media) {
  talk();
  wire.say(kPhone, kPbx, within(agent(), "INVITE", true, sdp(17, 4400)));
  wire.report(end_of(17, 4401), end_of(77, 1), lost(0));
  // Now the PBX tells each side the other's address.
  wire.say(kPbx, kPhone, within(agent(), "INVITE", false, sdp(9, 5000), 3));
  wire.say(kPbx, kTrunk, within(caller(), "INVITE", true, sdp(17, 4400), 3));
  wire.report(end_of(17, 4401), end_of(9, 5001), lost(0));
  wire.report(end_of(9, 5001), end_of(17, 4401), lost(51));
  const auto told = hang_up();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_THAT(told[0], HasSubstr("reports=2 jitter")) << "the phone's leg";
  EXPECT_THAT(told[1], HasSubstr("reports=1 loss_ppm=199219")) << "the caller's";
}

TEST_F(SipVoiceTest, of_an_offer_in_the_answer_is_known_by_the_acknowledgement) {
  caller_sdp.clear();
  talk();
  wire.say(kTrunk, kPbx, within(caller(), "ACK", false, sdp(9, 5000), 1));
  wire.report(end_of(9, 5001), end_of(88, 1), lost(0));
  EXPECT_EQ(hang_up().size(), 2u);
}

TEST_F(SipVoiceTest, is_not_read_from_encrypted_reports) {
  phone_sdp = "v=0\r\nc=IN IP4 192.0.2.17\r\nm=audio 4000 RTP/SAVP 8\r\n";
  talk();
  wire.report(end_of(17, 4001), end_of(1, 6101), lost(200));
  EXPECT_THAT(hang_up(), ElementsAre(testing::StartsWith("channel_ended")));
}

TEST_F(SipVoiceTest, takes_the_call_that_a_hep_sender_names_where_no_address_is_known) {
  talk();
  const std::string json = R"({"report_blocks":[{"fraction_lost":128,"ia_jitter":80}]})";
  wire.report(end_of(1, 777), end_of(99, 778), json, "c1");   // from the PBX
  wire.report(end_of(17, 777), end_of(99, 778), json, "a1");  // from the phone
  wire.report(end_of(98, 777), end_of(99, 778), json, "a1");  // from nobody that is known
  const auto told = hang_up();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_THAT(told[0], testing::Not(HasSubstr("by_pbx")));
  EXPECT_THAT(told[1], HasSubstr("by_pbx=1 reports=1 loss_ppm=500000"));
  EXPECT_EQ(wire.feed.counts().stray_reports, 1u);
}

TEST_F(SipVoiceTest, forgets_what_is_over_and_hears_the_next_leg_at_the_same_port) {
  talk();
  hang_up();
  wire.say(kPbx, kPhone, within(agent(), "BYE", false));
  Words next = agent();
  next.call_id = "a2";
  wire.say(kPbx, kPhone, next);
  wire.say(kPhone, kPbx, ok(next, phone_sdp));
  wire.report(end_of(17, 4001), end_of(1, 6101), lost(0));
  wire.say(kPhone, kPbx, ok(agent(), phone_sdp));  // of the old leg, repeated
  EXPECT_THAT(wire.say(kPbx, kPhone, within(next, "BYE", false)), testing::Contains(HasSubstr("voice_heard")));
}

TEST_F(SipVoiceTest, says_when_the_calls_behind_the_reports_are_not_seen) {
  for (int i = 0; i < 30; ++i) wire.report(end_of(50, 4001), end_of(51, 4001), lost(0));
  EXPECT_THAT(wire.feed.words(), HasSubstr("belong to no call that is seen here"));
}

SipMedia at_port(uint16_t port) {
  SipMedia media;
  media.rtcp = end_of(17, port);
  return media;
}

TEST(SipVoice, is_bounded_and_releases_what_is_over) {
  SipVoice voice(SipKey{1});
  std::vector<CallEvent> out;
  for (uint16_t port = 1; port <= 100; ++port) EXPECT_TRUE(voice.media({7, 0}, false, at_port(port)));
  EXPECT_EQ(voice.ends(), SipVoice::kMaxEnds);
  for (uint64_t call = 100; voice.legs() < SipVoice::kMaxLegs; ++call) voice.media({call, 0}, false, at_port(5));
  EXPECT_FALSE(voice.media({8, 0}, false, at_port(9)));
  for (uint64_t call = 0; call < 60'000; ++call) voice.end({call, 0}, {}, out);
  EXPECT_EQ(voice.legs() + voice.ends(), 0u);
  EXPECT_THAT(out, IsEmpty());
}

}  // namespace
}  // namespace hf::pbx
