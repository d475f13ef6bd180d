#include "hal/pbx/sip/sip_sdp.hpp"

#include <gtest/gtest.h>

#include "sip_words.hpp"

namespace hf::pbx {
namespace {

TEST(SipMedia, knows_the_three_ways_to_hold) {
  const auto held = [](std::string body) {
    const std::string bytes = message(
        {.start = "INVITE sip:a@b SIP/2.0", .more = "Content-Type: application/sdp\r\n", .body = std::move(body)});
    return sip_media(*parse_sip(bytes)).held;
  };
  EXPECT_TRUE(held("v=0\r\nc=IN IP4 192.0.2.4\r\nm=audio 4000 RTP/AVP 8\r\na=sendonly\r\n"));
  EXPECT_TRUE(held("v=0\nc=IN IP4 192.0.2.4\nm=audio 4000 RTP/AVP 8\na=inactive"));
  EXPECT_TRUE(held("v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8\r\n"));
  EXPECT_FALSE(held(
      "v=0\r\nc=IN IP4 192.0.2.4\r\nm=audio 4000 RTP/AVP 8\r\na=sendrecv\r\nm=video 0 RTP/AVP 9\r\na=inactive\r\n"));
  EXPECT_FALSE(held("v=0\r\nc=IN IP4 192.0.2.4\r\nm=audio 4000 RTP/AVP 8\r\n"));
}

SipMedia media_of(const std::string& body) {
  const std::string bytes = message(
      {.start = "INVITE sip:a@b SIP/2.0", .more = "Content-Type: application/sdp\r\n", .body = "v=0\r\n" + body});
  return sip_media(*parse_sip(bytes));
}
std::string rtcp_of(const std::string& body) {
  const SipMedia media = media_of(body);
  return (media.rtcp ? to_string(*media.rtcp) : "none") + (media.muxed ? " or " + to_string(*media.muxed) : "");
}

TEST(SipMedia, tells_where_reports_of_the_sound_go) {
  const std::string session = "c=IN IP4 192.0.2.4\r\n", audio = "m=audio 4000 RTP/AVP 8 0\r\n";
  EXPECT_EQ(rtcp_of(session + audio), "192.0.2.4:4001");
  EXPECT_EQ(rtcp_of(session + audio + "c=IN IP4 192.0.2.5/127\r\n"), "192.0.2.5:4001") << "the stream's own address";
  EXPECT_EQ(rtcp_of("c=IN IP6 2001:db8::4\r\n" + audio), "[2001:db8::4]:4001");
  EXPECT_EQ(rtcp_of(session + audio + "a=rtcp:5010\r\n"), "192.0.2.4:5010") << "RFC 3605";
  EXPECT_EQ(rtcp_of(session + audio + "a=rtcp:5010 IN IP4 198.51.100.7\r\n"), "198.51.100.7:5010");
  EXPECT_EQ(rtcp_of(session + audio + "a=rtcp-mux\r\n"), "192.0.2.4:4001 or 192.0.2.4:4000") << "RFC 5761";
  EXPECT_EQ(rtcp_of(session + "m=image 4002 udptl t38\r\nc=IN IP4 192.0.2.9\r\n" + audio), "192.0.2.4:4001");
  EXPECT_EQ(rtcp_of(session + "m=audio 0 RTP/AVP 8\r\nm=audio 4100 RTP/AVP 0\r\n"), "192.0.2.4:4101")
      << "port 0 refuses a stream";
}

TEST(SipMedia, follows_no_stream_that_has_no_place) {
  const std::string audio = "m=audio 4000 RTP/AVP 8\r\n";
  EXPECT_EQ(rtcp_of(audio), "none");
  EXPECT_EQ(rtcp_of("c=IN IP4 0.0.0.0\r\n" + audio), "none");
  EXPECT_EQ(rtcp_of("c=IN IP6 ::\r\n" + audio), "none");
  EXPECT_EQ(rtcp_of("c=IN IP4 phone.example\r\n" + audio), "none");
  EXPECT_EQ(rtcp_of("c=IN IP4 192.0.2.4\r\nm=audio 65535 RTP/AVP 8\r\n"), "none");
  EXPECT_EQ(rtcp_of("c=IN IP4 192.0.2.4\r\nm=audio 70000 RTP/AVP 8\r\n"), "none");
  EXPECT_EQ(rtcp_of("c=IN IP4 192.0.2.4\r\nm=video 4000 RTP/AVP 96\r\n"), "none");
}

TEST(SipMedia, knows_the_codecs_clock_and_what_is_encrypted) {
  const std::string session = "c=IN IP4 192.0.2.4\r\n";
  const SipMedia opus = media_of(session + "m=audio 4000 UDP/TLS/RTP/SAVPF 111 8\r\na=rtpmap:8 PCMA/8000\r\n"
                                           "a=rtpmap:111 opus/48000/2\r\n");
  EXPECT_EQ(opus.clock, 48'000u);
  EXPECT_TRUE(opus.encrypted);
  const SipMedia plain = media_of(session + "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:\r\n");
  EXPECT_EQ(plain.clock, 8'000u);
  EXPECT_FALSE(plain.encrypted);
  EXPECT_TRUE(media_of(session + "m=audio 4000 RTP/AVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n").encrypted);
  EXPECT_EQ(media_of(session + "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 x/0\r\n").clock, 8'000u) << "nothing is divided by it";
}

}  // namespace
}  // namespace hf::pbx
